import type { ThinkingState } from '../core/response.ts';

/** A response with its thinking taken out. */
export interface SplitThinking {
  /** What is left as the answer, leading and trailing white space of the cut removed; '' when thinking never ended. */
  readonly answer: string;
  /** All thinking, in order, joined by blank lines; null when there was none. */
  readonly thinking: string | null;
  readonly state: ThinkingState;
}

const openTag = /<think(?:ing)?>/g;
const closeTag = /<\/think(?:ing)?>/g;

const closeTags = ['</think>', '</thinking>'] as const;

/** The last closing tag of a text; null when there is none. */
function lastClose(text: string): { readonly start: number; readonly end: number } | null {
  let [start, end] = [-1, -1];
  for (const tag of closeTags) {
    const at = text.lastIndexOf(tag);
    if (at > start) [start, end] = [at, at + tag.length];
  }
  return start < 0 ? null : { start, end };
}

/**
 * Takes thinking out of a response as a state machine, so that a draft inside it is never read as the answer:
 * own field (`field`; `field_only` when no content came with it), paired tags (`paired`, `empty` when nothing stands between them),
 * a closing tag alone because the template opened it (`close_only`), an opening tag that never closes (`unclosed`: no answer).
 * Text after the last closing tag is the answer; a tag that opens again after it and never closes makes the rest thinking.
 * `templateOpened` says that the rendered prompt ended inside an opened tag, so that a response without any tag is all thinking.
 */
export function splitThinking(
  text: string | null,
  options: { readonly reasoning?: string | null; readonly templateOpened?: boolean } = {},
): SplitThinking {
  const field = options.reasoning ?? null;
  const content = text ?? '';
  const hasField = field !== null && field.trim() !== '';
  // A server that puts the thinking into a field of its own has closed the tag that the template opened.
  const inner = splitTags(content, (options.templateOpened ?? false) && !hasField);
  if (!hasField) return inner;
  const thinking = inner.thinking === null ? field : `${field}\n\n${inner.thinking}`;
  if (inner.state === 'unclosed') return { answer: '', thinking, state: 'unclosed' };
  return { answer: inner.answer, thinking, state: inner.answer === '' ? 'field_only' : 'field' };
}

function splitTags(content: string, templateOpened: boolean): SplitThinking {
  if (!templateOpened && !content.includes('think')) return { answer: content, thinking: null, state: 'none' };
  const close = lastClose(content);
  const tail = close === null ? content : content.slice(close.end);
  const opensAgain = tail.includes('<think') ? tail.search(openTag) : -1;
  if (close === null) {
    if (opensAgain < 0) {
      if (!templateOpened) return { answer: content, thinking: null, state: 'none' };
      return { answer: '', thinking: content, state: 'unclosed' };
    }
    // What stands before an unclosed tag is a preface, not an answer: nothing was concluded.
    return { answer: '', thinking: content.replace(openTag, '').trim(), state: 'unclosed' };
  }
  const thought = content.slice(0, close.start).replace(openTag, '').replace(closeTag, '\n\n').trim();
  if (opensAgain >= 0) {
    const rest = tail.slice(opensAgain).replace(openTag, '').trim();
    return { answer: '', thinking: [thought, rest].filter((part) => part !== '').join('\n\n'), state: 'unclosed' };
  }
  const isPaired = content.slice(0, close.start).search(openTag) >= 0;
  const state = isPaired || templateOpened ? (thought === '' ? 'empty' : 'paired') : 'close_only';
  return { answer: tail.trim(), thinking: thought === '' ? null : thought, state };
}
