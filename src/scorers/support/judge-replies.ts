import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { assistantTurn, sampleResponse } from '../../text/assistant-turn.ts';

/** A judge's words for a rating, and for another that must not be taken for it. */
type Wording = (rating: number, other: number) => string;

/** Ratings as judges write them; each must be read as the rating. */
const renderings: Readonly<Record<string, Wording>> = {
  'asked-form': (rating) => `Correct, but short.\n\nRating: [[${rating}]]`,
  'brackets-alone': (rating) => `[[${rating}]]`,
  'bold-label': (rating) => `Well done.\n\n**Rating:** [[${rating}]]`,
  'bold-all': (rating) => `Well done.\n\n**Rating: [[${rating}]]**`,
  'fraction-in-brackets': (rating) => `Rating: [[${rating}/10]]`,
  'fraction-behind': (rating) => `Rating: [[${rating}]]/10`,
  'spaces-in-brackets': (rating) => `Rating: [[ ${rating} ]]`,
  'label-in-brackets': (rating) => `[[Rating: ${rating}]]`,
  'escaped-brackets': (rating) => `Rating: \\[\\[${rating}\\]\\]`,
  'full-width': (rating) => `评分：［［${rating}］］`,
  'single-brackets': (rating) => `Rating: [${rating}]`,
  'label-only': (rating) => `Clear and right. Rating: ${rating}`,
  'bold-number': (rating) => `Rating: **${rating}**`,
  'label-fraction': (rating) => `Clear and right.\n\n**Rating: ${rating}/10**`,
  'name-is': (rating) => `The overall rating of this answer is ${rating}.`,
  'out-of-ten': (rating) => `My overall rating is ${rating} out of 10.`,
  'fraction-only': (rating) => `All in all ${rating}/10.`,
  sentence: (rating) => `I would give this answer a ${rating}.`,
  'scale-named': (rating) => `Rating (1-10): ${rating}`,
  json: (rating) => `{"explanation": "clear", "rating": ${rating}}`,
  alone: (rating) => String(rating),
  'last-line': (rating) => `Clear and right.\n\n${rating}\n`,
  crlf: (rating) => `Clear and right.\r\n\r\nRating: [[${rating}]]\r\n`,
  'trailing-decimals': (rating) => `Rating: [[${rating}.0]]`,
  'form-quoted-before': (rating, other) => `I use the form "[[${other}]]".\n\nRating: [[${rating}]]`,
  'changed-mind': (rating, other) => `At first [[${other}]], but it is better than that.\n\nRating: [[${rating}]]`,
  'denied-before': (rating, other) => `It is not a ${other}/10.\n\nRating: [[${rating}]]`,
  'denied-after': (rating, other) => `Rating: [[${rating}]]. It does not deserve [[${other}]].`,
  'part-rated-after': (rating, other) => `Rating: [[${rating}]]\n\nStyle alone is ${other}/10.`,
  'part-rated-before': (rating, other) => `Style ${other}/10, but it is about more than that. Rating: [[${rating}]]`,
  'index-before': (rating) => `It reads arr[0] and m[[0]] wrongly. Rating: ${rating}`,
  'matrix-after': (rating, other) => `Rating: [[${rating}]]\n\nThe matrix was [[${other}, ${rating}], [0, 1]].`,
};

