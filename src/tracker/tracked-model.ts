/** A model of the registry as the tracker shows it; null where the registry does not know. */
export interface TrackedModel {
  readonly id: string;
  readonly title: string;
  readonly hubId: string | null;
  /** Family as people call it, e.g. `Qwen3`. */
  readonly family: string | null;
  readonly variant: 'base' | 'instruct' | 'thinking' | null;
  /** Parameters as text. */
  readonly size: string | null;
  readonly parameters: number | null;
  /** Tokens. */
  readonly contextLength: number | null;
  readonly licence: string | null;
  /** Smaller is evaluated earlier; null when nothing is said. */
  readonly priority: number | null;
  /** What it does when no mode is asked for; null when nothing is said. */
  readonly defaultMode: 'thinking' | 'non-thinking' | null;
  /** True when the registry knows a file that the embedded engine can run. */
  readonly hasGguf: boolean;
}

/** Priorities in words, by number. */
export const priorityNames: Readonly<Record<number, string>> = { 1: 'high', 2: 'medium', 3: 'low' };

/** A model that only runs know. */
export const unregisteredModel = (id: string): TrackedModel => ({
  id,
  title: id,
  hubId: null,
  family: null,
  variant: null,
  size: null,
  parameters: null,
  contextLength: null,
  licence: null,
  priority: null,
  defaultMode: null,
  hasGguf: false,
});
