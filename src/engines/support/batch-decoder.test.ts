import { describe, expect, it } from 'vitest';
import { BatchDecoder, type DecodingContext, type Sequence } from './batch-decoder.ts';

interface Batch {
  readonly sequence: number;
  readonly position: number;
  readonly tokens: readonly number[];
  readonly outputs: readonly number[];
}

/** Records what is decoded and answers each output row with the number of tokens decoded before it. */
class FakeContext implements DecodingContext {
  readonly batches: Batch[][] = [];
  readonly cuts: string[] = [];
  canCut = true;
  failNext = false;
  #current: Batch[] = [];
  #room = 0;

  initBatch(size: number): void {
    this.#current = [];
    this.#room = size;
  }

  addToBatch(sequence: number, position: number, tokens: Uint32Array, outputs: Uint32Array): Uint32Array {
    this.#room -= tokens.length;
    if (this.#room < 0) throw new Error('more tokens than announced');
    this.#current.push({ sequence, position, tokens: [...tokens], outputs: [...outputs] });
    return outputs.map((index) => 1000 * sequence + position + index);
  }

  async decodeBatch(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failNext) {
      this.failNext = false;
      throw new Error('no slot');
    }
    this.batches.push(this.#current);
  }

  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean {
    this.cuts.push(`${sequence}:${start}..${end}`);
    return this.canCut;
  }

  disposeSequence(sequence: number): void {
    this.cuts.push(`${sequence}:all`);
  }
}

const never = new AbortController().signal;
const range = (length: number, from = 0): number[] => Array.from({ length }, (_, index) => from + index);

/** Evaluates a prompt and then single tokens, as a generation does. */
async function generate(sequence: Sequence, prompt: readonly number[], count: number): Promise<number[]> {
  const rows: number[] = [];
  let position = sequence.reused;
  let tokens = prompt.slice(position);
  for (let step = 0; step < count; step++) {
    await sequence.evaluate({
      position,
      tokens,
      readAt: [tokens.length - 1],
      read: async (row) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
        rows.push(row);
      },
    });
    position += tokens.length;
    tokens = [500 + step];
  }
  return rows;
}

const shape = (context: FakeContext): string[] =>
  context.batches.map((batch) => batch.map(({ sequence, tokens }) => `${sequence}x${tokens.length}`).join(' '));

