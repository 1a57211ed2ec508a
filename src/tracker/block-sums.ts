import { createHash } from 'node:crypto';

const entry = /^[a-z-]+ [0-9a-f]{8}$/;

/** First eight digits of the sha256 of each block's lines: what tells a block edited by hand from a generated one. */
export const blockSums = (
  blocks: readonly { readonly name: string; readonly lines: readonly string[] }[],
): ReadonlyMap<string, string> =>
  new Map(
    blocks.map(({ name, lines }) => [name, createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 8)]),
  );

/** One comment line that holds all sums. */
export const formatBlockSums = (sums: ReadonlyMap<string, string>): string =>
  `<!-- ${[...sums].map(([name, sum]) => `${name} ${sum}`).join(', ')} -->`;

/** Reads the sums back; lines that hold none are passed over. */
export function parseBlockSums(lines: readonly string[]): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const line of lines) {
    const inner = line
      .trim()
      .replace(/^<!-- /, '')
      .replace(/ -->$/, '');
    const parts = inner.split(', ');
    if (!parts.every((part) => entry.test(part))) continue;
    for (const part of parts) {
      const [name = '', sum = ''] = part.split(' ');
      sums.set(name, sum);
    }
  }
  return sums;
}
