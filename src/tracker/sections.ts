import type { Section } from './section.ts';
import { changelog } from './sections/changelog.ts';
import { comparisons } from './sections/comparisons.ts';
import { header } from './sections/header.ts';
import { insights } from './sections/insights.ts';
import { models } from './sections/models.ts';
import { presets } from './sections/presets.ts';
import { results } from './sections/results.ts';
import { upcoming } from './sections/upcoming.ts';

/** The generated blocks in the order of a new document. */
export const sections: readonly Section[] = [
  header,
  models,
  presets,
  results,
  comparisons,
  insights,
  upcoming,
  changelog,
];
