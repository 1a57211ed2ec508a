import { openQuoteAfter } from './fenced-blocks.ts';
import { depthAfter } from './python-chunks.ts';

/** Python with another unit of indentation a level; lines inside brackets and strings over several lines stay as they are. */
export function reindentPython(source: string, unit: string): string {
  const widths: number[] = [];
  let quote: string | null = null;
  let depth = 0;
  const lines = source.split('\n').map((line) => {
    const isInside = quote !== null || depth > 0;
    const before: string | null = quote;
    quote = openQuoteAfter(line, quote);
    if (before === null && quote === null) depth = depthAfter(line, depth);
    if (isInside || line.trim() === '') return line;
    const width = line.length - line.trimStart().length;
    while (widths.length > 0 && (widths.at(-1) as number) >= width) widths.pop();
    if (width > 0) widths.push(width);
    return unit.repeat(widths.length) + line.trimStart();
  });
  return lines.join('\n');
}
