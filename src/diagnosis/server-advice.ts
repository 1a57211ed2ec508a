import type { Capabilities, Capability } from '../core/ports/engine.ts';
import type { RunDocument } from '../core/run-document.ts';
import { rerunCommand } from './rerun-command.ts';
import { modelRegistry, type RegistryModel } from '../presets/model-registry.ts';

/** The registry row of a run's model; null for a model of no registry. */
export function registryModelOf({ plan }: Pick<RunDocument, 'plan'>): RegistryModel | null {
  const { registryId } = plan.model;
  return registryId === null ? null : (modelRegistry().find(({ id }) => id === registryId) ?? null);
}

type Server = 'vllm' | 'sglang' | 'llama-server';

/** The server software that answered, as far as it says so. */
function serverOf({ plan }: Pick<RunDocument, 'plan'>): Server | null {
  const told = plan.model.facts['servedBy'];
  const text = `${plan.engine.id} ${typeof told === 'string' ? told : ''}`.toLowerCase();
  if (text.includes('vllm')) return 'vllm';
  if (text.includes('sglang')) return 'sglang';
  return /llama-?server|llamacpp|llama\.cpp/.test(text) ? 'llama-server' : null;
}

const startCommands: Readonly<Record<Server, (hubId: string) => string>> = {
  vllm: (hubId) => `vllm serve ${hubId}`,
  sglang: (hubId) => `python -m sglang.launch_server --model-path ${hubId}`,
  'llama-server': () => 'llama-server --jinja -m MODEL.gguf',
};

/** The command that starts the run's server with the tool call parser of the model's family; null where the family has none. */
export function toolParserCommand(document: Pick<RunDocument, 'plan'>): string | null {
  const model = registryModelOf(document);
  const server = serverOf(document) ?? 'vllm';
  if (server === 'llama-server') return startCommands[server]('');
  const parser = model?.family.toolParsers[server];
  if (!model || parser === undefined) return null;
  const enable = server === 'vllm' ? ' --enable-auto-tool-choice' : '';
  return `${startCommands[server](model.hubId)}${enable} --tool-call-parser ${parser}`;
}

/** The command that starts the run's server with the reasoning parser of the model's family; null where the family has none. */
export function reasoningParserCommand(document: Pick<RunDocument, 'plan'>): string | null {
  const model = registryModelOf(document);
  const server = serverOf(document) ?? 'vllm';
  const parser = model?.family.reasoningParsers[server];
  if (!model || parser === undefined) return null;
  const flag = server === 'llama-server' ? '--reasoning-format' : '--reasoning-parser';
  return `${startCommands[server](model.hubId)} ${flag} ${parser}`;
}

/** Tokens that the run's model was trained for, and those it can take with the scaling that its family publishes; null where unknown. */
function contextLimits(document: Pick<RunDocument, 'plan'>): {
  readonly trained: number | null;
  readonly most: number | null;
} {
  const model = registryModelOf(document);
  const told = document.plan.model.facts['contextLength'];
  const trained = model?.contextLength ?? (typeof told === 'number' ? told : null);
  const extended = model && model.family.ropeScaling !== null ? model.extendedContextLength : null;
  return { trained, most: extended ?? trained };
}

/**
 * The command that gives the run a context of this many tokens, or of as many as its model can have: that of its server, that which prints the
 * flags of the published scaling, or that of the run itself where the engine belongs to it. Null where the run had all that the model can have.
 */
export function contextCommand(
  document: Pick<RunDocument, 'plan' | 'engine' | 'options'>,
  wanted: number,
): string | null {
  const { trained, most } = contextLimits(document);
  const tokens = Math.min(wanted, most ?? wanted);
  if (tokens <= (document.plan.engine.contextLength ?? 0)) return null;
  if (!serverRendersChat(document)) return rerunCommand(document, null, { maxModelLen: tokens });
  const model = registryModelOf(document);
  const server = serverOf(document) ?? 'vllm';
  if (model && trained !== null && tokens > trained)
    return `qwen-eval show preset ${document.plan.preset.requested} --engine ${server} --model ${model.id} --max-model-len ${tokens}`;
  const flag = { vllm: '--max-model-len', sglang: '--context-length', 'llama-server': '-c' }[server];
  return `${startCommands[server](model?.hubId ?? document.plan.model.name)} ${flag} ${tokens}`;
}

/** True when the run's engine said that it can do this. */
export function isCapable({ engine }: Pick<RunDocument, 'engine'>, capability: keyof Capabilities): boolean {
  const capabilities = engine['capabilities'] as Partial<Record<keyof Capabilities, Partial<Capability>>> | undefined;
  return capabilities?.[capability]?.supported === true;
}

/** True when the engine takes messages and renders the chat itself; false where this project renders the template. */
export const serverRendersChat = (document: Pick<RunDocument, 'engine'>): boolean => isCapable(document, 'messages');