describe('BatchDecoder', () => {
  it('decodes every sequence in every batch, by rising number, however long sampling takes', async () => {
    const context = new FakeContext();
    const decoder = new BatchDecoder(context, { sequences: 4, batchSize: 512 });
    await Promise.all(
      range(4).map(async (index) => {
        const prompt = range(3 + index);
        await generate(await decoder.acquire(prompt, never), prompt, 20);
      }),
    );
    expect(shape(context)).toEqual(['0x3 1x4 2x5 3x6', ...Array.from({ length: 19 }, () => '0x1 1x1 2x1 3x1')]);
    expect(decoder.decodes).toBe(20);
  });

  it('evaluates a long prompt in blocks that start at multiples of 128', async () => {
    const context = new FakeContext();
    const decoder = new BatchDecoder(context, { sequences: 1, batchSize: 512 });
    const prompt = range(300);
    const rows = await generate(await decoder.acquire(prompt, never), prompt, 2);
    expect(context.batches.flat().map(({ position, tokens, outputs }) => [position, tokens.length, outputs])).toEqual([
      [0, 128, []],
      [128, 128, []],
      [256, 44, [43]],
      [300, 1, [0]],
    ]);
    expect(rows).toEqual([299, 300]);
  });

  it('keeps prompts apart when they do not fit one batch', async () => {
    const context = new FakeContext();
    const decoder = new BatchDecoder(context, { sequences: 3, batchSize: 260 });
    await Promise.all(range(3).map(async () => generate(await decoder.acquire(range(128), never), range(128), 1)));
    expect(shape(context)).toEqual(['0x128 1x128', '2x128']);
  });

  it('reuses whole prompt blocks and nothing that was generated', async () => {
    const context = new FakeContext();
    const decoder = new BatchDecoder(context, { sequences: 1, batchSize: 512 });
    const first = await decoder.acquire(range(250), never);
    await generate(first, range(250), 10);
    first.release();
    const longer = [...range(250), 500, 501, 502, 503, 504, 505, 506, 7];
    const second = await decoder.acquire(longer, never);
    expect(second.reused).toBe(128);
    context.batches.length = 0;
    await generate(second, longer, 1);
    second.release();
    expect(context.cuts).toEqual(['0:128..-1']);
    expect(context.batches.flat().map(({ position, tokens }) => [position, tokens.length])).toEqual([
      [128, 128],
      [256, 2],
    ]);
    const other = await decoder.acquire([9, ...range(300)], never);
    expect(other.reused).toBe(0);
    await generate(other, [9, ...range(300)], 1);
    expect(context.cuts.at(-1)).toBe('0:all');
  });

  it('leaves at least one token of a repeated prompt to evaluate', async () => {
    const decoder = new BatchDecoder(new FakeContext(), { sequences: 1, batchSize: 512 });
    for (const expected of [0, 128]) {
      const sequence = await decoder.acquire(range(256), never);
      expect(sequence.reused).toBe(expected);
      await generate(sequence, range(256), 1);
      sequence.release();
    }
  });

  it('lends the sequence that holds most of the prompt', async () => {
    const decoder = new BatchDecoder(new FakeContext(), { sequences: 2, batchSize: 512 });
    const [a, b] = await Promise.all([decoder.acquire(range(200), never), decoder.acquire(range(300, 7), never)]);
    await Promise.all([generate(a, range(200), 1), generate(b, range(300, 7), 1)]);
    a.release();
    b.release();
    expect((await decoder.acquire([...range(300, 7), 1], never)).reused).toBe(256);
  });

  it('fills a memory that cannot be cut anew', async () => {
    const context = new FakeContext();
    context.canCut = false;
    const decoder = new BatchDecoder(context, { sequences: 1, batchSize: 512 });
    const sequence = await decoder.acquire([1, 2, 3], never);
    await sequence.evaluate({ position: 0, tokens: [1, 2, 3], readAt: [2], read: async () => undefined });
    await sequence.evaluate({ position: 3, tokens: [8, 9], readAt: [], read: async () => undefined });
    const read: number[][] = [];
    await sequence.evaluate({
      position: 3,
      tokens: [4, 5],
      readAt: [0, 1],
      read: async (row, index) => void read.push([row, index]),
    });
    expect(context.batches.at(-1)).toEqual([{ sequence: 0, position: 0, tokens: [1, 2, 3, 4, 5], outputs: [3, 4] }]);
    expect(read).toEqual([
      [3, 0],
      [4, 1],
    ]);
  });

  it('serves waiting requests in order and lets one go that is cancelled', async () => {
    const decoder = new BatchDecoder(new FakeContext(), { sequences: 1, batchSize: 512 });
    const held = await decoder.acquire([1], never);
    const cancelled = new AbortController();
    const order: string[] = [];
    const second = decoder.acquire([2], cancelled.signal).catch(() => order.push('second gave up'));
    const third = decoder.acquire([3], never).then((sequence) => {
      order.push('third');
      sequence.release();
    });
    cancelled.abort(new Error('no longer wanted'));
    await second;
    held.release();
    await third;
    expect(order).toEqual(['second gave up', 'third']);
  });

  it('drops the rest of a long prompt when its request is cancelled, and the others go on', async () => {
    const context = new FakeContext();
    const decoder = new BatchDecoder(context, { sequences: 2, batchSize: 256 });
    const cancelled = new AbortController();
    const long = await decoder.acquire(range(5000), cancelled.signal);
    const short = await decoder.acquire([1, 2], never);
    const longRun = generate(long, range(5000), 1);
    const shortRun = generate(short, [1, 2], 30);
    setTimeout(() => cancelled.abort(new Error('no longer wanted')), 10);
    await expect(longRun).rejects.toThrow('no longer wanted');
    expect(await shortRun).toHaveLength(30);
    expect(context.batches.flat().reduce((sum, { tokens }) => sum + tokens.length, 0)).toBeLessThan(5000);
  });

  it('gives a failed batch to its requests and forgets what they held', async () => {
    const context = new FakeContext();
    const decoder = new BatchDecoder(context, { sequences: 1, batchSize: 512 });
    const sequence = await decoder.acquire(range(200), never);
    context.failNext = true;
    await expect(generate(sequence, range(200), 1)).rejects.toMatchObject({
      code: 'E_ENGINE_SERVER',
      retryable: true,
      message: expect.stringMatching(/no slot/),
    });
    sequence.release();
    expect((await decoder.acquire(range(200), never)).reused).toBe(0);
    await decoder.idle();
  });

  it('lets a failed reading end its own request only', async () => {
    const decoder = new BatchDecoder(new FakeContext(), { sequences: 2, batchSize: 512 });
    const [bad, good] = await Promise.all([decoder.acquire([1], never), decoder.acquire([2], never)]);
    const failing = bad.evaluate({
      position: 0,
      tokens: [1],
      readAt: [0],
      read: () => Promise.reject(new Error('grammar')),
    });
    const going = generate(good, [2], 3);
    await expect(failing).rejects.toThrow('grammar');
    expect(await going).toEqual([1000, 1001, 1002]);
  });
});
