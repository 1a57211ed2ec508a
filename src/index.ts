/**
 * The library: plan, run, resume, score and certify evaluations, and define tasks, scorers, metrics, engines and sandboxes. Importing it
 * does nothing else: no file, environment variable or network is touched before a function is called.
 */
export { defineConfig } from './config/load-config.ts';
export type { Options } from './config/options.ts';
export { isEstimated, type Estimate, type Estimated, type Unavailable } from './core/estimate.ts';
export { exitCodeOf, isQwenEvalError, QwenEvalError, type ErrorCode } from './core/errors.ts';
export type { ChatMessage, ToolCall, ToolDefinition } from './core/message.ts';
export { defineEngine, supported, unsupported, type Engine, type EnginePlugin } from './core/ports/engine.ts';
export { defineMetric, type Metric } from './core/ports/metric.ts';
export { defineSandbox, type Sandbox } from './core/ports/sandbox.ts';
export { defineScorer, type Scorer } from './core/ports/scorer.ts';
export { defineTask, type Task } from './core/ports/task.ts';
export type { SampleResponse } from './core/response.ts';
export type { Certificate, ResultDocument, TaskResult } from './core/result-document.ts';
export type { RunEvent } from './core/run-event.ts';
export type { RunPlan } from './core/run-plan.ts';
export type { Sample } from './core/sample.ts';
export type { SampleRecord } from './core/sample-record.ts';
export { certifyTask } from './runner/certify.ts';
export { rescore } from './runner/rescore.ts';
export { plan, resume, run, type RunOptions, type RunRuntime } from './runner/run.ts';
export type { RunControl } from './runner/run-session.ts';
export { score, type ScoreSummary } from './runner/score.ts';
export { readJournal } from './store/journal.ts';
export { formatEstimate } from './text/format-estimate.ts';