/** Replies that hold no rating from 1 to 10; a sample that gets them twice must not be scored. */
const unreadable: Readonly<Record<string, Wording>> = {
  'no-rating': () => 'The answer is clear and right.',
  empty: () => '',
  blank: () => ' \n ',
  refusal: () => "I'm sorry, but I can't rate this answer.",
  placeholder: () => 'Rating: [[rating]]',
  zero: () => 'Rating: [[0]]',
  eleven: () => 'Rating: [[11]]',
  percent: (rating) => `Rating: [[${rating * 10 + 5}]]`,
  'percent-sign': (rating) => `Rating: ${rating} %`,
  'other-scale': (rating) => `Rating: [[${Math.min(rating, 5)}/5]]`,
  negative: (rating) => `Rating: [[-${rating}]]`,
  'above-ten': () => 'Rating: [[10.5]]',
  range: (rating) => `Rating: ${Math.min(rating, 9)}-${Math.min(rating, 9) + 1}`,
  'two-numbers': (rating, other) => `Rating: [[${rating}, ${other}]]`,
  'form-then-eleven': (_, other) => `I use the form "[[${other}]]".\n\nRating: [[11]]`,
  denied: (_, other) => `This is not a ${other}/10.`,
  'cut-off': (rating) => `Clear and right. Rating: [[${rating}`,
  date: () => 'The answer gives 5/10/2023 in place of 7/11/2023.',
  index: () => 'The answer reads m[[0]] in place of its neighbour.',
  count: (rating) => `I would give ${rating} examples in place of one.`,
};

/** The rating of the n-th rendering, so that all ten are seen over the renderings and the samples. */
const ratingAt = (id: string, index: number): number => ((Number(/\d+/.exec(id)?.[0] ?? 0) + index) % 10) + 1;
const otherThan = (rating: number): number => (rating % 10) + 1;
const shareOf = (rating: number): number => (rating - 1) / 9;

const answersTo = (turns: readonly string[]) =>
  sampleResponse(turns.map((_, index) => assistantTurn({ text: `Answer ${index + 1}.` })));

/** Judges' replies in the many ways they write a rating; each must give exactly that rating. */
export function goldJudgeReplies(id: string, turns: readonly string[]): readonly LabelledResponse[] {
  const response = answersTo(turns);
  const rendered = Object.entries(renderings).map(([kind, wording], index): LabelledResponse => {
    const rating = ratingAt(id, index);
    const reply = wording(rating, otherThan(rating));
    return { kind, response, judgeReplies: turns.map(() => reply), expectedScore: shareOf(rating) };
  });
  const [first, last] = [ratingAt(id, 0), otherThan(ratingAt(id, 0))];
  const byTurn = turns.map((_, index) => (index === 0 ? first : last));
  const mean = byTurn.reduce((sum, rating) => sum + rating, 0) / byTurn.length;
  const asked = byTurn.map((rating) => `Rating: [[${rating}]]`);
  return [
    ...rendered,
    { kind: 'another-rating-a-turn', response, judgeReplies: asked, expectedScore: shareOf(mean) },
    { kind: 'readable-when-reminded', response, judgeReplies: ['Fine.', ...asked], expectedScore: shareOf(mean) },
    { kind: 'top', response, judgeReplies: turns.map(() => 'Rating: [[10]]') },
  ];
}

/** Replies that must leave a sample unscored, and low ratings that must not be read as the top one. */
export function wrongJudgeReplies(id: string, turns: readonly string[]): readonly LabelledResponse[] {
  const response = answersTo(turns);
  const unread = Object.entries(unreadable).map(([kind, wording], index): LabelledResponse => {
    const rating = ratingAt(id, index);
    const reply = wording(rating, otherThan(rating));
    return { kind, response, judgeReplies: [reply, reply], expectedScore: null };
  });
  const low: Readonly<Record<string, string>> = {
    'low-after-top-quoted': 'The form is [[10]].\n\nRating: [[2]]',
    'low-before-top-denied': 'Rating: [[2]]. This is not worth [[10]].',
    'low-with-ten-in-words': 'It lists 10 of 10 reasons, all of them wrong. Rating: [[1]]',
  };
  return [
    ...unread,
    ...Object.entries(low).map(([kind, reply]) => ({ kind, response, judgeReplies: turns.map(() => reply) })),
    {
      kind: 'last-turn-unread',
      response,
      judgeReplies: [...turns.slice(1).map(() => 'Rating: [[9]]'), 'Fine.', 'Good.'],
      expectedScore: null,
    },
  ];
}
