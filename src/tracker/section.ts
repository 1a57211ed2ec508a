import type { RunLinks } from './run-links.ts';
import type { Tracker } from './tracker.ts';

/** A generated block of the document. */
export interface Section {
  /** Name in the markers. */
  readonly name: string;
  /** Heading above the block in a new document; the reader may change it. */
  readonly heading: string;
  readonly lines: (tracker: Tracker, link: RunLinks) => readonly string[];
}
