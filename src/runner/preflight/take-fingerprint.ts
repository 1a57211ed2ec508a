import { isQwenEvalError } from '../../core/errors.ts';
import type { Fingerprint, ProbeId, ProbeResult } from '../../core/fingerprint.ts';
import { contentHash } from '../content-hash.ts';
import { isFatal } from '../request-model.ts';
import { Asking, found, type AskingParts, type Probe, type ProbeQuestion, type QuietAnswers } from './asking.ts';
import { contextLimit } from './probes/context-limit.ts';
import { determinism } from './probes/determinism.ts';
import { jsonSchema } from './probes/json-schema.ts';
import { limits } from './probes/limits.ts';
import { logProbabilities } from './probes/log-probabilities.ts';
import { sampling } from './probes/sampling.ts';
import { servedModel } from './probes/served-model.ts';
import { template } from './probes/template.ts';
import { thinking } from './probes/thinking.ts';
import { toolCall } from './probes/tool-call.ts';

const answerTokens = 24;

const texts: readonly string[] = [
  'name three colours of the rainbow.',
  'describe in a few sentences how bread is made, from the flour to the loaf on the table, for someone who has never seen an oven.',
  'what is the difference between a lake and a sea? Answer for a child of eight years who lives in the mountains.',
];

/** Probes that need the server for themselves, in order: in company a server may shift an answer, which is no answer to what they ask. */
const alone: readonly Probe[] = [determinism, sampling];

/** Probes that may be in flight together, after those. */
const together: readonly Probe[] = [
  servedModel,
  template,
  contextLimit,
  limits,
  logProbabilities,
  thinking,
  toolCall,
  jsonSchema,
];

/** What changes from one time to the next on the same server. */
const passing = new Set<ProbeId>(['repeatable', 'company', 'seed']);

type Results = Partial<Record<ProbeId, ProbeResult>>;

/** A failure that the run would meet too is thrown; any other leaves what was asked unknown. */
async function attempt(ids: readonly ProbeId[], work: () => Promise<Results>): Promise<Results> {
  try {
    return await work();
  } catch (error) {
    if (!isQwenEvalError(error) || isFatal(error)) throw error;
    return Object.fromEntries(ids.map((id) => [id, found('unknown', error.message)]));
  }
}

async function askQuietly(asking: Asking): Promise<QuietAnswers> {
  const logProbs = asking.parts.description.capabilities.tokenLogProbabilities.supported;
  const questions: readonly ProbeQuestion[] = texts.map((text) => ({
    text,
    maxTokens: answerTokens,
    ...(logProbs ? { topLogProbabilities: 5 } : {}),
  }));
  const alone = [];
  for (const question of questions) alone.push(await asking.ask(question));
  return { questions, alone };
}

async function probeAll(asking: Asking): Promise<Results> {
  const quiet = await askQuietly(asking);
  const results: Results[] = [];
  const run = (probe: Probe): Promise<Results> => attempt(probe.ids, () => probe.run(asking, quiet));
  for (const probe of alone) results.push(await run(probe));
  results.push(...(await Promise.all(together.map(run))));
  return Object.assign({}, ...results) as Results;
}

/** Finds out by about twenty small requests what a server does as asked. Throws what every further request would meet too: a refused key, a model that is not there. */
export async function takeFingerprint(parts: AskingParts): Promise<Fingerprint> {
  const asking = new Asking(parts);
  const takenAt = parts.clock.now();
  const ids = [...alone, ...together].flatMap((probe) => probe.ids);
  const results = await attempt(ids, () => probeAll(asking));
  const probes: Results = Object.fromEntries(ids.map((id) => [id, results[id] ?? found('unknown', 'not tried')]));
  const lasting = ids.filter((id) => !passing.has(id) && probes[id]?.verdict === 'no').toSorted();
  const { description } = parts;
  return {
    schemaVersion: 1,
    takenAt,
    requests: asking.requests,
    probes,
    identity: contentHash({
      engine: description.engine,
      version: description.version,
      model: { ...description.model },
      notAsAsked: lasting,
    }),
  };
}
