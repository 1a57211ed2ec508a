import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import { describeWithData, sharedDataPath } from '../../test/support/shared-data.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { FinishReason } from '../core/generation.ts';
import type { SampleResponse } from '../core/response.ts';
import type { Sample } from '../core/sample.ts';
import type { ScoreOutcome } from '../core/score.ts';
import { continuationResponse, textResponse } from '../text/assistant-turn.ts';
import arcChallenge from '../tasks/arc-challenge.ts';
import gsm8k from '../tasks/gsm8k.ts';
import choice from './choice.ts';
import evalscope from './rules/evalscope.ts';
import inspect from './rules/inspect.ts';
import type { ChoiceInput, ChoiceTarget } from './support/choice-sample.ts';

const services = { sandbox: null, judge: null };

const readLines = (...path: readonly string[]): readonly unknown[] =>
  readFileSync(sharedDataPath(...path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

interface Recorded {
  readonly sampleId: string;
  readonly response: string;
  readonly finishReason: FinishReason;
}

/** `id extracted`, a `+` before what is right. */
async function verdictsOn(task: Task, file: string, settings: TaskSettings): Promise<string> {
  const byId = new Map((await loadTaskSamples(task, settings)).map((sample) => [sample.id, sample]));
  const lines: string[] = [];
  for (const { sampleId, response, finishReason } of readLines('real_qwen', file) as readonly Recorded[]) {
    const sample = byId.get(sampleId);
    if (sample === undefined) throw new Error(`no sample ${sampleId}`);
    const outcome = await task.scorer.score(
      { sample, response: textResponse(response, { finishReason }), settings },
      services,
    );
    if (outcome.kind !== 'scored') throw new Error(`${sampleId} is unscored`);
    const said = outcome.extraction?.value ?? outcome.codes.join(' ');
    lines.push(`${outcome.score === 1 ? '+' : ' '}${sampleId} ${said}`);
  }
  return lines.sort((a, b) => a.slice(1).localeCompare(b.slice(1), 'en', { numeric: true })).join('\n');
}

const choiceSample = (options: readonly string[], gold: number): Sample<ChoiceInput, ChoiceTarget> => ({
  id: 'recorded',
  category: null,
  cluster: null,
  input: {
    question: '',
    options: options.map((text, index) => ({ label: 'ABCDE'[index] ?? '', text })),
    measure: 'acc_norm',
    continuation: 'text',
  },
  target: { label: 'ABCDE'[gold] ?? '' },
});

const isRight = (outcome: ScoreOutcome): boolean => outcome.kind === 'scored' && outcome.score === 1;

describeWithData('recorded answers of a real Qwen', () => {
  // Every line was compared with the response and the gold answer by eye.
  it('to GSM8K: the number in the box', async () => {
    expect(await verdictsOn(gsm8k, 'gsm8k.jsonl', settingsOf(gsm8k))).toMatchInlineSnapshot(`
      " test/0 20
      +test/1 3
       test/2 50000
       test/3 1080
       test/4 15
       test/5 48
      +test/6 260
       test/7 320
       test/8 575
       test/9 22
      +test/10 366
       test/11 794
       test/12 1
       test/13 6/7
       test/14 80
       test/15 96
      +test/16 230
       test/17 26250
       test/18 1
       test/19 1
       test/20 -6
       test/21 25
      +test/22 7
       test/23 92
       test/24 -15.5
      +test/25 2
       test/26 242
       test/27 3600
       test/28 5
       test/29 -66
       test/30 163.75
      +test/31 80
      +test/32 35
       test/33 80
      +test/34 23
      +test/35 9
       test/36 300
       test/37 35
       test/38 4.5
       test/39 72
      +test/40 8
       test/41 0
      +test/42 26
       test/43 73200
      +test/44 20
       test/45 11
       test/46 -140
       test/47 15
      +test/48 8
      +test/49 30
      +test/50 294
       test/51 -0.2
       test/52 0
       test/53 100
       test/54 33
      +test/55 14
       test/56 1
       test/57 258
      +test/58 57
      +test/59 187"
    `);
  });

  it('to ARC-Challenge: the letter, the boxed letter, the text of an option', async () => {
    const settings = settingsOf(arcChallenge, { choiceMode: 'generative' });
    expect(await verdictsOn(arcChallenge, 'arc_challenge.jsonl', settings)).toMatchInlineSnapshot(`
      "+ACTAAP_2014_5_8 B
       AKDE&ED_2008_4_19 B
       AKDE&ED_2008_4_25 C
       AKDE&ED_2008_4_26 A
       MCAS_2001_8_4 A
       MCAS_2002_8_11 gen.truncated extract.no_answer
       MCAS_2003_5_33 B
       MCAS_2003_8_11 C
       MCAS_2004_9_15-v1 A
       MCAS_2006_9_44 gen.truncated extract.no_answer
       MCAS_2014_5_7 B
       MDSA_2007_8_3 C
      +MDSA_2009_5_20 B
      +Mercury_178325 C
      +Mercury_184975 C
      +Mercury_400407 B
      +Mercury_400687 B
      +Mercury_400877 C
       Mercury_402216 A
      +Mercury_404894 A
       Mercury_407327 C
      +Mercury_412202 B
       Mercury_412681 gen.truncated extract.no_answer
       Mercury_7012740 B
       Mercury_7068513 B
       Mercury_7086660 B
       Mercury_7094290 B
       Mercury_7116288 B
       Mercury_7166425 C
      +Mercury_7168805 B
       Mercury_7171605 B
       Mercury_7174213 B
       Mercury_7175875 D
      +Mercury_7186358 C
      +Mercury_7186568 B
       Mercury_7210245 B
      +Mercury_7212398 B
       Mercury_7212678 B
      +Mercury_7212993 C
      +Mercury_7218820 B
       Mercury_7234308 B
       Mercury_7235638 B
      +Mercury_7250058 B
      +Mercury_7270393 B
       Mercury_LBS10610 A
       Mercury_SC_400402 C
       Mercury_SC_400578 B
       Mercury_SC_401290 A
       Mercury_SC_401620 B
       Mercury_SC_402120 B
       Mercury_SC_405086 C
       Mercury_SC_407400 A
       Mercury_SC_408324 C
       Mercury_SC_408547 B
      +Mercury_SC_409139 C
      +Mercury_SC_409171 B
       Mercury_SC_413240 C
       NYSEDREGENTS_2008_8_34 3
       NYSEDREGENTS_2015_4_26 B
       TAKS_2009_8_32 B"
    `);
  });
});

interface HellaswagLog {
  readonly doc: { readonly choices: readonly string[]; readonly gold: number };
  readonly filtered_resps: readonly (readonly [string, string])[];
  readonly acc: number;
  readonly acc_norm: number;
}

describeWithData('logs of other tools', () => {
  it("give lm-evaluation-harness's own acc and acc_norm on HellaSwag", async () => {
    const settings = settingsOf(arcChallenge, { choiceMode: 'loglikelihood' });
    const rows = readLines(
      'lm_eval_logs',
      'samples_hellaswag_2024-09-26T16-04-49.597683.jsonl',
    ) as readonly HellaswagLog[];
    expect(rows.length).toBeGreaterThan(9);
    for (const { doc, filtered_resps: given, acc, acc_norm: accNorm } of rows) {
      const continuations = given.map(([logProbability], index) => ({
        text: ` ${doc.choices[index]}`,
        logProbability: Number(logProbability),
        tokenCount: null,
        isGreedy: null,
      }));
      const sample = choiceSample(doc.choices, doc.gold);
      const outcome = await choice.score({ sample, response: continuationResponse(continuations), settings }, services);
      if (outcome.kind !== 'scored') throw new Error('unscored');
      expect([outcome.measures['acc'], outcome.measures['acc_norm'], outcome.score]).toEqual([acc, accNorm, accNorm]);
    }
  });

  it("give EvalScope's own verdicts on GSM8K, and ours agree with them", async () => {
    const settings = settingsOf(gsm8k);
    const byQuestion = new Map(
      (await loadTaskSamples(gsm8k, settings)).map((sample) => [sample.input.question, sample]),
    );
    interface Review {
      readonly target: string;
      readonly messages: readonly { readonly role: string; readonly content: string }[];
      readonly sample_score: {
        readonly score: {
          readonly value: { readonly acc: number };
          readonly prediction: string;
          readonly extracted_prediction: string;
        };
      };
    }
    for (const model of ['qwen-plus', 'qwen3-max']) {
      const rows = readLines('evalscope_outputs', model, 'reviews', 'gsm8k_main.jsonl') as readonly Review[];
      expect(rows).toHaveLength(10);
      for (const { messages, sample_score: recorded } of rows) {
        const asked = messages.find(({ role }) => role === 'user')?.content ?? '';
        const sample = [...byQuestion.values()].find(({ input }) => asked.includes(input.question));
        if (sample === undefined) throw new Error(`no sample asks ${asked.slice(-200)}`);
        const input = { sample, response: textResponse(recorded.score.prediction), settings };
        const theirs = await evalscope.tasks['gsm8k']?.apply(input, services);
        expect([theirs?.correct, theirs?.extracted]).toEqual([
          recorded.score.value.acc === 1,
          recorded.score.extracted_prediction,
        ]);
        expect(isRight(await gsm8k.scorer.score(input, services))).toBe(recorded.score.value.acc === 1);
      }
    }
  });

  it("give Inspect's own verdicts on ARC, and ours agree with them", async () => {
    const settings = settingsOf(arcChallenge, { choiceMode: 'generative' });
    type Content = string | readonly { readonly text?: string }[];
    interface Log {
      readonly samples: readonly {
        readonly choices: readonly string[];
        readonly target: string;
        readonly output: { readonly choices: readonly { readonly message: { readonly content: Content } }[] };
        readonly scores: { readonly choice: { readonly value: string; readonly answer: string } };
      }[];
    }
    const textOf = (content: Content): string =>
      typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('');
    for (const file of ['data_arc_qwen.json', 'data_arc_sonnet.json']) {
      const log = JSON.parse(readFileSync(sharedDataPath('inspect_logs', 'every_eval_ever', file), 'utf8')) as Log;
      for (const { choices, target, output, scores } of log.samples) {
        const sample = choiceSample(choices, 'ABCDE'.indexOf(target));
        const response: SampleResponse = textResponse(textOf(output.choices[0]?.message.content ?? ''));
        const theirs = await inspect.tasks['arc_challenge']?.apply({ sample, response, settings }, services);
        expect([theirs?.correct, theirs?.extracted]).toEqual([scores.choice.value === 'C', scores.choice.answer]);
        expect(isRight(await choice.score({ sample, response, settings }, services))).toBe(scores.choice.value === 'C');
      }
    }
  });
});
