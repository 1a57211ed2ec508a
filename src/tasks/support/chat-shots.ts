import type { ChatMessage } from '../../core/message.ts';

/** An example as a question and the answer wished for. */
export interface ChatShot {
  readonly ask: string;
  readonly reply: string;
}

/** A conversation that shows each example as a turn of its own before the question. */
export const chatWithShots = (shots: readonly ChatShot[], ask: string): readonly ChatMessage[] => [
  ...shots.flatMap((shot): ChatMessage[] => [
    { role: 'user', content: shot.ask },
    { role: 'assistant', content: shot.reply },
  ]),
  { role: 'user', content: ask },
];
