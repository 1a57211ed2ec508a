import type { Section } from './section.ts';
import { changelog } from './sections/changelog.ts';
import { comparisons } from './sections/comparisons.ts';
import { header } from './sections/header.ts';
import { insights } from './sections/insights.ts';
import { knownIssues } from './sections/known-issues.ts';
import { models } from './sections/models.ts';
import { opportunities } from './sections/opportunities.ts';
import { presets } from './sections/presets.ts';
import { questions } from './sections/questions.ts';
import { reported } from './sections/reported.ts';
import { results } from './sections/results.ts';
import { upcoming } from './sections/upcoming.ts';

/** The generated blocks in the order of a new document. */
export const sections: readonly Section[] = [
  header,
  models,
  presets,
  results,
  reported,
  comparisons,
  insights,
  upcoming,
  questions,
  knownIssues,
  opportunities,
  changelog,
];
