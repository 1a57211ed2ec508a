import type { RuleVerdict } from '../../../core/ports/rule-set.ts';
import type { SandboxProgram, SandboxVerdict } from '../../../core/ports/sandbox.ts';
import type { ScoringServices } from '../../../core/ports/scorer.ts';

/** A program as another tool would run it: tests and candidate in one namespace. */
export interface PeerProgram extends Pick<SandboxProgram, 'id' | 'candidate' | 'tests' | 'entryPoint' | 'timeLimitMs'> {
  readonly setup?: string;
  readonly values?: NonNullable<SandboxProgram['values']>;
  /** True where the tool looks at the exit status alone, so that a program which exits with 0 has passed. */
  readonly trustsExit?: boolean;
  /** How the tool came to the candidate, as a sentence. */
  readonly how: string;
}

const exitedWithZero = ({ error, detail }: SandboxVerdict): boolean =>
  error === 'SystemExit' && /^(?:0$|0\n|None\b|$)|status 0\b/.test(detail ?? '');

const firstLine = (text: string | null): string => text?.split('\n')[0] ?? '';

/** Runs a program by another tool's rules. Throws where there is no sandbox or it fails: that is no verdict. */
export async function judgePeerProgram(
  { sandbox }: ScoringServices,
  { how, trustsExit = false, ...program }: PeerProgram,
): Promise<RuleVerdict> {
  if (sandbox === null) throw new Error('code needs a sandbox');
  const verdict = await sandbox.run({ setup: '', ...program });
  const { kind, error, detail } = verdict;
  if (kind === 'fault') throw new Error(`the sandbox failed: ${error} ${firstLine(detail)}`);
  const extracted = program.candidate;
  if (kind === 'passed') return { correct: true, extracted, why: `${how} It runs to its end.` };
  if (trustsExit && exitedWithZero(verdict)) {
    return { correct: true, extracted, why: `${how} It exits with status 0, which counts as a pass.` };
  }
  const ending = [kind.replaceAll('_', ' '), error, firstLine(detail)].filter((part) => part).join(': ');
  return { correct: false, extracted, why: `${how} It ends with ${ending}.` };
}

/** The text of the first fenced block with a given tag (none for the empty one); null when there is none. */
export function firstBlock(text: string, tag: string): string | null {
  const open = `\`\`\`${tag}\n`;
  const from = text.indexOf(open);
  const to = from < 0 ? -1 : text.indexOf('```', from + open.length);
  return to < 0 ? null : text.slice(from + open.length, to);
}
