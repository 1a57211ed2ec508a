import type { Verdict } from '../../core/result-document.ts';
import { modelGuidance } from '../../presets/model-guidance.ts';
import { samplingUse } from '../../presets/sampling-use.ts';
import { taskVerdict, type DiagnosedTask } from '../diagnosed-run.ts';
import { rerunCommand } from '../rerun-command.ts';
import { registryModelOf } from '../server-advice.ts';

const settings = ['temperature', 'topP', 'topK', 'minP', 'presencePenalty', 'repetitionPenalty'] as const;

const titles: Readonly<Record<(typeof settings)[number], string>> = {
  temperature: 'temperature',
  topP: 'top-p',
  topK: 'top-k',
  minP: 'min-p',
  presencePenalty: 'presence penalty',
  repetitionPenalty: 'repetition penalty',
};

interface Deviation {
  readonly name: (typeof settings)[number];
  readonly asked: number;
  readonly advised: number | null;
}

/** Settings the user chose that are not the family's own for this mode and kind of work. */
function deviationsOf({ run, plan, result }: DiagnosedTask): {
  readonly deviations: readonly Deviation[];
  readonly source: string;
} | null {
  const model = registryModelOf(run.document);
  if (model === null || model.variant === 'base') return null;
  const guidance = modelGuidance({ model, template: null });
  const { mode } = run.document.plan;
  const { sampling, source } = guidance.advise(mode, samplingUse(result.category ?? ''));
  if (source === null) return null;
  const deviations = settings.flatMap((name) => {
    const asked = run.document.options[name];
    return typeof asked === 'number' && plan.sampling[name] === asked && sampling[name] !== asked
      ? [{ name, asked, advised: sampling[name] }]
      : [];
  });
  return { deviations, source };
}

function greedyThinking(task: DiagnosedTask): Omit<Verdict, 'id'> | null {
  const { run, plan } = task;
  if (run.document.plan.mode !== 'thinking' || plan.sampling.temperature !== 0) return null;
  const family = run.document.plan.model.family ?? 'Qwen';
  return {
    severity: 'error',
    summary: `${plan.task}: greedy decoding in thinking mode, which ${family} advises against in so many words: answers loop and scores fall`,
    evidence: { temperature: 0, mode: 'thinking' },
    advice: rerunCommand(run.document, plan.task, { temperature: null }),
  };
}

/** Sampling that the user chose against what the model's family asks for. */
export const samplingGuidance = taskVerdict('sampling_guidance', (task) => {
  const greedy = greedyThinking(task);
  if (greedy !== null) return greedy;
  const found = deviationsOf(task);
  if (found === null || found.deviations.length === 0) return null;
  const { run, plan } = task;
  const told = found.deviations.map(
    ({ name, asked, advised }) => `${titles[name]} ${asked} (the family: ${advised ?? 'none'})`,
  );
  return {
    severity: 'warning',
    summary: `${plan.task}: sampled against the family’s guidance: ${told.join(', ')}; published scores were not measured so`,
    evidence: {
      deviations: found.deviations.map(({ name, asked, advised }) => ({ name, asked, advised })),
      source: found.source,
    },
    advice: rerunCommand(run.document, plan.task, Object.fromEntries(found.deviations.map(({ name }) => [name, null]))),
  };
});
