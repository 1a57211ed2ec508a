import type { RunControl } from '../runner/run-session.ts';
import type { CommandStreams } from './command.ts';

/** Follows SIGINT and SIGTERM: the first drains, the second stops. Dispose when the command is over. */
export function followSignals(streams: Pick<CommandStreams, 'err'>): { readonly control: RunControl; dispose(): void } {
  const drain = new AbortController();
  const stop = new AbortController();
  const onSignal = (): void => {
    if (!drain.signal.aborted) {
      streams.err('\nFinishing what is in flight, then saving. Once more to stop now.\n');
      drain.abort();
    } else if (!stop.signal.aborted) {
      streams.err('\nStopping now.\n');
      stop.abort();
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    control: { drain: drain.signal, stop: stop.signal },
    dispose: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
