/**
 * A program that behaves as `vllm` does on its command line, in its log and over HTTP, without a GPU. The environment says which version it
 * pretends to be and how it fails:
 * FAKE_VLLM_VERSION, FAKE_VLLM_FAILURE (a key of `failureLines`, or `hang`), FAKE_VLLM_STUBBORN (children that ignore SIGTERM and leave the
 * group), FAKE_VLLM_SILENT (takes requests and never answers), FAKE_VLLM_ROOT and FAKE_VLLM_CONTEXT (what it says it serves), FAKE_VLLM_DIE_AFTER (generations until the engine dies).
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { metricsPages } from '../metrics-pages.ts';
import { startOpenAiServer, type OpenAiServerOptions } from '../openai-server.ts';
import { isBefore, readArguments, type ServeArguments } from './command-line.ts';
import { failureLines, startLines } from './log-lines.ts';

const { env } = process;
const version = env['FAKE_VLLM_VERSION'] ?? '0.10.2';
const loadMs = 20;

/** vLLM logs to both outputs. */
const log = (line: string): boolean => process.stderr.write(`${line}\n`);

function leave(code: number): void {
  // What was written to a pipe must arrive first.
  process.stderr.write('', () => process.exit(code));
}

function refuse(message: string): void {
  log('usage: vllm serve [model_tag] [options]');
  log(`vllm serve: error: ${message}`);
  leave(2);
}

/** Engine cores, as vLLM has them: one in the group, and one that has left it. */
function startChildren(mark: string): void {
  const source = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)';
  for (const detached of [false, true])
    spawn(process.execPath, ['-e', source, `VLLM::EngineCore ${mark}`], { detached, stdio: 'ignore' }).unref();
  process.on('SIGTERM', () => undefined);
}

function metrics({ values }: ServeArguments): string {
  const page = isBefore(version, '0.12.0') ? metricsPages.vllmOld : metricsPages.vllmNew;
  const share = values.get('--gpu-memory-utilization') ?? '0.9';
  const caching = values.has('--no-enable-prefix-caching') ? 'False' : 'True';
  return page
    .replace(/gpu_memory_utilization="[^"]*",?/, '')
    .replace(
      'vllm:cache_config_info{',
      `vllm:cache_config_info{enable_prefix_caching="${caching}",gpu_memory_utilization="${share}",`,
    );
}

let generations = 0;

/** Thinking goes into the field that the version has; a schema counts only in the field that the version reads. */
const behave: NonNullable<OpenAiServerOptions['behave']> = ({ body }) => {
  const dieAfter = Number(env['FAKE_VLLM_DIE_AFTER'] ?? Infinity);
  if (++generations > dieAfter) {
    log(`(EngineCore_0 pid=${process.pid + 1}) ERROR 11-26 10:05:00 [dump_input.py:69] Dumping input data`);
    log('torch.AcceleratorError: CUDA error: an illegal memory access was encountered');
    log(
      `(APIServer pid=${process.pid}) ERROR vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue.`,
    );
    leave(1);
    return { kind: 'never' };
  }
  if (env['FAKE_VLLM_SILENT']) return { kind: 'never' };
  const isOld = isBefore(version, '0.12.0');
  const schema = isOld ? body['guided_json'] : body['structured_outputs'];
  const reasoningField = isBefore(version, '0.16.0') ? 'reasoning_content' : 'reasoning';
  const switches = body['chat_template_kwargs'] as { enable_thinking?: boolean } | undefined;
  return {
    kind: 'answer',
    ...(schema === undefined ? {} : { text: '{"constrained": true}' }),
    ...(switches?.enable_thinking === true ? { reasoning: 'let me think', reasoningField } : {}),
  };
};

async function serve(asked: ServeArguments): Promise<void> {
  const { model, values } = asked;
  const port = Number(values.get('--port') ?? 8000);
  const name = values.get('--served-model-name') ?? model;
  const context = Number(env['FAKE_VLLM_CONTEXT'] ?? values.get('--max-model-len') ?? 40_960);
  const share = Number(values.get('--gpu-memory-utilization') ?? 0.9);
  const failure = env['FAKE_VLLM_FAILURE'];
  const lines = startLines({ version, model, port, share, context });
  if (env['FAKE_VLLM_STUBBORN']) startChildren(env['FAKE_VLLM_STUBBORN']);
  for (const line of failure === undefined ? lines : lines.slice(0, 5)) {
    log(line);
    await sleep(loadMs);
  }
  if (failure === 'hang') {
    setInterval(() => undefined, 1000);
    return;
  }
  if (failure !== undefined) {
    for (const line of failureLines[failure] ?? []) log(line);
    leave(1);
    return;
  }
  try {
    await startOpenAiServer({
      dialect: 'vllm',
      port,
      record: false,
      behave,
      models: [
        {
          id: name,
          object: 'model',
          owned_by: 'vllm',
          root: env['FAKE_VLLM_ROOT'] ?? model,
          max_model_len: context,
        },
      ],
      routes: { 'GET /health': '', 'GET /version': { version }, 'GET /metrics': metrics(asked) },
    });
  } catch (error) {
    log(`OSError: [Errno 98] Address already in use: ${String(error)}`);
    leave(1);
    return;
  }
  log(`(APIServer pid=${process.pid}) INFO:     Application startup complete.`);
}

const args = process.argv.slice(2);
if (args[0] === '--version') process.stdout.write(`${version}\n`);
else {
  const asked = readArguments(args, version);
  if (typeof asked === 'string') refuse(asked);
  else await serve(asked);
}
