import type { BudgetProbe } from '../core/budget-probe.ts';
import { isEstimated } from '../core/estimate.ts';
import type { Fingerprint } from '../core/fingerprint.ts';
import type { RunEvent } from '../core/run-event.ts';
import { formatShare } from '../text/format-estimate.ts';

/** What the server did not do as asked, in one notice. */
export function* preflightNotices(fingerprint: Fingerprint | null): Generator<RunEvent> {
  if (fingerprint === null) return;
  const probes = Object.entries(fingerprint.probes);
  const failed = probes.filter(([, { verdict }]) => verdict === 'no').map(([id, { observed }]) => `${id}: ${observed}`);
  if (failed.length === 0) return;
  const passed = probes.filter(([, { verdict }]) => verdict === 'yes').length;
  yield {
    kind: 'notice',
    level: 'warning',
    message: `preflight: ${passed} things are done as asked, these are not: ${failed.join('; ')}`,
  };
}

/** The budgets a probe chose, one notice a task. */
export function* budgetNotices(probes: Readonly<Record<string, BudgetProbe>> | null): Generator<RunEvent> {
  for (const [task, probe] of Object.entries(probes ?? {})) {
    const { budgetTokens, longestTokens, answered, expectedTruncation } = probe;
    const isShort = isEstimated(expectedTruncation) && expectedTruncation.value > 0;
    const cut = isShort ? `; ${formatShare(expectedTruncation)} of the answers will be truncated` : '';
    yield {
      kind: 'notice',
      level: isShort ? 'warning' : 'info',
      message: `${task}: budget ${budgetTokens} tokens, from ${answered} answers of which the longest that ended had ${longestTokens ?? 'no'} tokens${cut}`,
    };
  }
}
