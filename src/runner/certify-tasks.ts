import type { Options } from '../config/options.ts';
import { isQwenEvalError } from '../core/errors.ts';
import type { SandboxDescription } from '../core/ports/sandbox.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { Certificate } from '../core/result-document.ts';
import { certifyTask } from './certify.ts';
import { loadAllTasks, loadTask } from './load-plugin.ts';
import { describeSandbox, openServices } from './open-services.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { selectTasks } from './suites.ts';
import { systemDependencies, type DataOptions } from './system-dependencies.ts';

/** The certificate of a task in one choice mode. */
type CertifiedTask = Certificate & {
  readonly task: string;
  readonly choiceMode: string | null;
  /** Where answers ran; absent for tasks whose answers do not run. */
  readonly sandbox?: SandboxDescription;
};

/** Certificates of several tasks, and the tasks whose data is not at hand. */
export interface CertifiedTasks {
  readonly tasks: readonly CertifiedTask[];
  readonly skipped: readonly { readonly task: string; readonly code: string; readonly message: string }[];
}

type CertifyTaskOptions = DataOptions &
  Pick<Options, 'tasks' | 'suite' | 'limit' | 'full' | 'seed' | 'split' | 'sandbox' | 'sandboxMode' | 'cacheDir'>;

/** Certifies the named tasks (all when none is named), multiple choice in each mode it has. Data that is not at hand is said, not an error. */
export async function certify(options: CertifyTaskOptions, report: (message: string) => void): Promise<CertifiedTasks> {
  const named = options.tasks !== null || options.suite !== null;
  const tasks = named
    ? await Promise.all(selectTasks(options.tasks, options.suite).map((entry) => loadTask(entry.task)))
    : await loadAllTasks();
  const dependencies = systemDependencies(options);
  const { services, close } = await openServices(
    tasks.map((task) => ({ task, loadGold: async () => (await firstGold(task, { options, dependencies })).samples })),
    options,
  );
  const certifyOne = async (task: Task): Promise<CertifiedTask[] | CertifiedTasks['skipped'][number]> => {
    const found: CertifiedTask[] = [];
    try {
      for (const settings of settingsFor(task, options)) {
        report(`certifying ${task.id}${settings.choiceMode === null ? '' : ` (${settings.choiceMode})`}`);
        const gold = await goldOf(task, { settings, dependencies, limit: options.limit });
        const certificate = await certifyTask(
          task,
          { services, settings, ...gold },
          { scope: options.full ? 'full' : 'sample' },
        );
        const sandbox = task.needs.includes('sandbox') ? await describeSandbox(services) : null;
        const { choiceMode } = settings;
        found.push({ task: task.id, choiceMode, ...certificate, ...(sandbox === null ? {} : { sandbox }) });
      }
      return found;
    } catch (error) {
      if (!isQwenEvalError(error) || error.code === 'E_SANDBOX_FAILED') throw error;
      return { task: task.id, code: error.code, message: error.message };
    }
  };
  try {
    const outcomes = await inTwoLanes(tasks, certifyOne);
    return {
      tasks: outcomes.flatMap((outcome) => (Array.isArray(outcome) ? outcome : [])),
      skipped: outcomes.flatMap((outcome) => (Array.isArray(outcome) ? [] : [outcome])),
    };
  } finally {
    await close();
  }
}

/** Works through tasks in order, those whose answers run in a sandbox beside the others: the one lane waits for its workers while the other computes. */
async function inTwoLanes<Outcome>(
  tasks: readonly Task[],
  work: (task: Task) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const lane = async (isSandboxed: boolean): Promise<void> => {
    for (const [index, task] of tasks.entries())
      if (task.needs.includes('sandbox') === isSandboxed) outcomes[index] = await work(task);
  };
  await Promise.all([lane(true), lane(false)]);
  return outcomes;
}

/** The problems under the first of a task's settings. */
async function firstGold(
  task: Task,
  { options, dependencies }: { readonly options: CertifyTaskOptions; readonly dependencies: RunnerDependencies },
) {
  const [settings] = settingsFor(task, options);
  if (settings === undefined) return { samples: [] };
  return goldOf(task, { settings, dependencies, limit: options.limit });
}

async function goldOf(
  task: Task,
  input: { readonly settings: TaskSettings; readonly dependencies: RunnerDependencies; readonly limit: number | null },
) {
  const data = await input.dependencies.loadData(task.artefacts, task.id);
  const samples = await task.loadSamples({ data, settings: input.settings, tokenizer: null });
  const first = input.limit === null ? samples : [...samples].slice(0, input.limit);
  return { samples: first, datasets: [...data.files.values()].map((file) => file.sha256) };
}

/** Samples a synthetic task is certified over. */
const goldSize = 200;

function settingsFor(task: Task, options: CertifyTaskOptions): readonly TaskSettings[] {
  const modes = task.choiceModes.length === 0 ? [null] : task.choiceModes;
  return modes.map((choiceMode) => ({
    fewShot: task.defaults.fewShot,
    choiceMode,
    maxTokens: task.defaults.maxTokens,
    toolFormat: task.needs.includes('tools') ? 'hermes' : null,
    seed: options.seed,
    split: options.split,
    size: options.limit ?? task.defaults.size ?? goldSize,
    extra: { ...task.defaults.extra, ...(options.full ? task.goldExtra : {}) },
  }));
}
