import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import type { SandboxCall, SandboxVerdict, SandboxVerdictKind } from '../../core/ports/sandbox.ts';

const text = z.string().nullable();

const reportSchema = z.object({
  kind: z.enum([
    'passed',
    'failed',
    'syntax',
    'runtime',
    'wrong_entry_point',
    'timeout',
    'memory',
    'denied',
    'fault',
    'gone',
  ]),
  error: text,
  detail: text,
  calls: z
    .array(
      z.union([
        z.object({ raised: z.string(), message: z.string(), seconds: z.number() }),
        z.object({ value: z.custom<Json>(), seconds: z.number() }),
      ]),
    )
    .optional(),
});

/** What the tester's side said; `gone` when the candidate's side ended without an answer. */
export interface TesterReport {
  readonly kind: SandboxVerdictKind | 'gone';
  readonly error: string | null;
  readonly detail: string | null;
  readonly calls: readonly SandboxCall[];
}

/** Parses the tester's JSON; null when it is no report. */
export function parseTesterReport(json: string): TesterReport | null {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return null;
  }
  const parsed = reportSchema.safeParse(data);
  if (!parsed.success) return null;
  const { kind, error, detail, calls } = parsed.data;
  return {
    kind,
    error: error?.slice(0, 200) ?? null,
    detail: detail?.slice(0, 2000) ?? null,
    calls: (calls ?? []).map((call) => {
      const wallMs = 1000 * call.seconds;
      return 'raised' in call
        ? { kind: 'raised', error: call.raised, detail: call.message, wallMs }
        : { kind: 'returned', value: call.value, wallMs };
    }),
  };
}

/** Builds a verdict; texts are cut to what the port allows. */
export const verdictOf = (
  kind: SandboxVerdictKind,
  error: string | null,
  rest: { readonly detail?: string | null; readonly wallMs: number },
): SandboxVerdict => ({ kind, error, detail: rest.detail?.slice(0, 2000) ?? null, wallMs: rest.wallMs });
