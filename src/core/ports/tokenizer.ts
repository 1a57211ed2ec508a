/** Counts and cuts text in the model's own tokens. */
export interface Tokenizer {
  /** Where the counts come from, e.g. `engine`, `tokenizer.json sha256:…`. */
  readonly source: string;
  encode(text: string): Promise<readonly number[]>;
  count(text: string): Promise<number>;
}
