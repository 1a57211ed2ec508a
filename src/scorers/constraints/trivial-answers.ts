const filler = 'This is a nice topic. There are many things to say about it. I hope you like it.';

/** Answers that take no reading of the rules: a prompt that one of them passes is no test and is never asked. */
export const trivialAnswers = (prompt: string): readonly { readonly kind: string; readonly text: string }[] => [
  { kind: 'empty', text: '' },
  { kind: 'ok', text: 'OK' },
  { kind: 'ok-lower', text: 'ok.' },
  { kind: 'refusal', text: 'I am sorry, but I cannot help with that.' },
  { kind: 'echo', text: prompt },
  { kind: 'filler', text: filler },
  { kind: 'spam', text: `${filler}\n\n`.repeat(12).trim() },
];
