import { createHash } from 'node:crypto';

const entry = /^[a-z-]+ [0-9a-f]{8}$/;
const lineEntry = /^<!-- lines ([a-z-]+) ([\w.]*) -->$/;

type NamedLines = readonly { readonly name: string; readonly lines: readonly string[] }[];

/** Characters of a line's digest: 30 bits, so that a hand-written line is taken for one of a thousand others once in a million. */
const digestLength = 5;

/** First eight digits of the sha256 of each block's lines: what tells a block edited by hand from a generated one. */
export const blockSums = (blocks: NamedLines): ReadonlyMap<string, string> =>
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

/** What tells a line from others: the first characters of its sha256 in base64url, a dot for the dash, which may not be doubled in a comment. */
export const lineDigest = (line: string): string =>
  createHash('sha256').update(line).digest('base64url').slice(0, digestLength).replaceAll('-', '.');

/** A comment line for each block with the digests of its lines: what tells an old generated line from a hand-written one. */
export const formatLineDigests = (blocks: NamedLines): readonly string[] =>
  blocks.map(({ name, lines }) => {
    const digests = new Set(lines.filter((line) => line.trim() !== '').map(lineDigest));
    return `<!-- lines ${name} ${[...digests].join('')} -->`;
  });

/** Reads the digests back by block; lines that hold none are passed over. */
export function parseLineDigests(lines: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const line of lines) {
    const [, name = '', digests = ''] = lineEntry.exec(line.trim()) ?? [];
    if (name !== '') found.set(name, new Set(digests.match(new RegExp(`.{${digestLength}}`, 'g'))));
  }
  return found;
}
