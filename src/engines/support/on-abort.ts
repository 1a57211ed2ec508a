import { setMaxListeners } from 'node:events';

const nothing = (): void => {};

/** Calls back once when the signal is aborted; the function it returns stops listening. */
export function onAbort(signal: AbortSignal | undefined, callback: (reason: unknown) => void): () => void {
  if (signal === undefined) return nothing;
  // One signal may stop hundreds of requests, which is no leak.
  setMaxListeners(0, signal);
  const listener = (): void => callback(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
