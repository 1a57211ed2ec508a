import { QwenEvalError } from '../../core/errors.ts';
import type { TaskContext, TaskSettings } from '../../core/ports/task.ts';
import type { Sample } from '../../core/sample.ts';
import type { LongContextInput, LongContextTarget } from '../../scorers/long-context-recall.ts';
import { seededRng } from '../../stats/rng.ts';
import { lazily } from '../synthetic/synthetic-samples.ts';
import { fitLength, unitsFor, type LengthFit } from './fit-length.ts';
import type { LongContextCase, LongContextFamily } from './long-context-case.ts';

/** Lengths in tokens that a long-context task asks for when nothing else is said. */
export const defaultLengths: readonly number[] = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

/** Below this many tokens codes are shorter and distractors fewer. */
const shortBelow = 1024;

/** Room for the chat template's own tokens. */
const templateRoom = 64;

type LongContextSample = Sample<LongContextInput, LongContextTarget>;

/** Says which of the lengths the engine has no room for, null when it has for all: they are left out. */
export function lengthsLeftOut({
  settings,
  contextLength,
}: Pick<TaskContext, 'settings' | 'contextLength'>): string | null {
  const window = contextLength ?? null;
  const left = lengthsOf(settings).filter(
    (length) => promptTokensFor(length, { maxTokens: settings.maxTokens, contextLength: window }) === null,
  );
  if (left.length === 0) return null;
  return `left out for want of room: ${left.join(', ')} tokens (context ${window}, of which ${settings.maxTokens} are kept for the answer), so the effective length may be greater`;
}

/** Which length and depth the sample at an index has. */
export interface Cell {
  readonly length: number;
  readonly depth: number | null;
}

export interface SamplePlan {
  readonly task: string;
  readonly version: number;
  readonly family: LongContextFamily;
  /** Cell of each index, for the lengths of the settings. */
  readonly cell: (index: number, lengths: readonly number[]) => Cell;
}

/**
 * Tokens a prompt of a length may have: the output is reserved inside the length (at most an eighth of it) and inside the engine's window.
 * Null when the window is smaller than the length, or leaves less than half of it to the prompt.
 */
export function promptTokensFor(
  length: number,
  limits: { readonly maxTokens: number; readonly contextLength: number | null },
): number | null {
  const own = length - Math.min(limits.maxTokens, Math.floor(length / 8));
  if (limits.contextLength === null) return own;
  const tokens = Math.min(own, limits.contextLength - limits.maxTokens - templateRoom);
  return limits.contextLength >= length && tokens >= length / 2 ? tokens : null;
}

/**
 * Samples of a family over lengths (`extra.lengths`), texts unwritten: a sample is its seed and its length in units, and the prompt is
 * written when it is rendered. Lengths beyond the window are left out; the others keep their ids. Needs four token counts in all.
 */
export async function planSamples(plan: SamplePlan, context: TaskContext): Promise<Iterable<LongContextSample>> {
  const { settings, tokenizer } = context;
  const lengths = lengthsOf(settings);
  const limits = { maxTokens: settings.maxTokens, contextLength: context.contextLength ?? null };
  const targets = new Map(lengths.map((length) => [length, promptTokensFor(length, limits)]));
  const fits = new Map<boolean, LengthFit>();
  for (const isShort of new Set(lengths.map((length) => length < shortBelow))) {
    fits.set(isShort, await fitLength(plan.family, { isShort, tokenizer }));
  }
  const at = (index: number): LongContextSample | null => {
    const cell = plan.cell(index, lengths);
    const tokens = targets.get(cell.length) ?? null;
    const fit = fits.get(cell.length < shortBelow);
    return tokens === null || fit === undefined ? null : sampleAt(plan, { index, cell, tokens, fit, settings });
  };
  return lazily(function* () {
    for (let index = 0; index < settings.size; index++) {
      const sample = at(index);
      if (sample) yield sample;
    }
  });
}

function lengthsOf(settings: TaskSettings): readonly number[] {
  const asked = settings.extra['lengths'] ?? defaultLengths;
  const lengths = Array.isArray(asked) ? asked : [asked];
  if (lengths.length === 0 || !lengths.every((length) => Number.isInteger(length) && Number(length) >= 128)) {
    throw new QwenEvalError('E_OPTION_INVALID', `these are no context lengths: ${JSON.stringify(asked)}`, {
      hint: 'give whole numbers of tokens from 128, e.g. 4096, 32768',
    });
  }
  return lengths as readonly number[];
}

function sampleAt(
  plan: SamplePlan,
  at: {
    readonly index: number;
    readonly cell: Cell;
    readonly tokens: number;
    readonly fit: LengthFit;
    readonly settings: TaskSettings;
  },
): LongContextSample {
  const { task, version, family } = plan;
  const { index, cell, tokens, fit, settings } = at;
  const id = `${settings.split}/${settings.seed}/${index}`;
  const key = `${task}@${version}/${id}`;
  const drawn = drawCase(family, { key, ...cell });
  const units = unitsFor(fit, { case: drawn, low: family.calibration[0], tokens });
  if (units < 1) {
    throw new QwenEvalError('E_OPTION_INVALID', `${tokens} tokens are too few for a prompt of ${task}`, {
      hint: 'ask for a greater length, or for fewer output tokens',
    });
  }
  return {
    id,
    category: String(cell.length),
    cluster: null,
    input: { key, length: cell.length, depth: cell.depth, units, plannedTokens: tokens },
    target: { form: family.form, expected: drawn.expected, distractors: drawn.distractors, depth: drawn.depth },
  };
}

/** The case of a sample; a pure function of its key, length and depth. */
export const drawCase = (
  family: LongContextFamily,
  input: { readonly key: string; readonly length: number; readonly depth: number | null },
): LongContextCase =>
  family.draw({ rng: seededRng(input.key), isShort: input.length < shortBelow, depth: input.depth });
