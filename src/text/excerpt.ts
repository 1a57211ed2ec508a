/** A text on one line: its beginning and end with `…` between when it is longer than `longest` UTF-16 units, line ends as ⏎. */
export function excerpt(text: string, longest: number): string {
  // A long text is cut before its lines are joined, so that 10 MB cost no more than a page.
  const line = (part: string): string => part.trim().replaceAll(/\s*\r?\n\s*/g, ' ⏎ ');
  if (text.length <= longest) return line(text);
  const head = Math.ceil(longest * 0.6);
  return `${line(text.slice(0, head))} … ${line(text.slice(text.length - (longest - head)))}`;
}
