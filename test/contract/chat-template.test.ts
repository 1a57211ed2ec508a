import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineDescription } from '../../src/core/ports/engine.ts';
import llamaCpp from '../../src/engines/llama-cpp.ts';
import { renderChatTemplate } from '../../src/prompt/chat-template.ts';
import { engineDependencies, engineSettings } from '../support/engine-settings.ts';
import { randomModel } from '../support/random-model.ts';

/**
 * What llama-server b11434 gives for this conversation through /apply-template (`enable_thinking: false`) and /tokenize
 * (`add_special`, `parse_special`).
 */
const expectedIds = [
  257, 115, 121, 115, 116, 101, 109, 10, 66, 101, 32, 98, 114, 105, 101, 102, 46, 258, 10, 257, 117, 115, 101, 114, 10,
  87, 104, 97, 116, 32, 105, 115, 32, 49, 50, 32, 195, 151, 32, 55, 63, 10, 84, 104, 105, 110, 107, 32, 102, 105, 114,
  115, 116, 46, 258, 10, 257, 97, 115, 115, 105, 115, 116, 97, 110, 116, 10, 56, 52, 258, 10, 257, 117, 115, 101, 114,
  10, 65, 110, 100, 32, 49, 50, 32, 43, 32, 55, 63, 258, 10, 257, 97, 115, 115, 105, 115, 116, 97, 110, 116, 10, 280,
  10, 10, 281, 10, 10,
];

describe('a rendered chat', () => {
  let engine: Engine;
  let description: EngineDescription;
  beforeAll(async () => {
    engine = await llamaCpp.open(
      engineSettings({ model: randomModel(), sequences: 1, threads: 1 }),
      engineDependencies(),
    );
    description = await engine.describe();
  });
  afterAll(() => engine.close());

  it('becomes the token ids that stock llama.cpp makes of it', async () => {
    const template = description.chatTemplate;
    if (template === null) throw new Error('the model has no chat template');
    const { text } = renderChatTemplate(template, {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is 12 × 7?\nThink first.' },
        { role: 'assistant', content: '<think>\n12*7=84\n</think>\n\n84' },
        { role: 'user', content: 'And 12 + 7?' },
      ],
      templateArguments: { enable_thinking: false },
    });
    expect(await engine.tokenize({ kind: 'text', text })).toEqual(expectedIds);
  });
});
