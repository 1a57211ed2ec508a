import type { ProbeId, ProbeResult } from '../../core/fingerprint.ts';
import type { Verdict } from '../../core/result-document.ts';
import type { DiagnosedRun, VerdictKind } from '../diagnosed-run.ts';
import { rerunCommand } from '../rerun-command.ts';
import { contextCommand, serverRendersChat, toolParserCommand } from '../server-advice.ts';

type Judgement = Pick<Verdict, 'severity' | 'advice'> & { readonly summary: string };

/** What a probe that did not go as asked means for the run; null where it means nothing for this one. */
const judgements: Partial<Record<ProbeId, (run: DiagnosedRun) => Judgement | null>> = {
  served_model: ({ document }) => ({
    severity: 'error',
    summary: 'another model may be answering than the one named',
    advice: `qwen-eval show ${document.runId} --json, and start the server with the model that is meant`,
  }),
  template: ({ document }) => ({
    severity: 'warning',
    summary: 'the server does not ask with the template it shows',
    advice: `qwen-eval show ${document.runId} --json, and compare the server’s chat template with the model’s own`,
  }),
  context_limit: ({ document }) => ({
    severity: 'error',
    summary: 'prompts that do not fit are clipped and answered all the same',
    advice:
      contextCommand(document, (document.plan.engine.contextLength ?? 32_768) * 2) ??
      `qwen-eval show ${document.runId} --json, and update the server: it must refuse what does not fit`,
  }),
  max_tokens: ({ document }) => ({
    severity: 'error',
    summary: 'the server does not keep the limit on output tokens, so truncation and budgets mean nothing',
    advice: rerunCommand(document, null, {
      extraBody: { max_completion_tokens: Math.max(0, ...document.plan.tasks.map((task) => task.settings.maxTokens)) },
    }),
  }),
  stop: ({ document }) => ({
    severity: 'warning',
    summary: 'the server goes on past stop texts',
    advice: `qwen-eval show ${document.runId} --json, and update the server`,
  }),
  temperature: ({ document }) =>
    document.plan.tasks.every((task) => task.sampling.temperature === 0)
      ? null
      : {
          severity: 'warning',
          summary: 'the server ignores the temperature, so that the sampling of the plan was not in force',
          advice: rerunCommand(document, null, { temperature: 0 }),
        },
  company: ({ document }) => ({
    severity: 'error',
    summary: 'the server gives other answers in company than alone: scores under load are not the model’s',
    advice: rerunCommand(document, null, { maxConnections: 1 }),
  }),
  thinking_on: (run) => modeJudgement(run, 'thinking'),
  thinking_off: (run) => modeJudgement(run, 'non-thinking'),
  tool_call: ({ document }) =>
    document.plan.tasks.some((task) => task.settings.toolFormat === 'native')
      ? {
          severity: 'warning',
          summary: 'the tool parser of the server does not read the calls of the model',
          advice: toolParserCommand(document) ?? rerunCommand(document, null, { toolFormat: 'hermes' }),
        }
      : null,
};

function modeJudgement({ document }: DiagnosedRun, mode: string): Judgement | null {
  if (document.plan.mode !== mode || !serverRendersChat(document)) return null;
  const isByTemplate = Object.keys(document.plan.thinking.templateArguments).length > 0;
  return {
    severity: 'warning',
    summary: `the server did not go into ${mode} mode when it was tried`,
    advice: rerunCommand(document, null, { mode, modeSwitch: isByTemplate ? 'top-level' : 'template' }),
  };
}

/** What the server did not do as asked before the run. */
export const preflight: VerdictKind = {
  id: 'preflight',
  judge: (run) =>
    Object.entries(run.document.fingerprint?.probes ?? {}).flatMap(([id, probe]: [string, ProbeResult]) => {
      const judgement = probe.verdict === 'no' ? (judgements[id as ProbeId]?.(run) ?? null) : null;
      if (judgement === null) return [];
      return [
        {
          id: 'preflight',
          severity: judgement.severity,
          summary: `${judgement.summary}: ${probe.observed}`,
          evidence: { probe: id, ...probe.facts },
          advice: judgement.advice,
        },
      ];
    }),
};
