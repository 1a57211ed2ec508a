import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { RuleSet, RuleVerdict, TaskRule } from '../core/ports/rule-set.ts';
import type { ScoringInput, ScoringServices } from '../core/ports/scorer.ts';
import type { Task } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { loadRuleSet } from './load-plugin.ts';
import { openServices, type OpenServices } from './open-services.ts';

/** The rules of another tool for one task, ready to be applied; close them when done. */
export interface PeerRules {
  readonly id: string;
  /** A code fence around an answer breaks it. */
  readonly wantsContinuation: boolean;
  /** A rule that fails gives the reason, never a verdict. */
  apply(input: ScoringInput): Promise<RuleVerdict | { readonly failed: string }>;
  close(): Promise<void>;
}

/** The rule of another tool for a task. */
interface PeerRule {
  readonly rules: RuleSet;
  readonly rule: TaskRule;
}

/** Finds the rules that `--rules` names; null for the certified ones. Throws E_OPTION_INVALID for unknown rules and for rules that do not cover the task. */
export async function findPeerRule(task: Task, id: string): Promise<PeerRule | null> {
  if (id === 'certified') return null;
  const rules = await loadRuleSet(id);
  const rule = rules.tasks[task.id];
  if (rule !== undefined) return { rules, rule };
  throw new QwenEvalError('E_OPTION_INVALID', `the rules ${rules.id} do not cover ${task.id}`, {
    hint: `they cover ${Object.keys(rules.tasks).join(', ')}`,
  });
}

/** What certified scoring has open, which rules may share. */
interface Certified {
  readonly task: Task;
  readonly samples: ReadonlyMap<string, Sample>;
  readonly services: ScoringServices;
}

/** Opens what a rule needs. */
export async function openPeerRules(
  { rules, rule }: PeerRule,
  { task, samples, services }: Certified,
  options: Pick<Options, 'sandbox' | 'sandboxMode' | 'cacheDir'>,
): Promise<PeerRules> {
  const mode = rules.sandboxMode ?? options.sandboxMode;
  const loadGold = (): Promise<Iterable<Sample>> => Promise.resolve(samples.values());
  const own: OpenServices | null =
    task.needs.includes('sandbox') && mode !== options.sandboxMode
      ? await openServices([{ task, loadGold }], { ...options, sandboxMode: mode })
      : null;
  return {
    id: rules.id,
    wantsContinuation: rule.wantsContinuation ?? false,
    apply: async (input) => {
      try {
        return await rule.apply(input, own?.services ?? services);
      } catch (error) {
        return { failed: error instanceof Error ? error.message : String(error) };
      }
    },
    close: async () => own?.close(),
  };
}
