import { createServer } from 'node:net';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('gives turns in order, one in each turn of the event loop', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const beat = (count: number): void => {
    order.push(`loop ${count}`);
    if (count < 4) setImmediate(() => beat(count + 1));
  };
  const work = ['a', 'b', 'c'].map(async (name) => {
    await turns.take();
    order.push(name);
  });
  setImmediate(() => beat(1));
  await Promise.all(work);
  expect(order.filter((name) => name.length === 1)).toEqual(['a', 'b', 'c']);
  expect(order.indexOf('b')).toBeGreaterThan(order.indexOf('loop 1'));
  expect(order.indexOf('c')).toBeGreaterThan(order.indexOf('loop 2'));
  await turns.take();
});

it('lets what arrives be read between two pieces of blocking work', async () => {
  const server = createServer((socket) => socket.write('now'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const turns = new Turns();
  const order: string[] = [];
  const block = async (index: number): Promise<void> => {
    await turns.take();
    const until = performance.now() + 5;
    while (performance.now() < until);
    order.push(`work ${index}`);
  };
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const read = new Promise<void>((resolve) => {
    socket.once('data', () => {
      order.push('read');
      resolve();
    });
  });
  await Promise.all([read, ...Array.from({ length: 40 }, (_, index) => block(index))]);
  socket.destroy();
  server.close();
  expect(order.indexOf('read')).toBeLessThan(order.length - 1);
});
