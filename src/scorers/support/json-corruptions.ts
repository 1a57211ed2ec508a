import type { JsonIssueCode } from '../../text/json-reader.ts';

/** A way to spoil the JSON text of an object; gives null where the text offers no place for it. */
export interface JsonCorruption {
  readonly code: JsonIssueCode;
  readonly spoil: (text: string) => string | null;
}

const replaced = (text: string, pattern: RegExp, replacement: string): string | null => {
  const spoiled = text.replace(pattern, replacement);
  return spoiled === text ? null : spoiled;
};

/** One corruption for each thing that can be wrong with JSON text. Each leaves a text that a strict reader refuses. */
export const jsonCorruptions: readonly JsonCorruption[] = [
  { code: 'trailing_comma', spoil: (text) => replaced(text, /([^{\s])\s*\}$/, '$1,}') },
  {
    code: 'single_quotes',
    spoil: (text) => (/['\\]/.test(text) ? null : replaced(text, /"/g, "'")),
  },
  { code: 'unquoted_key', spoil: (text) => replaced(text, /^\{\s*"([A-Za-z_]\w*)":/, '{$1:') },
  {
    code: 'python_literal',
    spoil: (text) => {
      const words: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' };
      const spoiled = text.replace(
        /(: ?)(true|false|null)(?=[,}\]])/,
        (_, colon: string, word: string) => `${colon}${words[word]}`,
      );
      return spoiled === text ? null : spoiled;
    },
  },
  { code: 'raw_control_char', spoil: (text) => replaced(text, /: ?"/, ': "\n') },
  { code: 'comment', spoil: (text) => replaced(text, /^\{/, '{/* note */') },
  { code: 'nan', spoil: (text) => replaced(text, /(: ?)-?\d+(?:\.\d+)?(?=[,}\]])/, '$1NaN') },
  { code: 'duplicate_key', spoil: (text) => replaced(text, /^\{\s*("[^"\\]*":)/, '{$1 null, $1') },
  { code: 'extra_data', spoil: (text) => `${text} done` },
  { code: 'syntax', spoil: (text) => replaced(text, /^(\{\s*"[^"\\]*"):/, '$1') },
  { code: 'unclosed_bracket', spoil: (text) => replaced(text, /\}$/, '') },
  {
    code: 'unterminated_string',
    spoil: (text) => {
      const start = /: ?"[^"\\]/.exec(text);
      return start === null ? null : text.slice(0, start.index + start[0].length);
    },
  },
];
