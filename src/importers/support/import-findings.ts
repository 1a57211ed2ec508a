import type { Finding } from '../../tracker/finding.ts';
import type { ImportedLog } from './imported-log.ts';
import type { TaskImport } from './import-report.ts';
import type { ResolvedTask } from './resolve-task.ts';

/** Rounding in a tool's summary. */
const summaryTolerance = 5e-4;

/** What a reader must know of an imported log: what could not be used, what is not told, where verdicts and summaries do not fit. */
export function findingsOf(
  log: ImportedLog,
  { tasks, reports }: { readonly tasks: readonly ResolvedTask[]; readonly reports: readonly TaskImport[] },
): readonly Finding[] {
  const scored = new Set(tasks.map(({ logged }) => logged));
  return [
    ...log.tasks
      .filter((logged) => !scored.has(logged))
      .map(({ name }): Finding => ({
        id: 'import.not_scorable',
        severity: 'error',
        quote: name,
        explanation: `${name} was left out: it is no benchmark of this program, and its answers are neither options nor numbers`,
      })),
    ...tasks.flatMap(aboutQuestions),
    ...reports.flatMap((report) => [...aboutSummaries(report), ...aboutVerdicts(report)]),
  ];
}

function aboutQuestions({ logged, task, unknown, isForeignBecause }: ResolvedTask): readonly Finding[] {
  const foreign: Finding[] =
    isForeignBecause === null
      ? []
      : [
          {
            id: 'import.foreign_benchmark',
            severity: 'info',
            quote: logged.name,
            explanation: `${isForeignBecause}: it stands as ${task.id}, scored from the questions and the key in the log, and is comparable only with the same questions`,
          },
        ];
  const missing = unknown.map(({ where, question }): Finding => ({
    id: 'import.question_unknown',
    severity: 'error',
    quote: (question ?? where).slice(0, 160),
    explanation: `${where}: ${task.id} has no such question with the same options, so the answer was left out`,
  }));
  const hasNoEnds =
    logged.choiceMode !== 'loglikelihood' && logged.samples.every(({ answer }) => answer.finishReason === 'unknown');
  const ends: Finding[] = hasNoEnds
    ? [
        {
          id: 'import.truncation_unknown',
          severity: 'warning',
          quote: logged.name,
          explanation: 'the log does not say why answers ended, so none of them is known to be cut off or complete',
        },
      ]
    : [];
  return [...foreign, ...missing, ...ends];
}

const aboutSummaries = ({ name, metrics }: TaskImport): readonly Finding[] =>
  metrics
    .filter(({ stated, theirs }) => stated !== null && theirs !== null && Math.abs(stated - theirs) > summaryTolerance)
    .map(({ metric, stated, theirs }) => ({
      id: 'import.summary_differs',
      severity: 'error',
      quote: `${name} ${metric} ${stated}`,
      explanation: `the tool's summary says ${stated}, the verdicts on the answers in the log come to ${theirs?.toFixed(4)}: the log holds other answers than the summary was made of`,
    }));

const aboutVerdicts = ({ task, differences }: TaskImport): readonly Finding[] =>
  differences.map(({ sampleId, epoch, quote, explanation }) => ({
    id: 'import.verdict_differs',
    severity: 'warning',
    quote,
    explanation: `${task} ${sampleId}${epoch === 0 ? '' : ` (epoch ${epoch})`}: ${explanation}`,
  }));
