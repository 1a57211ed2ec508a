import type { CommandStreams } from './command.ts';

const redrawEveryMs = 200;
const plainLineEveryMs = 5000;

/** Shows on stderr what a starting engine is doing: one line that is redrawn on a terminal, a line every five seconds elsewhere, and the last one. */
export function engineProgress(
  streams: Pick<CommandStreams, 'err' | 'isLive' | 'columns'>,
  nowMs: () => number,
): (text: string, isLast: boolean) => void {
  let shownMs = -Infinity;
  return (text, isLast) => {
    const everyMs = streams.isLive ? redrawEveryMs : plainLineEveryMs;
    if (!isLast && nowMs() - shownMs < everyMs) return;
    shownMs = nowMs();
    const line = text.length < streams.columns ? text : `${text.slice(0, streams.columns - 2)}…`;
    streams.err(streams.isLive ? `\r\u001B[K${line}${isLast ? '\n' : ''}` : `${text}\n`);
  };
}
