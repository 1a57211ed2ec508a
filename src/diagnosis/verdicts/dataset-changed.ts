import type { Verdict } from '../../core/result-document.ts';
import { taskVerdict, type DiagnosedTask } from '../diagnosed-run.ts';

interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly runId: string;
}

/** The first file of a task whose hash is another one than in the newest earlier run of the task. */
function changeOf({ run, plan }: DiagnosedTask): Change | null {
  for (const { runId, tasks } of run.earlier) {
    const before = tasks.find(({ task }) => task === plan.task);
    if (!before || Object.keys(before.datasets).length === 0) continue;
    for (const { name, sha256 } of plan.datasets) {
      const old = before.datasets[name];
      if (old !== undefined && old !== sha256) return { name, before: old, after: sha256, runId };
    }
    return null;
  }
  return null;
}

function unverified({ plan }: DiagnosedTask): Omit<Verdict, 'id'> | null {
  const files = plan.datasets.filter(({ verified }) => !verified);
  if (files.length === 0) return null;
  const names = files.map(({ name, sha256 }) => `${name} (sha256 ${sha256.slice(0, 8)})`).join(', ');
  return {
    severity: 'warning',
    summary: `${plan.task}: its data is not the published one: ${names} has a hash that no release is known by; no published score applies`,
    evidence: { files: files.map(({ name, sha256 }) => ({ name, sha256 })) },
    advice: `qwen-eval fetch ${plan.task}`,
  };
}

/** Data that is not what it was in the run before, or not what was published. */
export const datasetChanged = taskVerdict('dataset_changed', (task) => {
  const change = changeOf(task);
  if (change === null) return unverified(task);
  const { name, before, after, runId } = change;
  return {
    severity: 'warning',
    summary: `${task.plan.task}: its data changed since run ${runId}: ${name} was sha256 ${before.slice(0, 8)} and is ${after.slice(0, 8)}; scores before and after are not comparable`,
    evidence: { file: name, before, after, earlierRun: runId },
    advice: `qwen-eval fetch ${task.plan.task}`,
  };
});
