import { noExtraction } from '../core/score.ts';
import { answerMarkers, beforeNote } from './answer-marker.ts';
import { findBoxed } from './boxed.ts';
import { lazyClosingNote } from './closing-note.ts';
import { findJsonAnswers } from './json-answer.ts';
import type { AnswerContext, AnswerExtraction } from './number-answer.ts';
import { plainCharacters } from './plain-characters.ts';

interface Stretch {
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

/** A way to read a stretch of text as an answer: its canonical spelling, or null when it is none. */
export type AnswerReader = (stretch: string) => string | null;

/** Stretches looked at in one rule, from the last one back; a bound on work for a text that consists of them. */
const stretchesTried = 50;

/** What follows a marker: the rest of its paragraph, so that a list below it belongs to it. */
function paragraphAfter(text: string, from: number): string {
  const window = text.slice(from, from + 4000);
  const blank = window.search(/\n[ \t\r]*\n/);
  return blank < 0 ? window : window.slice(0, blank);
}

const listItem = /^\s*(?:[-*•]|\d{1,3}[.)])\s/;

/** What stands behind each marker: its paragraph and its line; the line is tried first unless it begins a list. */
function markerStretches(text: string, note: () => number): readonly Stretch[] {
  const markers = beforeNote(answerMarkers(text), note).slice(-stretchesTried);
  return markers.flatMap(({ end }) => {
    const paragraph = paragraphAfter(text, end);
    const [line = ''] = paragraph.split('\n', 1);
    const contents = listItem.test(line) ? [line, paragraph] : [paragraph, line];
    return contents.map((content) => ({ content, start: end, end: end + content.length }));
  });
}

function boldStretches(text: string): readonly Stretch[] {
  const from = Math.max(0, text.trimEnd().lastIndexOf('\n\n'), text.length - 4000);
  return Array.from(text.slice(from).matchAll(/\*\*([^*\n]{1,1000})\*\*/g), (match) => ({
    content: match[1] as string,
    start: from + match.index + 2,
    end: from + match.index + match[0].length - 2,
  }));
}

/** The last paragraph and the last line of a text. */
function lastStretches(text: string): readonly Stretch[] {
  const end = text.trimEnd().length;
  const window = text.slice(Math.max(0, end - 4000), end);
  const paragraph = window.slice(Math.max(0, window.lastIndexOf('\n\n'))).trimStart();
  const line = window.slice(window.lastIndexOf('\n') + 1);
  return [paragraph, line].map((content) => ({ content, start: end - content.length, end }));
}

/**
 * Takes an answer out that is neither number nor option: the last JSON `answer`, `\boxed{}`, stretch behind "the answer is", bold stretch,
 * or the last paragraph or line, as far as the reader takes it for an answer. The value is the reader's canonical spelling; a closing
 * remark never overrides what stands before it, and of a response cut off at the limit only closed marks count. Linear.
 */
export function extractAnswerText(response: string, read: AnswerReader, context: AnswerContext = {}): AnswerExtraction {
  const text = plainCharacters(response);
  const note = lazyClosingNote(text);
  const isTruncated = context.isTruncated ?? false;
  const rules: readonly (readonly [method: string, find: () => readonly Stretch[]])[] = [
    ['json_answer', () => beforeNote(findJsonAnswers(text), note)],
    ['boxed', () => beforeNote(findBoxed(text), note)],
    ['answer_phrase', () => markerStretches(text, note).filter(({ end }) => !isTruncated || end < text.length)],
    ['bold', () => (isTruncated ? [] : boldStretches(text.slice(0, note())))],
    ['last_line', () => (isTruncated ? [] : lastStretches(text.slice(0, note())))],
  ];
  for (const [method, find] of rules) {
    const stretches = find();
    for (const { content, start, end } of stretches.slice(-stretchesTried).toReversed()) {
      const value = read(content);
      if (value === null) continue;
      return { extraction: { value, method, span: [start, end], candidates: stretches.length }, isAmbiguous: false };
    }
  }
  return { extraction: noExtraction, isAmbiguous: false };
}
