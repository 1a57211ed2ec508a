import type { ResultDocument } from './result-document.ts';
import type { RunDocument } from './run-document.ts';
import type { SampleRecord } from './sample-record.ts';

/** What happens in a run, in order. The journal, the live display and every report are readers of this stream. */
export type RunEvent =
  | {
      readonly kind: 'runStarted';
      readonly document: RunDocument;
      readonly directory: string;
      readonly planned: Readonly<Record<string, number>>;
      readonly alreadyDone: number;
    }
  | {
      readonly kind: 'taskCertified';
      readonly task: string;
      readonly passed: boolean;
      readonly gold: string;
      readonly wrong: string;
    }
  | {
      readonly kind: 'taskRefused';
      readonly task: string;
      readonly code: string;
      readonly message: string;
      readonly hint: string | null;
    }
  | { readonly kind: 'sampleFinished'; readonly record: SampleRecord }
  | {
      readonly kind: 'sampleFailed';
      readonly task: string;
      readonly sampleId: string;
      readonly epoch: number;
      readonly code: string;
      readonly reason: string;
      readonly attempts: number;
    }
  | { readonly kind: 'limitChanged'; readonly limit: number; readonly reason: string }
  | { readonly kind: 'notice'; readonly level: 'info' | 'warning'; readonly message: string }
  | { readonly kind: 'draining'; readonly inFlight: number }
  | {
      readonly kind: 'runEnded';
      readonly result: ResultDocument;
      readonly directory: string;
      readonly reason: 'complete' | 'incomplete' | 'interrupted' | 'error_budget';
    };
