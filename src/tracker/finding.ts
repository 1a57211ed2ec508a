/** Something a reader of the tracker must know. */
export interface Finding {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** Words or numbers the finding is about. */
  readonly quote: string;
  readonly explanation: string;
}
