import { expect } from 'vitest';

const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');

/** Responses that bring careless readers down: each text grows with its scale, and 4 is as large as a response gets. */
export const hostileResponses: Readonly<Record<string, (scale: number) => string>> = {
  '10 MB of prose': (scale) => 'The answer may be so. '.repeat(scale * 110_000),
  '10 MB of one line of digits': (scale) => '7,'.repeat(scale * 1_250_000),
  '10 MB of binary bytes': (scale) => bytes.repeat(scale * 10_000),
  '10 MB of lone surrogates': (scale) => '\udc00\ud800'.repeat(scale * 1_250_000),
  '200,000 open brackets': (scale) => '['.repeat(scale * 50_000),
  '200,000 nested brackets': (scale) => '['.repeat(scale * 50_000) + ']'.repeat(scale * 50_000),
  '200,000 nested objects': (scale) => '{"a":'.repeat(scale * 50_000),
  '5,000 fences': (scale) => '```python\ndef f(x):\n    return x\n```\n'.repeat(scale * 1_250),
  '5,000 open fences': (scale) => '```json\n{"name": '.repeat(scale * 1_250),
  '20,000 calls cut off': (scale) => '<tool_call>\n{"name": "a", "arguments": {"a": "'.repeat(scale * 5_000),
  '20,000 open functions': (scale) => '<function=a>\n<parameter=b>\n'.repeat(scale * 5_000),
  '20,000 thoughts': (scale) => '<think>so</think>\n'.repeat(scale * 5_000),
};

/** Milliseconds of this process's own work, so that a machine busy with other things does not count. */
async function cpuMsOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Reads hostile texts of one kind, one four times as long as the other, and checks that this takes no more than in proportion. */
export async function expectLinear(kind: string, read: (text: string) => unknown): Promise<void> {
  const textOf = hostileResponses[kind];
  if (textOf === undefined) throw new Error(`no hostile response ${kind}`);
  await read(textOf(0.01));
  const [small, large] = [textOf(1), textOf(4)];
  const smallMs = await cpuMsOf(() => read(small));
  const largeMs = await cpuMsOf(() => read(large));
  // In proportion is four times; below a second the garbage collector decides.
  expect(largeMs).toBeLessThan(Math.max(12 * smallMs, 1200));
  expect(largeMs).toBeLessThan(10_000);
}
