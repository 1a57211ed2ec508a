import { z } from 'zod';

/** Arguments of an instruction as the benchmark's file has them; each type uses its own. */
export const instructionArgumentsSchema = z.strictObject({
  relation: z.enum(['less than', 'at least']).optional(),
  let_relation: z.enum(['less than', 'at least']).optional(),
  capital_relation: z.enum(['less than', 'at least']).optional(),
  num_sentences: z.int().optional(),
  num_words: z.int().optional(),
  num_paragraphs: z.int().optional(),
  nth_paragraph: z.int().optional(),
  first_word: z.string().optional(),
  num_placeholders: z.int().optional(),
  postscript_marker: z.string().optional(),
  num_bullets: z.int().optional(),
  num_highlights: z.int().optional(),
  section_spliter: z.string().optional(),
  num_sections: z.int().optional(),
  keywords: z.array(z.string()).readonly().optional(),
  keyword: z.string().optional(),
  frequency: z.int().optional(),
  forbidden_words: z.array(z.string()).readonly().optional(),
  letter: z.string().optional(),
  let_frequency: z.int().optional(),
  language: z.string().optional(),
  prompt_to_repeat: z.string().optional(),
  end_phrase: z.string().optional(),
  capital_frequency: z.int().optional(),
});

export type InstructionArguments = z.infer<typeof instructionArgumentsSchema>;

/** One verifiable instruction of a prompt. */
export interface Instruction {
  /** E.g. `punctuation:no_comma`. */
  readonly id: string;
  readonly given: InstructionArguments;
}

/** `upstream` grades as the benchmark's own program does, faults included; `corrected` mends the checkers that grade something else than what was asked. */
export type CheckMode = 'upstream' | 'corrected';
