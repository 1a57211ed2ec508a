import { isQwenEvalError } from '../core/errors.ts';
import type { FailureCode } from '../core/failure-code.ts';
import type { ChatMessage } from '../core/message.ts';
import type { Judge, JudgePrompt, JudgePrompts } from '../core/ports/judge.ts';
import { defineScorer } from '../core/ports/scorer.ts';
import type { AssistantTurn, SampleResponse } from '../core/response.ts';
import type { Extraction, Judgement, Scored, Unscored } from '../core/score.ts';
import { readRating } from '../text/rating.ts';
import { isRefusal } from '../text/refusal.ts';
import { goldJudgeReplies, wrongJudgeReplies } from './support/judge-replies.ts';
import { responseFaults } from './support/response-faults.ts';

export interface JudgedInput {
  /** What the user says, turn by turn. */
  readonly turns: readonly string[];
}

export interface JudgedTarget {
  /** A right answer to each turn; null where the judge needs none. */
  readonly references: readonly string[] | null;
  readonly prompts: JudgePrompts;
}

/** Name of the prompt for a turn (from 0): `turn_1`, `turn_2_reference`. */
export const judgePromptName = (turn: number, hasReference: boolean): string =>
  `turn_${turn + 1}${hasReference ? '_reference' : ''}`;

const reminder =
  'I could not read a rating in that. Answer with one line that holds nothing but your rating, a number from 1 to 10 in double square brackets, like this: [[number]]';

/** Puts values in place of `{names}` in one pass, so that braces in an answer stay what they are. */
const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

function messagesOf(prompt: JudgePrompt, values: Readonly<Record<string, string>>): readonly ChatMessage[] {
  const user: ChatMessage = { role: 'user', content: fill(prompt.user, values) };
  return prompt.system === '' ? [user] : [{ role: 'system', content: fill(prompt.system, values) }, user];
}

/** The same question with the request to keep to the form. */
function askAgain(messages: readonly ChatMessage[], reply: string): readonly ChatMessage[] {
  if (reply.trim() !== '') {
    return [...messages, { role: 'assistant', content: reply }, { role: 'user', content: reminder }];
  }
  // Chat templates and servers refuse an empty assistant turn.
  return messages.map((message) =>
    message.role === 'user' ? { ...message, content: `${message.content}\n\n${reminder}` } : message,
  );
}

interface Rated {
  readonly rating: number;
  readonly extraction: Extraction;
}

/** Asks for one rating, once more when the reply holds none. Every reply is added to `judgements`. */
async function rate(
  judge: Judge,
  asked: { readonly messages: readonly ChatMessage[]; readonly prompt: string; readonly judgements: Judgement[] },
): Promise<Rated | Unscored> {
  const ask = async (messages: readonly ChatMessage[]) => {
    const reply = await judge.ask(messages);
    const reading = readRating(reply);
    asked.judgements.push({ prompt: asked.prompt, reply, rating: reading.rating });
    return { ...reading, reply };
  };
  try {
    const first = await ask(asked.messages);
    if (first.rating !== null) return { ...first, rating: first.rating };
    const second = await ask(askAgain(asked.messages, first.reply));
    if (second.rating !== null) return { ...second, rating: second.rating };
    return unread(second.reply, second.isOutOfRange);
  } catch (error) {
    return notAsked(error);
  }
}

const unscored = (code: FailureCode, reason: string, repeatable = false): Unscored => ({
  kind: 'unscored',
  code,
  reason,
  repeatable,
});

function unread(reply: string, isOutOfRange: boolean): Unscored {
  const shown = JSON.stringify(reply.trim().slice(-160));
  if (isOutOfRange)
    return unscored('judge.out_of_range', `the judge rated twice on no scale from 1 to 10; last: ${shown}`);
  if (isRefusal(reply)) return unscored('judge.refused', `the judge refused twice to rate; last: ${shown}`);
  return unscored('judge.parse_failed', `no rating could be read from two replies of the judge; last: ${shown}`);
}

function notAsked(error: unknown): Unscored {
  if (!isQwenEvalError(error)) throw error;
  return error.details['code'] === 'E_CONTEXT_EXCEEDED'
    ? unscored('judge.refused.context_exceeded', error.message)
    : unscored('judge.unreachable', error.message, true);
}

/** What stands for the names in the prompts; those of the original prompts of MT-Bench among them. */
function valuesOf({ turns }: JudgedInput, { references }: JudgedTarget, response: SampleResponse) {
  const values: Record<string, string> = {};
  for (const [index, question] of turns.entries()) {
    const answer = (response.turns[index] as AssistantTurn).answer.trim();
    if (index === 0) Object.assign(values, { question, answer });
    values[`question_${index + 1}`] = question;
    values[`answer_${index + 1}`] = answer;
    values[`ref_answer_${index + 1}`] = references?.[index] ?? '';
  }
  return values;
}

function scoredOf(rated: readonly Rated[], judgements: readonly Judgement[], response: SampleResponse): Scored {
  const ratings = rated.map(({ rating }) => rating);
  const rating = ratings.reduce((sum, one) => sum + one, 0) / ratings.length;
  const faults = response.turns.flatMap((turn) => responseFaults({ ...response, ...turn }));
  const isTop = rating === 10;
  return {
    kind: 'scored',
    score: (rating - 1) / 9,
    extraction: {
      value: ratings.join(', '),
      method: [...new Set(rated.map(({ extraction }) => extraction.method))].join(', '),
      span: null,
      candidates: rated.reduce((sum, one) => sum + one.extraction.candidates, 0),
    },
    measures: { rating, ...Object.fromEntries(ratings.map((one, index) => [`rating_${index + 1}`, one])) },
    codes: isTop ? [] : [...new Set([...faults.map(({ code }) => code), 'answer.below_top' as const])],
    explanation: isTop
      ? null
      : `The judge rated ${ratings.map((one, index) => `turn ${index + 1} with ${one}`).join(' and ')} of 10.`,
    judgements,
  };
}

/**
 * Has a judge rate each answer of a conversation from 1 to 10; the score is the mean rating as a share of the way from 1 to 10. A reply
 * without a rating is asked for once more; then, or when the judge cannot be asked, the sample is unscored.
 */
export default defineScorer<JudgedInput, JudgedTarget>({
  id: 'judged-rating',
  version: 1,
  async score({ sample: { input, target }, response }, { judge }): Promise<Scored | Unscored> {
    if (judge === null) return unscored('judge.missing', 'no judge was given to rate the answer');
    if (response.turns.length < input.turns.length) {
      const found = `${response.turns.length} of ${input.turns.length} answers`;
      return unscored('data.fault', `the response has ${found}: a judge rates whole conversations`);
    }
    const values = valuesOf(input, target, response);
    const judgements: Judgement[] = [];
    const rated: Rated[] = [];
    for (const turn of input.turns.keys()) {
      const name = judgePromptName(turn, target.references !== null);
      const prompt = target.prompts.prompts[name];
      if (prompt === undefined) return unscored('scorer.fault', `the task has no judge prompt ${name}`);
      const outcome = await rate(judge, { messages: messagesOf(prompt, values), prompt: name, judgements });
      if ('kind' in outcome) return { ...outcome, judgements };
      rated.push(outcome);
    }
    return scoredOf(rated, judgements, response);
  },
  gold: ({ id, input }) => goldJudgeReplies(id, input.turns),
  wrong: ({ id, input }) => wrongJudgeReplies(id, input.turns),
});
