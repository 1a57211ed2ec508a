import { noExtraction, type Extraction } from '../core/score.ts';

/** The rating that a judge's text commits itself to. */
export interface RatingReading {
  /** From 1 to 10; null when there is none. */
  readonly rating: number | null;
  readonly extraction: Extraction;
  /** True when a rating is given, but on no scale from 1 to 10. */
  readonly isOutOfRange: boolean;
}

interface Candidate {
  readonly method: string;
  readonly start: number;
  readonly end: number;
  /** Null for a number on another scale, of a range, or with another unit. */
  readonly value: number | null;
  /** True when the text says that this is the rating. */
  readonly isNamed: boolean;
}

/** Characters at the end of a judge's text that are looked at: the verdict comes last. */
const readLength = 50_000;

const number = String.raw`[-+]?\d{1,6}(?:\.\d{1,6})?`;
const scale = String.raw`\s*(?:\/|out\s+of|of)\s*(\d{1,4}|ten)(?![\d.]\d|\d)`;
const label = String.raw`(?:\b(?:rating|score|grade|mark)\b|评分|得分|打分|评级|分数)`;
const fillers =
  'is|of|as|a|an|at|to|the|for|this|that|it|its|final|overall|would|be|gets?|my|answer|response|reply|assistant|second|first|turn|question|with|solid|rating|score|grade';
const range = String.raw`\(?(?:on\s+a\s+scale\s+(?:of|from)\s+)?1\s*(?:-|to)\s*10\)?`;
const filler = String.raw`(?:${range}|\b(?:${fillers})\b|-(?=\s)|[\s:=*_"'\x60(])`;

const bracketed = /\\?\[\\?\[([^[\]]{1,60})\]\\?\]/g;
const bracketContent = new RegExp(String.raw`^(${number})(?:${scale})?$`, 'i');
const named = new RegExp(String.raw`(${label})(${filler}{0,14})\[?(${number})`, 'dgi');
const given = new RegExp(
  String.raw`\b(?:rate|rated|give|gave|award|assign|grade|deserves?|merits?|earns?)\b${filler}{0,14}(${number})(?=\s*(?:[.,;:!)\]*_"']|$|\/|out\s+of|points?\b))`,
  'dgim',
);
const fraction = new RegExp(
  String.raw`(?<![\d./-])(${number})\s*(?:\/\s*10|out\s+of\s+(?:10|ten))(?![\d/]|\.\d)`,
  'dgi',
);
const alone = new RegExp(String.raw`^[\s*_"'#>\x60(]*(${number})(?:${scale})?[\s*_"'\x60).]*$`, 'di');
const nameBefore = new RegExp(`${label}${filler}{0,14}$`, 'i');
const scaleBehind = new RegExp(String.raw`^\]{0,2}${scale}`, 'i');
const negation = new RegExp(
  String.raw`(?:\bnot|\bnever|n't|\bcannot|\bhardly|\binstead\s+of|\brather\s+than)(?:\s+(?:${fillers}|quite|give|deserve|merit|worth|reach|warrant|earn|rate))*[\s*_"']*$`,
  'i',
);

/** Full-width forms as their ASCII ones, each of the same length so that offsets stay. */
const plain = (text: string): string =>
  text
    .replaceAll(/[！-～]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) as number) - 0xfee0))
    .replaceAll(/[−–—]/g, '-')
    .replaceAll(/[\u2018\u2019]/g, "'");

const isTen = (text: string | undefined): boolean =>
  text === undefined || text === '10' || text.toLowerCase() === 'ten';

/** What follows a number and makes it no rating: another scale, a further number of a range, a percent sign. */
function isSpoiled(after: string): boolean {
  const scaled = scaleBehind.exec(after);
  if (scaled) return !isTen(scaled[1]);
  return /^\]{0,2}(?:\s*%|\s*(?:-|to\b)\s*\d|\d|[.,]\d|\s*\/)/.test(after);
}

/** Offsets of a group that took part in a match of an expression with the flag `d`. */
const placeOf = (match: RegExpMatchArray, group: number): [number, number] =>
  (match.indices as RegExpIndicesArray)[group] as [number, number];

