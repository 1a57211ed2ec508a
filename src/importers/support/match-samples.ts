import type { RenderedPrompt, Task, TaskSettings } from '../../core/ports/task.ts';
import type { ContinuationScore } from '../../core/response.ts';
import type { Sample } from '../../core/sample.ts';
import type { LoggedSample } from './imported-log.ts';

/** Which sample of the benchmark each logged answer is to. */
export interface MatchedSamples {
  readonly samples: ReadonlyMap<LoggedSample, Sample>;
  /** Answers to questions that the benchmark does not have, or not with these options. */
  readonly unknown: readonly LoggedSample[];
}

/** Letters and digits of a text in lower case, single spaces between words: what stays when tools trim, quote and capitalise. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Everything that was asked, as one text. */
function askedText({ question, answer }: LoggedSample): string {
  const { request } = answer;
  const prompt = request.kind === 'chat' ? request.messages.map(({ content }) => content).join('\n') : request.context;
  return question === null ? prompt : `${question}\n${prompt}`;
}

interface KnownSample {
  readonly sample: Sample;
  /** Plain words of the question; '' where the task does not tell. */
  readonly text: string;
}

/** The options of a choice in order. */
function optionsOf({ input }: Sample): readonly { readonly label: string; readonly text: string }[] | null {
  const { options } = input as { readonly options?: unknown };
  return Array.isArray(options) ? (options as readonly { readonly label: string; readonly text: string }[]) : null;
}

/** Whether a letter means the same option in the log: the same texts in the same order, under letters. */
function hasSameOptions(sample: Sample, given: readonly string[]): boolean {
  const own = optionsOf(sample);
  if (own === null) return true;
  return (
    own.length === given.length &&
    own.every(({ label, text }, index) => /^[A-Z]$/.test(label) && plain(text) === plain(given[index] ?? ''))
  );
}

/** The log's continuations in the order in which the task scores its own; null when they are others. */
function alignContinuations(
  rendered: RenderedPrompt,
  given: readonly ContinuationScore[],
): readonly ContinuationScore[] | null {
  if (rendered.kind !== 'continuations' || rendered.continuations.length !== given.length) return null;
  const left = new Map(given.map((score) => [plain(score.text), score]));
  const aligned = rendered.continuations.flatMap((text) => left.get(plain(text)) ?? []);
  return aligned.length === given.length && left.size === given.length ? aligned : null;
}

class Matcher {
  readonly #known: readonly KnownSample[];
  readonly #byId: ReadonlyMap<string, KnownSample>;
  readonly #byText: ReadonlyMap<string, KnownSample>;

  constructor(task: Task, samples: readonly Sample[]) {
    this.#known = samples.map((sample) => ({ sample, text: plain(task.inLogs?.textOf(sample) ?? '') }));
    this.#byId = new Map(this.#known.map((known) => [known.sample.id, known]));
    this.#byText = new Map(this.#known.filter(({ text }) => text !== '').map((known) => [known.text, known]));
  }

  find(logged: LoggedSample): Sample | null {
    const asked = plain(askedText(logged));
    const isAsked = ({ text }: KnownSample): boolean => text === '' || asked.includes(text);
    const named = logged.ids.map((id) => this.#byId.get(id)).find((known) => known !== undefined && isAsked(known));
    const placed = logged.index === null ? undefined : this.#known[logged.index];
    const found =
      named ??
      (placed !== undefined && placed.text !== '' && isAsked(placed) ? placed : undefined) ??
      this.#byText.get(plain(logged.question ?? '')) ??
      this.#longestIn(asked);
    return found?.sample ?? null;
  }

  /** The sample with the longest question that stands in a prompt: shorter ones may be part of it. */
  #longestIn(asked: string): KnownSample | undefined {
    let best: KnownSample | undefined;
    for (const known of this.#known)
      if (known.text.length > (best?.text.length ?? 0) && asked.includes(known.text)) best = known;
    return best;
  }
}

/** The answer as the task's scorer reads it; null when its options are not those of the sample. */
function alignAnswer(
  logged: LoggedSample,
  input: { readonly task: Task; readonly sample: Sample; readonly settings: TaskSettings },
): LoggedSample | null {
  const { task, sample, settings } = input;
  const given = logged.answer.continuations;
  if (given === null) return logged.options === null || hasSameOptions(sample, logged.options) ? logged : null;
  const continuations = alignContinuations(task.render(sample, settings), given);
  return continuations === null ? null : { ...logged, answer: { ...logged.answer, continuations } };
}

/**
 * Finds for each logged answer the sample it is to: by id, by position, by the text of the question. The options must be the same, for
 * written answers in the same order too.
 */
export function matchSamples(
  task: Task,
  input: {
    readonly samples: readonly Sample[];
    readonly settings: TaskSettings;
    readonly logged: readonly LoggedSample[];
  },
): MatchedSamples {
  const matcher = new Matcher(task, input.samples);
  const samples = new Map<LoggedSample, Sample>();
  const unknown: LoggedSample[] = [];
  for (const answer of input.logged) {
    const sample = matcher.find(answer);
    const aligned = sample === null ? null : alignAnswer(answer, { task, sample, settings: input.settings });
    if (sample === null || aligned === null) unknown.push(answer);
    else samples.set(aligned, sample);
  }
  return { samples, unknown };
}
