import type { ChoiceInput } from './choice-sample.ts';

/** Lower-case words of a text with single spaces between them. */
export const plainWords = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * The text of an option where it tells the options apart whatever the case and punctuation, and cannot be read as a label; else null.
 */
export function distinctText(input: ChoiceInput, label: string): string | null {
  const text = input.options.find((option) => option.label === label)?.text.trim() ?? '';
  const own = plainWords(text);
  const labels = new Set(input.options.map((option) => option.label.toLowerCase()));
  const isPlain =
    /^[\p{L}\p{N}][^*_`$\\\n{}[\]"]*$/u.test(text) && own.length > 2 && !labels.has(own.split(' ', 1).join(''));
  const clashes = input.options.filter((option) => {
    const other = plainWords(option.text);
    return option.label !== label && (other === own || other.startsWith(own) || own.startsWith(other));
  });
  return isPlain && clashes.length === 0 && !/\b(?:answer|option|choice|choose|select|pick)\b/i.test(text)
    ? text
    : null;
}
