/** A number read off a log, with its line. */
export interface LoggedNumber {
  readonly value: number;
  readonly line: string;
}

/** The first number that a pattern's first group finds in a log, thousands separators taken out; null when no line has it. */
export function firstNumber(lines: readonly string[], pattern: RegExp): LoggedNumber | null {
  for (const line of lines) {
    const text = pattern.exec(line)?.[1];
    if (text === undefined) continue;
    const value = Number(text.replaceAll(',', ''));
    if (Number.isFinite(value)) return { value, line: line.trim() };
  }
  return null;
}

/** Every number that a pattern's first group finds, one a line. */
export const allNumbers = (lines: readonly string[], pattern: RegExp): readonly LoggedNumber[] =>
  lines.flatMap((line) => firstNumber([line], pattern) ?? []);

const bytesPerGib = 2 ** 30;

/** Bytes of a size logged in GiB; null when it was not. */
export const gibibytes = (size: LoggedNumber | null): number | null =>
  size === null ? null : Math.round(size.value * bytesPerGib);

/** The lines that numbers were read off, each once. */
export const evidenceOf = (found: readonly (LoggedNumber | null)[]): readonly string[] => [
  ...new Set(found.filter((entry) => entry !== null).map((entry) => entry.line)),
];
