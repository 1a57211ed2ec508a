/** A count with a unit of thousands where it is long: `950`, `12.3 k`, `4.56 M`, `1.2 G`. */
export function formatCount(count: number): string {
  for (const [size, unit] of units)
    if (count >= size * 0.9995) return `${Number((count / size).toPrecision(3))} ${unit}`;
  return String(Math.round(count));
}

const units = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;
