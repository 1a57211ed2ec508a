/** Our measure for the names that tools give verdicts on followed instructions. */
export const instructionMeasures: Readonly<Record<string, string>> = {
  prompt_level_strict: 'prompt_strict',
  prompt_level_loose: 'prompt_loose',
  prompt_level_strict_acc: 'prompt_strict',
  prompt_level_loose_acc: 'prompt_loose',
};
