import { familyOf } from '../core/failure-code.ts';

/** What happened to answers with a code, as the end of "164 of 164 answers …". */
const phrases: Readonly<Record<string, string>> = {
  'ctx.exceeded': 'did not fit into the context',
  'ctx.clamped': 'saw a clipped prompt',
  'gen.truncated': 'were cut at the token limit',
  'gen.repetition': 'ended in a loop',
  'gen.filtered': 'were stopped by the content filter of the server',
  'gen.empty': 'were empty',
  'gen.empty_after_think': 'held thinking and no answer after it',
  'gen.refused': 'were refusals',
  format_mismatch: 'were written in another form than the server was asked for',
  'extract.no_answer': 'held no answer in a form that counts',
  'extract.ambiguous': 'named several answers at once',
  'extract.no_code_block': 'held no code',
  json: 'were no plain JSON',
  'code.syntax': 'were no valid program',
  'code.wrong_entry_point': 'did not define the function that was asked for',
  'code.runtime': 'failed with an exception',
  'code.timeout': 'ran out of time',
  'code.oom': 'ran out of memory',
  'code.assertion': 'gave wrong results',
  'code.sandbox_denied': 'tried what the sandbox does not allow',
  'select.no_call': 'called no tool',
  'select.spurious_call': 'called a tool where none should be called',
  'select.unknown_tool': 'called a tool that does not exist',
  'select.wrong_tool': 'called the wrong tool',
  'select.wrong_count': 'made too many or too few calls',
  'step.loop': 'made the same call over and over',
  'step.budget': 'ran out of steps',
  'step.premature_stop': 'stopped before the goal',
  'choice.chance': 'rest on log-probabilities that say nothing',
  if: 'broke an instruction',
  'answer.wrong': 'were wrong',
};

/** What happened to answers with this code, as the end of "N of M answers …". */
export function describeMisses(code: string): string {
  const family = familyOf(code);
  if (family === null) return `have the code ${code}`;
  const group = family.split('.')[0] as string;
  return phrases[family] ?? phrases[group] ?? groups[group] ?? `have the code ${code}`;
}

const groups: Readonly<Record<string, string>> = {
  args: 'called a tool with wrong arguments',
  step: 'did not reach the goal',
  state: 'left the wrong state behind',
  turn: 'lost the thread of the conversation',
  infra: 'never came: the request failed',
  judge: 'got no verdict from the judge',
};
