import type { RegistryModel } from '../../../presets/model-registry.ts';
import type { LegacyFinding, LegacyResult, LegacyScore, ParsedLegacy } from '../legacy-tracker.ts';

/** A published score of a model on a task. */
export interface PublishedScore {
  /** In [0,1]. */
  readonly value: number;
  readonly setting: string;
  readonly source: string;
}

/** What is known of a task that an old document reports on. */
export interface CheckedTask {
  readonly id: string;
  /** `rating` is in 1–10. */
  readonly headline: string;
  /** Score that guessing gets, in [0,1]; null when guessing gets nothing. */
  readonly chanceLevel: number | null;
}

/** What numbers of an old document are checked against. */
export interface CheckFacts {
  readonly models: readonly RegistryModel[];
  readonly tasks: ReadonlyMap<string, CheckedTask>;
  readonly published: (modelId: string, taskId: string) => PublishedScore | null;
}

/** One kind of check; `lines` is the mended document. */
export type LegacyCheck = (
  legacy: ParsedLegacy,
  context: CheckFacts & { readonly lines: readonly string[] },
) => readonly LegacyFinding[];

/** Numbers of the lines, counted from 1, that hold a text; `14.25GB` does not stand in `114.25GB`. */
export const linesWith = (lines: readonly string[], text: string): readonly number[] =>
  lines.flatMap((line, index) => {
    const at = line.indexOf(text);
    return at >= 0 && !/[\d.]/.test(line[at - 1] ?? ' ') ? [index + 1] : [];
  });

/** The registry's model that a result is about. */
export const modelOfResult = (result: LegacyResult, { models }: CheckFacts): RegistryModel | undefined =>
  models.find(({ id }) => id === result.modelId);

/** The cell a score stands for; none where its task is not known. */
export const cellOfScore = ({ modelId, preset }: LegacyResult, { task }: LegacyScore): LegacyFinding['cells'] =>
  task === null ? [] : [{ model: modelId, preset, task }];

/** Every score with its result. */
export const scoresOf = (
  legacy: ParsedLegacy,
): readonly { readonly result: LegacyResult; readonly score: LegacyScore }[] =>
  legacy.results.flatMap((result) => result.scores.map((score) => ({ result, score })));

/** How a score is quoted: `GSM8K 56.0%`. */
export const quoteOf = ({ label, text }: LegacyScore): string => `${label} ${text}`;

/** A configuration value that is a number; null where it is not stated. */
export function configured(result: LegacyResult, key: string): number | null {
  const value = result.configuration.find((entry) => entry.key === key)?.value;
  return typeof value === 'number' ? value : null;
}
