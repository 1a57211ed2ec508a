import { detailOf, taskVerdict, type DiagnosedTask } from '../diagnosed-run.ts';
import { countOf, exampleIds, isNotable, tally } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';
import type { SampleFacts } from '../sample-facts.ts';
import { registryModelOf, toolParserCommand } from '../server-advice.ts';

/** Gap between the verdicts before and after repairs from which the server's parser is at fault. */
const artefactGap = 0.1;
const fewestForGap = 10;

const shapes: Readonly<Record<string, string>> = {
  hermes_text: 'as Hermes JSON in the text',
  xml_text: 'as XML in the text',
  xml_malformed: 'as broken XML',
  tools_tag: 'in <tools> tags',
  fenced: 'in code fences',
  bare_json: 'as bare JSON',
  pythonic: 'as Python calls',
  react: 'as ReAct steps',
  call_in_think: 'inside the thinking',
};

const mismatch = 'format_mismatch';
/** Details of the family that are no matter of tools. */
const otherDetails = new Set(['think_leak', 'template']);

function shapeOf({ code, codes }: SampleFacts): string | null {
  const [detail] = [code, ...codes].flatMap((one) => (one === null ? [] : (detailOf(one, mismatch) ?? [])));
  return detail === undefined || otherDetails.has(detail) ? null : detail;
}

/** How much the score would rise if calls in another form counted; null where too few samples have both verdicts. */
function gapOf(samples: readonly SampleFacts[]): number | null {
  const gaps = samples.flatMap(({ measures: { strict = null, lenient = null } }) =>
    strict === null || lenient === null ? [] : [lenient - strict],
  );
  return gaps.length < fewestForGap ? null : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
}

function adviceOf({ run, plan }: DiagnosedTask): string {
  const written = registryModelOf(run.document)?.family.toolFormat ?? 'hermes';
  const byPrompt = rerunCommand(run.document, plan.task, { toolFormat: written });
  const command = plan.settings.toolFormat === 'native' ? toolParserCommand(run.document) : null;
  return command === null ? byPrompt : `${command} (or, without touching the server: ${byPrompt})`;
}

/** Calls that came in another form than the server's parser reads: the score is a serving artefact. */
export const wrongToolParser = taskVerdict('wrong_tool_parser', (task) => {
  const { plan, samples } = task;
  const foreign = samples.flatMap((sample) => {
    const shape = shapeOf(sample);
    return shape === null ? [] : [{ sample, shape }];
  });
  const gap = gapOf(samples);
  const isArtefact = gap !== null && gap >= artefactGap;
  if (!isNotable(foreign.length, samples.length) && !isArtefact) return null;
  const shapesSeen = tally(foreign.map(({ shape }) => shape));
  const [shape] = shapesSeen[0] ?? [];
  const written = shape === undefined ? 'in a form that needs repairs' : (shapes[shape] ?? `as ${shape}`);
  const gain = gap === null || gap <= 0 ? '' : `; read leniently the score is ${(gap * 100).toFixed(0)} points higher`;
  return {
    severity: 'error',
    summary: `${plan.task}: the score is a serving artefact: ${countOf(foreign.length, samples.length)} answers write their calls ${written}, which the ${plan.settings.toolFormat ?? 'tool'} parser does not read${gain}`,
    evidence: {
      foreign: foreign.length,
      answers: samples.length,
      shapes: Object.fromEntries(shapesSeen),
      strictLenientGap: gap,
      samples: exampleIds(foreign.map(({ sample }) => sample)),
    },
    advice: adviceOf(task),
  };
});
