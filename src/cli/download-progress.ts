import type { OnDownload } from '../runner/system-dependencies.ts';
import type { CommandStreams } from './command.ts';

const redrawEveryMs = 200;
const plainLineEveryMs = 10_000;

/** Shows downloads on stderr: one line that is redrawn on a terminal, a line every ten seconds elsewhere, and a last one a file. */
export function downloadProgress(streams: CommandStreams, nowMs: () => number): OnDownload {
  let shownMs = -Infinity;
  let shownTitle: string | null = null;
  return ({ title, receivedBytes, totalBytes }) => {
    const isLast = totalBytes !== null && receivedBytes >= totalBytes;
    const everyMs = streams.isLive ? redrawEveryMs : plainLineEveryMs;
    if (!isLast && title === shownTitle && nowMs() - shownMs < everyMs) return;
    shownMs = nowMs();
    shownTitle = title;
    const share =
      totalBytes === null || totalBytes === 0 ? '' : ` (${Math.floor((100 * receivedBytes) / totalBytes)} %)`;
    const total = totalBytes === null ? '' : ` of ${formatBytes(totalBytes)}`;
    const line = `${title}: ${formatBytes(receivedBytes)}${total}${share}`;
    streams.err(streams.isLive ? `\r\u001B[K${line}${isLast ? '\n' : ''}` : `${line}\n`);
  };
}

/** Bytes in decimal units: `639 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
