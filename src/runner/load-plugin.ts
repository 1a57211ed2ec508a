import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { closest } from '../core/closest.ts';
import { QwenEvalError, type ErrorCode } from '../core/errors.ts';
import type { EnginePlugin } from '../core/ports/engine.ts';
import type { RuleSet } from '../core/ports/rule-set.ts';
import type { SandboxPlugin } from '../core/ports/sandbox.ts';
import type { Task, TaskTemplate } from '../core/ports/task.ts';

/** Ids of the files of a plugin folder: the name of a file is the id of its plugin. */
function fileIds(folder: string): readonly string[] {
  const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  return readdirSync(path)
    .filter((name) => /^[a-z0-9-]+\.(?:js|ts)$/.test(name))
    .map((name) => name.replace(/\.(?:js|ts)$/, ''))
    .toSorted();
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

async function importDefault(folder: string, fileId: string): Promise<unknown> {
  const path = join(fileURLToPath(new URL(`../${folder}/`, import.meta.url)), `${fileId}.${extension}`);
  const module = (await import(pathToFileURL(path).href)) as { default: unknown };
  return module.default;
}

function unknownId(
  kind: string,
  code: ErrorCode,
  request: { readonly id: string; readonly ids: readonly string[] },
): QwenEvalError {
  const suggestion = closest(request.id, request.ids);
  return new QwenEvalError(code, `there is no ${kind} ${request.id}`, {
    hint: `${suggestion ? `did you mean ${suggestion}? ` : ''}see \`qwen-eval list ${kind}s\``,
  });
}

/** Ids of all engines. */
export const engineIds = (): readonly string[] => fileIds('engines');

/** Loads one engine by id. Throws E_ENGINE_UNKNOWN with a suggestion. */
export async function loadEngine(id: string): Promise<EnginePlugin> {
  const ids = engineIds();
  if (!ids.includes(id)) throw unknownId('engine', 'E_ENGINE_UNKNOWN', { id, ids });
  return (await importDefault('engines', id)) as EnginePlugin;
}

/** Ids of all sandbox backends. */
export const sandboxIds = (): readonly string[] => fileIds('sandbox');

/** Loads one sandbox backend by id. Throws E_OPTION_INVALID with a suggestion. */
export async function loadSandbox(id: string): Promise<SandboxPlugin> {
  const ids = sandboxIds();
  if (!ids.includes(id)) throw unknownId('sandbox', 'E_OPTION_INVALID', { id, ids });
  return (await importDefault('sandbox', id)) as SandboxPlugin;
}

/** Ids of all rule sets of other tools, as users type them. */
export async function ruleSetIds(): Promise<readonly string[]> {
  return (await Promise.all(fileIds('scorers/rules').map(importRuleSet))).map(({ id }) => id);
}

const importRuleSet = async (fileId: string): Promise<RuleSet> =>
  (await importDefault('scorers/rules', fileId)) as RuleSet;

/** Loads the rules of another tool by id (`lm-eval:strict-match`). Throws E_OPTION_INVALID with a suggestion. */
export async function loadRuleSet(id: string): Promise<RuleSet> {
  const fileId = id.replaceAll(':', '-');
  if (!fileIds('scorers/rules').includes(fileId)) {
    throw unknownId('rule set', 'E_OPTION_INVALID', { id, ids: await ruleSetIds() });
  }
  return importRuleSet(fileId);
}

type TaskExport = Task | readonly Task[] | TaskTemplate;

const importTasks = async (fileId: string): Promise<TaskExport> => (await importDefault('tasks', fileId)) as TaskExport;

/** The tasks of a file by themselves; a template has none until one is asked for. */
function listTasks(exported: TaskExport): readonly Task[] {
  if ('define' in exported) return [];
  return Array.isArray(exported) ? (exported as readonly Task[]) : [exported as Task];
}

const taskId = (fileId: string): string => fileId.replaceAll('-', '_');

/** Every task, in order of file and position in a family. Imports all task files. */
export async function loadAllTasks(): Promise<readonly Task[]> {
  const loaded = await Promise.all(fileIds('tasks').map(importTasks));
  return loaded.flatMap(listTasks);
}

/**
 * Loads one task by id, importing only the file that can hold it: the one named after it, or the longest-named one whose name begins it
 * (a family such as `bfcl` for `bfcl_simple_python`). Throws E_TASK_UNKNOWN with a suggestion.
 */
export async function loadTask(id: string): Promise<Task> {
  const candidates = fileIds('tasks')
    .filter((fileId) => id === taskId(fileId) || id.startsWith(`${taskId(fileId)}_`))
    .toSorted((a, b) => b.length - a.length);
  for (const fileId of candidates) {
    const exported = await importTasks(fileId);
    if ('define' in exported) return exported.define(id);
    const found = listTasks(exported).find((task) => task.id === id);
    if (found) return found;
  }
  const ids = (await loadAllTasks()).map((task) => task.id);
  throw unknownId('task', 'E_TASK_UNKNOWN', { id, ids });
}
