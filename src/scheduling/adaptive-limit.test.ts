import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveLimit, type Slot } from './adaptive-limit.ts';

const success = { kind: 'success' } as const;
const overloaded = (retryAfterMs: number | null = null) => ({ kind: 'overloaded', retryAfterMs }) as const;

function controlled(options: { start: number; maximum: number }) {
  const clock = { ms: 0 };
  const changes: string[] = [];
  const limit = new AdaptiveLimit({
    ...options,
    nowMs: () => clock.ms,
    onChange: (value, reason) => changes.push(`${value} ${reason}`),
  });
  const take = async (count: number): Promise<Slot[]> => {
    const slots: Slot[] = [];
    for (let index = 0; index < count; index++) slots.push((await limit.acquire())!);
    return slots;
  };
  const round = async (): Promise<void> => {
    for (const slot of await take(Math.floor(limit.limit))) slot.release(success);
  };
  return { clock, changes, limit, take, round };
}

describe('AdaptiveLimit', () => {
  it('doubles in slow start up to the maximum', async () => {
    const { changes, round } = controlled({ start: 8, maximum: 50 });
    for (let index = 0; index < 5; index++) await round();
    expect(changes).toEqual(['16 slow start', '32 slow start', '50 slow start']);
  });

  it('cuts to 0.8 on overload, once per cooldown, then grows by addition', async () => {
    const { clock, changes, limit, take, round } = controlled({ start: 20, maximum: 100 });
    const [first, second, ...rest] = await take(20);
    first!.release(overloaded());
    second!.release(overloaded());
    expect(changes).toEqual(['16 server overloaded']);
    for (const slot of rest) slot.release(success);
    await round();
    expect(limit.limit).toBe(16);
    clock.ms += 15_000;
    await round();
    await round();
    expect(changes).toEqual(['16 server overloaded', '17 additive increase', '18 additive increase']);
  });

  it('starts nothing until Retry-After has passed', async () => {
    const limit = new AdaptiveLimit({ start: 4, maximum: 4, nowMs: () => performance.now() });
    const slot = (await limit.acquire())!;
    slot.release(overloaded(60));
    const before = performance.now();
    const next = await limit.acquire();
    expect(next).not.toBeNull();
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
  });

  it('does not grow from rounds that never used the limit', async () => {
    const { limit, take } = controlled({ start: 10, maximum: 100 });
    for (let index = 0; index < 100; index++) for (const slot of await take(1)) slot.release(success);
    expect(limit.limit).toBe(10);
  });

  it('gives a waiting caller null when its signal aborts, and its place to the next one', async () => {
    const limit = new AdaptiveLimit({ start: 1, maximum: 1, nowMs: () => 0 });
    const held = (await limit.acquire())!;
    const aborter = new AbortController();
    const aborted = limit.acquire(aborter.signal);
    const waiting = limit.acquire();
    aborter.abort();
    expect(await aborted).toBeNull();
    held.release(success);
    held.release(success);
    expect(await waiting).not.toBeNull();
    expect(limit.inFlight).toBe(1);
  });

  it('never exceeds its limit and never loses a waiter, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('success', 'overloaded', 'neutral'), { minLength: 1, maxLength: 200 }),
        async (outcomes) => {
          let nowMs = 0;
          const limit = new AdaptiveLimit({ start: 4, maximum: 16, nowMs: () => (nowMs += 10) });
          let done = 0;
          await Promise.all(
            outcomes.map(async (kind) => {
              const slot = (await limit.acquire())!;
              expect(limit.inFlight).toBeLessThanOrEqual(16);
              await Promise.resolve();
              slot.release(kind === 'overloaded' ? overloaded() : { kind: kind as 'success' });
              done += 1;
            }),
          );
          expect(done).toBe(outcomes.length);
          expect(limit.inFlight).toBe(0);
        },
      ),
    );
  });

  it('refuses impossible limits', () => {
    expect(() => new AdaptiveLimit({ start: 0, maximum: 4, nowMs: () => 0 })).toThrow('start (0) >= 1');
  });
});