function bracketCandidates(text: string): readonly Candidate[] {
  return Array.from(text.matchAll(bracketed)).flatMap((match) => {
    const content = bracketContent.exec((match[1] as string).replaceAll(/[\\*_"'\x60]/g, '').trim());
    if (!content) return [];
    const end = match.index + match[0].length;
    const before = text.slice(Math.max(0, match.index - 60), match.index);
    const isValid = isTen(content[2]) && !isSpoiled(text.slice(end, end + 20));
    return [
      {
        method: 'double-brackets',
        start: match.index,
        end,
        value: isValid ? Number(content[1]) : null,
        isNamed: nameBefore.test(before),
      },
    ];
  });
}

function candidatesOf(
  text: string,
  rule: { readonly method: string; readonly pattern: RegExp; readonly group: number },
): readonly Candidate[] {
  return Array.from(text.matchAll(rule.pattern), (match) => {
    const [start, end] = placeOf(match, rule.group);
    const isValid = rule.method === 'fraction' || !isSpoiled(text.slice(end, end + 20));
    return {
      method: rule.method,
      start,
      end,
      value: isValid ? Number(match[rule.group]) : null,
      isNamed: /[:=]/.test(rule.method === 'named' ? (match[2] as string) : ''),
    };
  });
}

const isOnScale = ({ value }: Candidate): boolean => value !== null && value >= 1 && value <= 10;

/** The last rating of a group; `spoiled` when a later one says that it is the rating and is on no scale from 1 to 10. */
function decide(candidates: readonly Candidate[]): { readonly chosen: Candidate | null; readonly isSpoiled: boolean } {
  const ordered = candidates.toSorted((a, b) => a.start - b.start);
  const chosen = ordered.findLast(isOnScale) ?? null;
  const off = ordered.findLast((candidate) => candidate.isNamed && !isOnScale(candidate));
  return { chosen, isSpoiled: off !== undefined && (chosen === null || off.start > chosen.start) };
}

/**
 * The last rating from 1 to 10 in a judge's text. `[[7]]` and `Rating: 7` come before `7/10`, `I give it a 7` and a number that stands
 * alone; ratings that are denied ("not a 9/10"), of a range or on another scale do not count.
 */
export function readRating(judgeText: string): RatingReading {
  const offset = Math.max(0, judgeText.length - readLength);
  const text = plain(judgeText.slice(offset));
  const isMeant = ({ start }: Candidate): boolean => !negation.test(text.slice(Math.max(0, start - 60), start));
  const brackets = bracketCandidates(text);
  const isInBrackets = ({ start }: Candidate): boolean =>
    brackets.some((bracket) => start >= bracket.start && start < bracket.end);
  const labels = candidatesOf(text, { method: 'named', pattern: named, group: 3 }).filter(
    (candidate) => !isInBrackets(candidate),
  );
  const groups = [
    [...brackets, ...labels.filter((candidate) => candidate.isNamed)],
    [
      ...labels.filter((candidate) => !candidate.isNamed),
      ...candidatesOf(text, { method: 'fraction', pattern: fraction, group: 1 }),
      ...candidatesOf(text, { method: 'given', pattern: given, group: 1 }),
    ].filter((candidate) => !isInBrackets(candidate)),
    aloneCandidate(text),
  ].map((group) => group.filter(isMeant));
  for (const group of groups) {
    const { chosen, isSpoiled: isOff } = decide(group);
    if (isOff) break;
    if (chosen) return readingOf(chosen, { offset, candidates: group.length });
  }
  return { rating: null, extraction: noExtraction, isOutOfRange: groups.some((group) => group.length > 0) };
}

/** A number that is the whole text or its last line. */
function aloneCandidate(text: string): readonly Candidate[] {
  const trimmed = text.trimEnd();
  const line = trimmed.slice(trimmed.lastIndexOf('\n') + 1);
  const match = line.length <= 40 ? alone.exec(line) : null;
  if (!match) return [];
  const [start, end] = placeOf(match, 1).map((place) => place + trimmed.length - line.length) as [number, number];
  return [
    {
      method: 'alone',
      start,
      end,
      value: isTen(match[2]) ? Number(match[1]) : null,
      isNamed: false,
    },
  ];
}

const readingOf = (chosen: Candidate, at: { readonly offset: number; readonly candidates: number }): RatingReading => ({
  rating: chosen.value,
  extraction: {
    value: String(chosen.value),
    method: chosen.method,
    span: [chosen.start + at.offset, chosen.end + at.offset],
    candidates: at.candidates,
  },
  isOutOfRange: false,
});
