import type { LegacyFinding, LegacyModel } from '../legacy-tracker.ts';
import { configured, type CheckFacts, type LegacyCheck } from './legacy-check.ts';

/** Context that is claimed and was neither configured nor trained for. */
export const checkContext: LegacyCheck = (legacy, context) =>
  legacy.models.flatMap((model) => {
    const claimed = tokensOf(model.context ?? '');
    if (claimed === null) return [];
    const own = legacy.results.filter((result) => result.model === model.name);
    const limits = own.flatMap((result) => configured(result, 'max_model_len') ?? []);
    const limit = limits.length === 0 ? null : Math.max(...limits);
    if (limit === null || limit >= claimed)
      return limit === null ? beyondTraining(model, { claimed, facts: context }) : [];
    const lines = own.flatMap(({ configuration }) => configuration.filter(({ key }) => key === 'max_model_len'));
    return [
      {
        id: 'legacy.context_not_reached',
        severity: 'error',
        quote: `${model.context} at max_model_len ${limit}`,
        explanation: `${model.context} of context is claimed, but every run was made at max_model_len ${limit}: nothing longer was ever asked${trainedText(model, context)}`,
        lines: [model.line, ...lines.map(({ line }) => line)],
        cells: [],
      },
    ];
  });

function beyondTraining(
  model: LegacyModel,
  { claimed, facts }: { readonly claimed: number; readonly facts: CheckFacts },
): readonly LegacyFinding[] {
  const known = facts.models.find(({ id }) => id === model.registryId);
  const trained = known?.contextLength ?? null;
  if (trained === null || claimed <= trained) return [];
  return [
    {
      id: 'legacy.context_needs_scaling',
      severity: 'warning',
      quote: `${model.name}: ${model.context}`,
      explanation: `${model.context} of context is claimed and no run shows it${trainedText(model, facts)}`,
      lines: [model.line],
      cells: [],
    },
  ];
}

function trainedText({ registryId }: LegacyModel, { models }: CheckFacts): string {
  const known = models.find(({ id }) => id === registryId);
  if (known?.contextLength == null) return '';
  const extended =
    known.extendedContextLength === null
      ? ''
      : `; ${known.extendedContextLength} need its published scaling, which is another configuration`;
  return `. ${known.name} was trained for ${known.contextLength} tokens${extended}`;
}

/** `128K` → 131072; null for other text. */
function tokensOf(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kKmM])?\b/.exec(text);
  if (!match) return null;
  const unit = match[2]?.toLowerCase();
  return Math.round(Number(match[1]) * (unit === 'm' ? 1024 ** 2 : unit === 'k' ? 1024 : 1));
}
