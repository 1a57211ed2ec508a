import type { LegacyFinding, LegacyNumber } from './legacy-tracker.ts';

/** A number with a unit that stands by itself: not part of a name, a version or another number. */
const withUnit =
  /(?<![\w.+-])(?<value>\d+(?:\.\d+)?)\s?(?<unit>%|GB|GiB|MB|K\b|tokens\/second|tokens\/s|tok\/s)(?!\w)/g;

/** `0/4`. */
const ratio = /(?<![\w./])(?<value>\d+)\/(?<of>\d+)(?![\w./])/g;

/** A number that is all of a table cell, a configuration value, or what follows a label. */
const alone = /(?<=\|\s*\**|":\s*|\*\*:?\s+)(?<value>\d+(?:\.\d+)?)(?=\**\s*\||,?\s*$)/g;

/** Every number of the document that measures or sets something, line by line from left to right, with the findings about it. */
export function readNumbers(lines: readonly string[], findings: readonly LegacyFinding[]): readonly LegacyNumber[] {
  const byLine = new Map<number, LegacyFinding[]>();
  for (const finding of findings)
    for (const line of finding.lines) byLine.set(line, [...(byLine.get(line) ?? []), finding]);
  return lines.flatMap((context, index) =>
    numbersOf(context).map(({ quote, value, unit }) => ({
      line: index + 1,
      quote,
      value,
      unit,
      context: context.trim(),
      findings: [
        ...new Set(
          (byLine.get(index + 1) ?? []).filter((finding) => isAbout(finding, quote)).map((finding) => finding.id),
        ),
      ],
    })),
  );
}

type Found = Pick<LegacyNumber, 'quote' | 'value' | 'unit'> & { readonly at: number };

function numbersOf(text: string): readonly Found[] {
  const found: Found[] = [];
  const add = (match: RegExpMatchArray, unit: string | null): void => {
    const at = match.index ?? 0;
    const quote = match[0];
    if (found.some((other) => at < other.at + other.quote.length && other.at < at + quote.length)) return;
    found.push({ at, quote, value: Number(match.groups?.['value']), unit });
  };
  for (const match of text.matchAll(withUnit)) add(match, match.groups?.['unit'] ?? null);
  for (const match of text.matchAll(ratio)) add(match, `of ${match.groups?.['of']}`);
  for (const match of text.matchAll(alone)) add(match, null);
  return found.toSorted((a, b) => a.at - b.at);
}

/** True when the finding quotes the number, or is about the line as a whole. */
function isAbout(finding: LegacyFinding, quote: string): boolean {
  const digits = /^[\d.]+/.exec(quote)?.[0] ?? quote;
  const places = finding.quote.split(digits).slice(0, -1);
  const quoted = places.some((before, index) => {
    const after = finding.quote.slice(places.slice(0, index + 1).join(digits).length + digits.length);
    return !/[\d.]$/.test(before) && !/^[\d.]*\d/.test(after);
  });
  return quoted;
}
