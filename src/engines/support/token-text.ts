const replacement = '\uFFFD';
/** A character has at most four bytes, so no more than three byte tokens can be waiting for the rest of one. */
const longestWait = 4;

/** Turns tokens into text as they come; a character whose bytes are spread over tokens is given out when it is complete. */
export class TokenText {
  readonly #detokenize: (tokens: readonly number[], before: readonly number[]) => string;
  #pending: number[] = [];
  #before: readonly number[] = [];

  constructor(detokenize: (tokens: readonly number[], before: readonly number[]) => string) {
    this.#detokenize = detokenize;
  }

  /** The text that this token completes; '' while a character is unfinished. */
  push(token: number): string {
    this.#pending.push(token);
    const text = this.#detokenize(this.#pending, this.#before);
    if (text.endsWith(replacement) && this.#pending.length < longestWait) return '';
    this.#advance();
    return text;
  }

  /** What is left of an unfinished character when generation ends. */
  flush(): string {
    if (this.#pending.length === 0) return '';
    const text = this.#detokenize(this.#pending, this.#before);
    this.#advance();
    return text;
  }

  #advance(): void {
    this.#before = this.#pending.slice(-2);
    this.#pending = [];
  }
}
