import type { VerdictKind } from './diagnosed-run.ts';
import { chance } from './verdicts/chance.ts';
import { clientLimited } from './verdicts/client-limited.ts';
import { contamination } from './verdicts/contamination.ts';
import { context } from './verdicts/context.ts';
import { datasetChanged } from './verdicts/dataset-changed.ts';
import { emptyContent } from './verdicts/empty-content.ts';
import { impossibleMemory } from './verdicts/impossible-memory.ts';
import { impossibleSpeed } from './verdicts/impossible-speed.ts';
import { infrastructure } from './verdicts/infrastructure.ts';
import { judge } from './verdicts/judge.ts';
import { modeNotHonoured } from './verdicts/mode-not-honoured.ts';
import { oneCategory } from './verdicts/one-category.ts';
import { oneLetterBias } from './verdicts/one-letter-bias.ts';
import { preflight } from './verdicts/preflight.ts';
import { refusal } from './verdicts/refusal.ts';
import { repetition } from './verdicts/repetition.ts';
import { samplingGuidance } from './verdicts/sampling-guidance.ts';
import { scorerFault } from './verdicts/scorer-fault.ts';
import { slowDecode } from './verdicts/slow-decode.ts';
import { templateMismatch } from './verdicts/template-mismatch.ts';
import { thinkingLeaked } from './verdicts/thinking-leaked.ts';
import { truncation } from './verdicts/truncation.ts';
import { wrongToolParser } from './verdicts/wrong-tool-parser.ts';
import { zero } from './verdicts/zero.ts';

/**
 * Every kind of verdict, root causes first: what came of a fault stands after the fault, so that the first verdict of a run is the one to
 * act on. A new kind is a file in verdicts/ and its place in this list.
 */
export const verdictKinds: readonly VerdictKind[] = [
  infrastructure,
  impossibleMemory,
  impossibleSpeed,
  context,
  scorerFault,
  judge,
  datasetChanged,
  preflight,
  templateMismatch,
  modeNotHonoured,
  samplingGuidance,
  wrongToolParser,
  thinkingLeaked,
  repetition,
  truncation,
  emptyContent,
  refusal,
  oneLetterBias,
  chance,
  contamination,
  oneCategory,
  zero,
  clientLimited,
  slowDecode,
];
