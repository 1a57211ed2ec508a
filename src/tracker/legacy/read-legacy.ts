import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { QwenEvalError } from '../../core/errors.ts';
import { mendMacRoman } from '../../text/mend-mac-roman.ts';
import { checkClaims } from './checks/claims.ts';
import { checkContext } from './checks/context.ts';
import type { CheckFacts, LegacyCheck } from './checks/legacy-check.ts';
import { checkMemory } from './checks/memory.ts';
import { checkNames } from './checks/names.ts';
import { checkScores } from './checks/scores.ts';
import { checkSizes } from './checks/sizes.ts';
import { checkThroughput } from './checks/throughput.ts';
import type { LegacyFinding, LegacyTracker } from './legacy-tracker.ts';
import { parseLegacy, type LegacyNames } from './parse-legacy.ts';
import { readNumbers } from './read-numbers.ts';

/** What an old document is read and checked with. */
export type LegacyContext = LegacyNames & CheckFacts;

const checks: readonly LegacyCheck[] = [
  checkNames,
  checkSizes,
  checkContext,
  checkMemory,
  checkThroughput,
  checkScores,
  checkClaims,
];

/** Reads an old tracker document and checks every number of it. Throws E_FILE_UNREADABLE, and E_INPUT_INVALID when it holds neither models nor results. */
export function readLegacy(path: string, context: LegacyContext): LegacyTracker {
  const content = readContent(path);
  const mended = mendMacRoman(new TextDecoder('utf-8', { ignoreBOM: false }).decode(content));
  const lines = mended.text.split(/\r?\n/);
  const parsed = parseLegacy(lines, context);
  if (parsed.models.length === 0 && parsed.results.length === 0) {
    throw new QwenEvalError('E_INPUT_INVALID', `${path} is no tracker document: it lists no models and no results`, {
      hint: 'it must have a table with the columns Model ID and HuggingFace ID, or sections of results by model and preset',
    });
  }
  const findings = [
    ...(mended.mended === 0 ? [] : [mendedFinding(mended.mended, lines)]),
    ...checks.flatMap((check) => check(parsed, { ...context, lines })),
  ];
  return {
    ...parsed,
    mended: mended.mended,
    source: {
      name: basename(path),
      sha256: createHash('sha256').update(content).digest('hex'),
      lines: lines.length,
    },
    numbers: [...readNumbers(lines, findings)],
    findings,
  };
}

function readContent(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new QwenEvalError('E_FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

const mendedFinding = (count: number, lines: readonly string[]): LegacyFinding => ({
  id: 'legacy.characters_mended',
  severity: 'info',
  quote: /\p{Extended_Pictographic}\uFE0F?/u.exec(lines.join('\n'))?.[0] ?? '',
  explanation: `${count} characters were written as UTF-8 and read as Mac Roman; they were mended`,
  lines: [],
  cells: [],
});
