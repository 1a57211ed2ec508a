/** Ways to word what stands behind a task's question; `plain` adds nothing. */
export const promptVariants = ['plain', 'step_by_step', 'plan_first', 'careful', 'brief'] as const;

export type PromptVariant = (typeof promptVariants)[number];
