/**
 * The process that holds the model. It lives as long as its channel to the engine and ends with it; the terminal's Ctrl-C is the
 * engine's to handle, so the signals that reach the whole process group are ignored here.
 */
import { isQwenEvalError } from '../../core/errors.ts';
import { BatchDecoder } from './batch-decoder.ts';
import { loadLlama } from './llama-binding.ts';
import { generateText, promptTokens, scoreContinuations, type LlamaServices } from './llama-generation.ts';
import {
  hrtimeMs,
  type CallEvent,
  type ChildMessage,
  type LlamaSettings,
  type ParentMessage,
  type StampedEvent,
  type WireError,
} from './llama-protocol.ts';

const gatherMs = 10;

const controllers = new Map<number, AbortController>();
let services: LlamaServices | null = null;
let gathered: StampedEvent[] = [];
let timer: NodeJS.Timeout | null = null;

function send(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

function flush(): void {
  timer = null;
  const events = gathered;
  gathered = [];
  if (events.length > 0) send({ kind: 'events', events });
}

function emit(id: number, event: CallEvent): void {
  gathered.push({ id, hrtimeMs: hrtimeMs(), event });
  timer ??= setTimeout(flush, gatherMs);
}

const toWire = (error: unknown): WireError =>
  isQwenEvalError(error)
    ? {
        code: error.code,
        message: error.message,
        hint: error.hint,
        retryable: error.retryable,
        details: error.details,
      }
    : {
        code: 'E_ENGINE_SERVER',
        message: `The embedded engine failed: ${error instanceof Error ? error.message : String(error)}.`,
        hint: 'Run again; if it fails again, use a server (--base-url) and report this error.',
        retryable: false,
        details: {},
      };

async function open(settings: LlamaSettings): Promise<void> {
  try {
    const llama = await loadLlama(settings, (level, message) => send({ kind: 'log', level, message }));
    const { sequences } = settings;
    const decoder = new BatchDecoder(llama.context, { sequences, batchSize: llama.facts.batchSize });
    services = { llama, decoder };
    send({ kind: 'ready', facts: llama.facts });
  } catch (error) {
    send({ kind: 'failed', error: toWire(error) });
  }
}

/** Runs one request; a cancelled one ends without an event, for nobody listens any more. */
async function serve(id: number, work: (services: LlamaServices, signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  controllers.set(id, controller);
  try {
    if (services === null) throw new Error('no model is loaded');
    await work(services, controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) emit(id, { kind: 'error', error: toWire(error) });
  } finally {
    controllers.delete(id);
  }
}

async function close(): Promise<void> {
  for (const controller of controllers.values()) controller.abort();
  await services?.decoder.idle();
  await services?.llama.dispose();
  process.exit(0);
}

function receive(message: ParentMessage): Promise<void> | void {
  switch (message.kind) {
    case 'open':
      return open(message.settings);
    case 'generate': {
      const { id, call } = message;
      return serve(id, (ready, signal) => generateText(ready, call, { signal, emit: (event) => emit(id, event) }));
    }
    case 'score': {
      const { id, call } = message;
      return serve(id, async (ready, signal) =>
        emit(id, { kind: 'scores', scores: await scoreContinuations(ready, call, signal) }),
      );
    }
    case 'tokenize': {
      const { id, prompt } = message;
      return serve(id, ({ llama }) => Promise.resolve(emit(id, { kind: 'ids', ids: promptTokens(llama, prompt) })));
    }
    case 'cancel':
      return controllers.get(message.id)?.abort();
    case 'close':
      return close();
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// Without the engine nothing is worth finishing, and leaving in good order would wait for the decode under way.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ParentMessage) => void receive(message));
