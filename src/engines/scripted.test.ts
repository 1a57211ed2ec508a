import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../core/json.ts';
import { collectGeneration } from '../../test/support/collect-generation.ts';
import { chatRequest, engineDependencies, engineSettings, textRequest } from '../../test/support/engine-settings.ts';
import scripted from './scripted.ts';

const open = (engineOptions: Readonly<Record<string, Json>>) =>
  scripted.open(engineSettings({ model: 'scripted', engineOptions }), engineDependencies());

const answers = async (rules: readonly Json[], prompts: readonly string[]): Promise<(string | null)[]> => {
  const engine = await open({ rules });
  const texts: (string | null)[] = [];
  for (const prompt of prompts) texts.push((await collectGeneration(engine.generate(textRequest(prompt)))).text);
  return texts;
};

describe('scripted engine', () => {
  it('takes the first fitting rule, in turn and as often as it says', async () => {
    const rules = [{ when: 'capital', texts: ['Paris', 'Rome'] }, { text: 'once', times: 1 }, { echo: true }];
    expect(await answers(rules, ['capital?', 'the capital', 'capital', 'x', 'y'])).toEqual([
      'Paris',
      'Rome',
      'Paris',
      'once',
      'y',
    ]);
  });

  it('reads its rules from a file', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'qe-script-')), 'script.json');
    await writeFile(path, JSON.stringify({ rules: [{ text: 'from the file' }] }));
    const engine = await open({ script: path });
    expect((await collectGeneration(engine.generate(chatRequest('hello')))).text).toBe('from the file');
  });

  it('gives an empty answer as an empty text and a null one as null', async () => {
    expect(await answers([{ text: '' }], ['x'])).toEqual(['']);
    expect(await answers([{ text: null }], ['x'])).toEqual([null]);
  });

  it('waits as it is told and stops waiting when it is aborted', async () => {
    const engine = await open({ rules: [{ text: 'late', latencyMs: 60_000 }] });
    const controller = new AbortController();
    const work = collectGeneration(engine.generate(textRequest('x'), controller.signal));
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(work).rejects.toThrow();
  });

  it.each([
    ['no rules', { rules: [] }, 'E_OPTION_INVALID'],
    ['an unknown member', { rules: [{ txt: 'a' }] }, 'E_OPTION_INVALID'],
    ['a wrong expression', { rules: [{ when: '(' }] }, 'E_OPTION_INVALID'],
    ['a missing file', { script: '/nowhere/script.json' }, 'E_FILE_UNREADABLE'],
  ])('refuses %s', async (_name, options, code) => {
    await expect(open(options)).rejects.toMatchObject({ code, hint: expect.any(String) as string });
  });

  it('refuses a script file that is not JSON', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'qe-script-')), 'script.json');
    await writeFile(path, 'rules: none');
    await expect(open({ script: path })).rejects.toMatchObject({ code: 'E_CONFIG_INVALID' });
  });

  it('never answers a prompt or a continuation that the script does not know', async () => {
    const engine = await open({ rules: [{ when: 'known', text: 'a', continuations: { A: -1 } }] });
    await expect(collectGeneration(engine.generate(textRequest('other')))).rejects.toMatchObject({
      code: 'E_ENGINE_REQUEST',
      retryable: false,
    });
    const request = { model: 'scripted', context: { kind: 'text' as const, text: 'known' } };
    await expect(engine.scoreContinuations({ ...request, continuations: ['B'] })).rejects.toMatchObject({
      code: 'E_ENGINE_REQUEST',
    });
  });
});
