/** One question of a task. `Input` and `Target` are the task's own JSON-serialisable shapes. */
export interface Sample<Input = unknown, Target = unknown> {
  /** Stable id within the task (DESIGN §5 lists the form for each benchmark). */
  readonly id: string;
  /** Subject, level or family; null where the benchmark has none. Used for stratified subsets and breakdowns. */
  readonly category: string | null;
  /** Samples that share a source (same article, same template) carry the same cluster; null means the sample stands alone. */
  readonly cluster: string | null;
  readonly input: Input;
  readonly target: Target;
  /** Set when the sample is known to be broken: it is left out of gold totals and is unscored with `data.fault`. */
  readonly fault?: string;
  /** True when judging an answer takes seconds: certificates over a part of the problems leave it to those over all. */
  readonly isSlow?: boolean;
}
