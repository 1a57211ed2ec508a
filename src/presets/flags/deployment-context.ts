import { QwenEvalError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { DeploymentInput } from './flag-table.ts';

/** Context of a request and how the model is made to take it. */
export interface DeploymentContext {
  readonly tokens: number;
  /** Rope scaling parameters as the family publishes them, the factor set to what is needed; null within the trained context. */
  readonly ropeScaling: Readonly<Record<string, Json>> | null;
  /** True when the scaling belongs under `text_config`. */
  readonly isNested: boolean;
  /** Why it is not the preset's; for the user to see when scaled. */
  readonly notes: readonly string[];
  readonly remarks: readonly string[];
}

/**
 * The context of a request: what the user asked for, else the preset's, else the most an engine of this kind can afford. A preset is cut to
 * what the model was trained for, and says so. Throws E_OPTION_INVALID for a context the user asked for that the model cannot have.
 */
export function deploymentContext(input: DeploymentInput, affordable: number | null): DeploymentContext {
  const { preset, model, contextLength } = input;
  const trained = input.trainedContext ?? model?.contextLength ?? null;
  if (contextLength !== null && trained !== null && contextLength > trained) return scaled(input, trained);
  const wanted = contextLength ?? preset.maxModelLen;
  const tokens = contextLength ?? Math.min(wanted, trained ?? wanted, affordable ?? wanted);
  const reason =
    trained !== null && tokens === trained
      ? 'the model was trained for no more'
      : 'this engine reserves each sequence’s context in full; --max-model-len sets another';
  return {
    tokens,
    ropeScaling: null,
    isNested: false,
    notes: [],
    remarks: tokens < wanted ? [`context of ${tokens} tokens in place of the preset’s ${wanted}: ${reason}`] : [],
  };
}

function scaled({ model, contextLength }: DeploymentInput, trained: number): DeploymentContext {
  const tokens = contextLength ?? trained;
  const extended = model?.extendedContextLength ?? null;
  const scaling = model?.family.ropeScaling ?? null;
  if (extended === null || scaling === null || tokens > extended)
    throw new QwenEvalError(
      'E_OPTION_INVALID',
      `a context of ${tokens} tokens is longer than the ${trained} that ${model?.name ?? 'the model'} was trained on`,
      {
        hint:
          extended !== null && scaling !== null
            ? `set --max-model-len to ${extended} at most`
            : `set --max-model-len to ${trained} at most: no scaling by flags is published for it`,
      },
    );
  const original = model?.contextLength ?? trained;
  const factor = tokens / original;
  return {
    tokens,
    ropeScaling: { ...scaling.parameters, factor, original_max_position_embeddings: original },
    isNested: scaling.nested,
    notes: [
      `static YaRN with factor ${factor}: short texts suffer too, so these results are another configuration than those without it`,
    ],
    remarks: [],
  };
}
