/** Flags by the versions of vLLM that have them, from its sources at those tags: first version with it, first without it. */
const flags: Readonly<Record<string, readonly [since: string, removed: string | null, values: number]>> = {
  '--host': ['0', null, 1],
  '--port': ['0', null, 1],
  '--served-model-name': ['0', null, 1],
  '--gpu-memory-utilization': ['0', null, 1],
  '--max-num-seqs': ['0', null, 1],
  '--max-model-len': ['0', null, 1],
  '--enable-prefix-caching': ['0', null, 0],
  '--no-enable-prefix-caching': ['0.7.0', null, 0],
  '--quantization': ['0', null, 1],
  '--hf-overrides': ['0.6.4', null, 1],
  '--generation-config': ['0.7.0', null, 1],
  '--enable-auto-tool-choice': ['0', null, 0],
  '--tool-call-parser': ['0', null, 1],
  '--reasoning-parser': ['0.7.1', null, 1],
  '--enable-reasoning': ['0.7.1', '0.10.0', 0],
  '--swap-space': ['0', '0.18.0', 1],
  '--use-v2-block-manager': ['0', '0.10.0', 0],
  '--num-scheduler-steps': ['0', '0.10.1', 1],
  '--rope-scaling': ['0', '0.11.1', 1],
  '--tensor-parallel-size': ['0', null, 1],
};

const reasoningParsers = ['deepseek_r1', 'qwen3', 'granite'];

/** Compares versions of three numbers. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** What the command line asks for. */
export interface ServeArguments {
  readonly model: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads `serve MODEL flags…` as argparse does; a fault is its message. */
export function readArguments(args: readonly string[], version: string): ServeArguments | string {
  const [, model = '', ...rest] = args;
  const values = new Map<string, string>();
  const unknown: string[] = [];
  for (let index = 0; index < rest.length; index++) {
    const [name = '', inline] = (rest[index] ?? '').split('=');
    const [since, removed, count] = flags[name] ?? ['999', null, 0];
    if (isBefore(version, since) || (removed !== null && !isBefore(version, removed))) {
      unknown.push(rest[index] ?? '');
      continue;
    }
    values.set(name, inline ?? (count === 0 ? 'true' : (rest[++index] ?? '')));
  }
  if (unknown.length > 0) return `unrecognized arguments: ${unknown.join(' ')}`;
  const parser = values.get('--reasoning-parser');
  if (parser !== undefined && !reasoningParsers.includes(parser))
    return `argument --reasoning-parser: invalid choice: '${parser}' (choose from ${reasoningParsers.join(', ')})`;
  return { model, values };
}
