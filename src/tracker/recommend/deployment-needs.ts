/** What a deployment must do; null asks nothing. */
export interface DeploymentNeeds {
  /** Category of tasks that decides quality; null counts all alike. */
  readonly category: string | null;
  /** Least score, in [0,1]. */
  readonly qualityFloor: number | null;
  /** Most milliseconds to the first token for 95 of 100 requests. */
  readonly latencyMs: number | null;
  /** Tokens of prompt and output together. */
  readonly contextTokens: number | null;
  /** Most currency for a million output tokens. */
  readonly budgetPerMillionTokens: number | null;
  /** Currency that the hardware costs an hour. */
  readonly pricePerHour: number | null;
}
