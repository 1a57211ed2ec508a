import type { ChoiceInput } from './choice-sample.ts';

const ascii = /^[\0-\x7f]*$/;
/** What stands between words and is not a single space already. */
const asciiGap = /[^a-z\d ][^a-z\d]*| [^a-z\d]+/g;

/** Lower-case words of a text with single spaces between them. */
export function plainWords(text: string): string {
  const lower = text.toLowerCase();
  // Classes of Unicode properties are slow, and say of these characters what the short class says.
  return lower.replaceAll(ascii.test(lower) ? asciiGap : /[^\p{L}\p{N}]+/gu, ' ').trim();
}

/**
 * The text of an option where it tells the options apart whatever the case and punctuation, and cannot be read as a label; else null.
 */
export function distinctText(input: ChoiceInput, label: string): string | null {
  const text = input.options.find((option) => option.label === label)?.text.trim() ?? '';
  const own = plainWords(text);
  const labels = new Set(input.options.map((option) => option.label.toLowerCase()));
  const isPlain =
    /^[\p{L}\p{N}][^*_`$\\\n{}[\]"]*$/u.test(text) && own.length > 2 && !labels.has(own.split(' ', 1).join(''));
  if (!isPlain || /\b(?:answer|option|choice|choose|select|pick)\b/i.test(text)) return null;
  const clashes = input.options.some((option) => {
    if (option.label === label) return false;
    const other = plainWords(option.text);
    return other.startsWith(own) || own.startsWith(other);
  });
  return clashes ? null : text;
}

/** The first of some options' texts that `distinctText` gives; undefined when it gives none. */
export function firstDistinctText(input: ChoiceInput, labels: readonly string[]): string | undefined {
  for (const label of labels) {
    const text = distinctText(input, label);
    if (text !== null) return text;
  }
  return undefined;
}
