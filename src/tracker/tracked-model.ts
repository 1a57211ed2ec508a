/** A model of the registry as the tracker shows it; null where the registry does not know. */
export interface TrackedModel {
  readonly id: string;
  readonly title: string;
  readonly hubId: string | null;
  /** Parameters, or the size of the weights. */
  readonly size: string | null;
  /** Tokens. */
  readonly contextLength: number | null;
  readonly licence: string | null;
  /** Smaller is evaluated earlier; null when nothing is said. */
  readonly priority: number | null;
}
