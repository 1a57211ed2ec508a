/** Paths at which two JSON values differ, as `path: before → after`, in the order of the first value. */
export function planDifference(before: unknown, after: unknown, path = ''): readonly string[] {
  if (Object.is(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => planDifference(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return [`${path}: ${show(before)} → ${show(after)}`];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
