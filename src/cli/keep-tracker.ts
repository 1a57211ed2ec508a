import { resolve } from 'node:path';
import type { Options } from '../config/options.ts';
import { isQwenEvalError } from '../core/errors.ts';
import type { CommandStreams } from './command.ts';

/** Tracker document that `--tracker` names; null for `none`. */
export const trackerPath = ({ tracker }: Pick<Options, 'tracker'>): string | null =>
  tracker === 'none' ? null : resolve(tracker);

/** Brings the tracker up to date after a run. A tracker that cannot be written is a warning that names it: the run stands. */
export async function keepTracker(
  options: Pick<Options, 'tracker' | 'out' | 'presets'>,
  streams: CommandStreams,
): Promise<void> {
  const path = trackerPath(options);
  if (path === null) return;
  try {
    const [{ updateTracker }, { trackerCatalogue }] = await Promise.all([
      import('../tracker/update-tracker.ts'),
      import('./tracker-catalogue.ts'),
    ]);
    const { changed, findings } = updateTracker({ path, out: options.out, catalogue: await trackerCatalogue(options) });
    if (changed) streams.err(`tracker: ${path}\n`);
    for (const finding of findings)
      if (finding.id === 'tracker.moved_text' || finding.id === 'tracker.ticked_box')
        streams.err(`warning: ${finding.explanation}\n`);
  } catch (error) {
    if (!isQwenEvalError(error)) throw error;
    const hint = error.hint === null ? '' : `\n  ${error.hint}`;
    streams.err(`warning: tracker ${path} was not updated: ${error.message}${hint}\n`);
  }
}
