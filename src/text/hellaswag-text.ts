import { pythonCapitalize } from './python-string.ts';

/** Takes out everything from a `[` to the next `]` on its line; one pass, also over brackets that never close. */
function withoutMarkers(text: string): string {
  let kept = '';
  let from = 0;
  for (let open = text.indexOf('['); open >= 0; open = text.indexOf('[', from)) {
    const end = /[\]\n]/g;
    end.lastIndex = open;
    const stop = end.exec(text);
    if (stop === null) break;
    kept += text.slice(from, stop[0] === ']' ? open : stop.index + 1);
    from = stop.index + 1;
  }
  return kept + text.slice(from);
}

/**
 * The benchmark's customary cleaning of HellaSwag text: trims, turns ` [title]` into a full stop, drops other bracketed markers
 * and halves double spaces once, left to right.
 */
export function cleanHellaswag(text: string): string {
  return withoutMarkers(text.trim().replaceAll(' [title]', '. ')).replaceAll('  ', ' ');
}

/** The context a continuation is scored after: activity, first context, capitalised second context, cleaned. */
export const hellaswagContext = (record: {
  readonly activityLabel: string;
  readonly contextA: string;
  readonly contextB: string;
}): string => cleanHellaswag(`${record.activityLabel}: ${record.contextA} ${pythonCapitalize(record.contextB)}`);

/**
 * Capitalises the second context of an already cleaned record in which the seam between the two contexts is lost: the fragment after
 * the last sentence end, when it starts in lower case (equal to the uncleaned originals on all 1,000 records they are known for).
 */
export function capitalizeSecondContext(context: string): string {
  let seam = -1;
  for (const match of context.matchAll(/[.!?]["')]?\s+/g)) seam = match.index + match[0].length;
  if (seam < 0) return context;
  const fragment = context.slice(seam);
  return /^\p{Ll}/u.test(fragment) ? context.slice(0, seam) + pythonCapitalize(fragment) : context;
}
