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

/** The command that gives the run this context length: that of its server, or of the run itself where the engine belongs to it. */
export function contextCommand(document: Pick<RunDocument, 'plan' | 'engine' | 'options'>, tokens: number): string {
  if (!serverRendersChat(document)) return rerunCommand(document, null, { maxModelLen: tokens });
  const hubId = registryModelOf(document)?.hubId ?? document.plan.model.name;
  const server = serverOf(document) ?? 'vllm';
  const flag = { vllm: '--max-model-len', sglang: '--context-length', 'llama-server': '-c' }[server];
  return `${startCommands[server](hubId)} ${flag} ${tokens}`;
}

/** True when the engine takes messages and renders the chat itself; false where this project renders the template. */
export function serverRendersChat({ engine }: Pick<RunDocument, 'engine'>): boolean {
  const capabilities = engine['capabilities'] as { readonly messages?: { readonly supported?: boolean } } | undefined;
  return capabilities?.messages?.supported === true;
}
