/** One sample of a metrics page. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const nameCharacter = /[a-zA-Z0-9_:]/;

/** Samples of a page in Prometheus' text format or OpenMetrics; comments, timestamps and exemplars are left out, a line that is neither is skipped. */
export function parsePrometheus(text: string): readonly MetricSample[] {
  const samples: MetricSample[] = [];
  for (const line of text.split('\n')) {
    const sample = parseSample(line);
    if (sample !== null) samples.push(sample);
  }
  return samples;
}

function parseSample(raw: string): MetricSample | null {
  const line = raw.trim();
  if (line === '' || line.startsWith('#')) return null;
  let end = 0;
  while (end < line.length && nameCharacter.test(line[end] ?? '')) end++;
  if (end === 0) return null;
  const name = line.slice(0, end);
  const labels = parseLabels(line, end);
  if (labels === null) return null;
  const [word] = line.slice(labels.end).trim().split(/\s+/, 1);
  const value = parseValue(word ?? '');
  return value === null ? null : { name, labels: labels.values, value };
}

/** The labels from a `{` on, and where they end; none where there is no brace, null where they are garbled. */
function parseLabels(
  line: string,
  start: number,
): { readonly values: Readonly<Record<string, string>>; readonly end: number } | null {
  const values: Record<string, string> = {};
  let at = start;
  while (line[at] === ' ') at++;
  if (line[at] !== '{') return { values, end: start };
  at++;
  for (;;) {
    while (line[at] === ' ' || line[at] === ',') at++;
    if (line[at] === '}') return { values, end: at + 1 };
    const equals = line.indexOf('=', at);
    let quote = equals + 1;
    while (line[quote] === ' ') quote++;
    if (equals < 0 || line[quote] !== '"') return null;
    const read = readQuoted(line, quote + 1);
    if (read === null) return null;
    values[line.slice(at, equals).trim()] = read.text;
    at = read.end;
  }
}

/** Text up to the closing quotation mark, with `\\`, `\"` and `\n` resolved. */
function readQuoted(line: string, start: number): { readonly text: string; readonly end: number } | null {
  let text = '';
  for (let at = start; at < line.length; at++) {
    const character = line[at];
    if (character === '"') return { text, end: at + 1 };
    if (character === '\\') {
      at++;
      text += line[at] === 'n' ? '\n' : (line[at] ?? '');
    } else text += character;
  }
  return null;
}

function parseValue(word: string): number | null {
  if (word === 'NaN') return Number.NaN;
  if (/^\+?inf(inity)?$/i.test(word)) return Infinity;
  if (/^-inf(inity)?$/i.test(word)) return -Infinity;
  const value = word === '' ? Number.NaN : Number(word);
  return Number.isNaN(value) ? null : value;
}
