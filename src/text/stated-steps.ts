/** The calculations that a solution writes down, each checked. */
export interface StatedSteps {
  /** Lines of the form `Step n: expression = value` whose sides can be computed. */
  readonly stated: number;
  /** How many of them are true. */
  readonly right: number;
  /** The value of the last of them; null without one. */
  readonly lastValue: number | null;
}

const stepLine = /^[\s*_#>-]{0,12}step \d{1,3}[*_]{0,3}[:.)][*_\s]{0,4}/i;
const longestStep = 300;

/** Reads lines such as `Step 2: (3 + 4) * 2 = 14` and computes every side; lines that are no arithmetic are left out. Linear in the length of the text. */
export function checkStatedSteps(text: string): StatedSteps {
  let stated = 0;
  let right = 0;
  let lastValue: number | null = null;
  for (const line of text.split('\n')) {
    const match = stepLine.exec(line.slice(0, 40));
    if (!match || line.length > longestStep) continue;
    const sides = line
      .slice(match[0].length)
      .replace(/[*_.\s]+$/, '')
      .split('=')
      .map(evaluate);
    const last = sides.at(-1);
    if (sides.length < 2 || sides.includes(null) || last === undefined || last === null) continue;
    stated += 1;
    lastValue = last;
    if (sides.every((side) => side !== null && Math.abs(side - last) < 1e-9)) right += 1;
  }
  return { stated, right, lastValue };
}

/** Value of an expression of numbers, `+ - * / × ÷` and brackets; null for anything else. */
function evaluate(expression: string): number | null {
  const tokens = [...expression.replaceAll(',', '').matchAll(/\d+(?:\.\d+)?|[-+*/×÷x()−]|\S/g)].map(
    (match) => match[0],
  );
  let at = 0;
  const sum = (): number => {
    let value = product();
    for (let sign = tokens[at] ?? ''; '+-−'.includes(sign) && sign !== ''; sign = tokens[at] ?? '') {
      at += 1;
      const next = product();
      value = sign === '+' ? value + next : value - next;
    }
    return value;
  };
  const product = (): number => {
    let value = factor();
    for (let sign = tokens[at] ?? ''; '*/×÷x'.includes(sign) && sign !== ''; sign = tokens[at] ?? '') {
      at += 1;
      const next = factor();
      value = '*×x'.includes(sign) ? value * next : value / next;
    }
    return value;
  };
  const factor = (): number => {
    const token = tokens[at] ?? '';
    at += 1;
    if (token === '-' || token === '−') return -factor();
    if (token === '(') {
      const value = sum();
      return tokens[at++] === ')' ? value : Number.NaN;
    }
    return /^\d/.test(token) ? Number(token) : Number.NaN;
  };
  const value = sum();
  return at === tokens.length && Number.isFinite(value) ? value : null;
}
