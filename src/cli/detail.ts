/** One thing in full. */
export interface Detail {
  readonly document: unknown;
  readonly text: string;
}
