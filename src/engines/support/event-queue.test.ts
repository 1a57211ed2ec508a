import { describe, expect, it } from 'vitest';
import { EventQueue } from './event-queue.ts';

describe('EventQueue', () => {
  it('delivers items in order, whether they are awaited or not', async () => {
    const queue = new EventQueue<number>();
    const first = queue.next();
    queue.push(1);
    queue.push(2);
    expect(await first).toBe(1);
    expect(await queue.next()).toBe(2);
  });

  it('delivers a failure after the items before it, and again', async () => {
    const queue = new EventQueue<number>();
    queue.push(1);
    queue.fail(new Error('gone'));
    expect(await queue.next()).toBe(1);
    await expect(queue.next()).rejects.toThrow('gone');
    await expect(queue.next()).rejects.toThrow('gone');
  });

  it('rejects the one who waits', async () => {
    const queue = new EventQueue<number>();
    const waiting = queue.next();
    queue.fail(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
  });
});
