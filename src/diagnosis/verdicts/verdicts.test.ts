import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../core/result-document.ts';
import type { SampleRecord } from '../../core/sample-record.ts';
import { diagnoseRun } from '../diagnose-run.ts';
import { askedAs } from '../earlier-runs.ts';
import { diagnose, diagnosedRun, type DiagnosedRunParts } from '../../../test/support/diagnosed-run.ts';
import { runDocument, sampleRecord, taskPlan } from '../../../test/support/recorded-run.ts';

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Records of one task: right ones, and the first `wrong` with changes. */
const records = (
  total: number,
  wrong: number,
  changes: Partial<SampleRecord>,
  task = 'gsm8k',
): readonly SampleRecord[] =>
  range(total).map((index) => sampleRecord(task, `test/${index}`, index < wrong ? changes : {}));

const miss = (code: string, changes: Partial<SampleRecord> = {}): Partial<SampleRecord> => ({
  score: 0,
  code,
  explanation: 'because',
  ...changes,
});

const plan = (count: number, changes: Parameters<typeof taskPlan>[1] = {}) =>
  taskPlan('gsm8k', { samples: { count, digest: 'cd'.repeat(32), limit: null, sampleSeed: null }, ...changes });

const document = (count: number, changes: Parameters<typeof runDocument>[2] = {}) =>
  runDocument('20261101T000000Z-efefefef-aaaa', [plan(count)], changes);

const withContext = (contextLength: number) => ({
  engine: { id: 'vllm', version: null, settings: {}, contextLength, templateSha256: null },
});

const summaries = (parts: DiagnosedRunParts): readonly string[] =>
  diagnose(parts).map(({ id, severity, summary }) => `${severity} ${id}: ${summary}`);

const ids = (parts: DiagnosedRunParts): readonly string[] => diagnose(parts).map(({ id }) => id);

describe('a healthy run', () => {
  it('has no verdict, with a few misses of all kinds', () => {
    const mixed = [
      ...records(96, 20, miss('answer.wrong')),
      sampleRecord('gsm8k', 'x/1', miss('gen.truncated', { finishReason: 'length' })),
      sampleRecord('gsm8k', 'x/2', miss('extract.no_answer')),
      sampleRecord('gsm8k', 'x/3', miss('gen.empty', { response: '' })),
      sampleRecord('gsm8k', 'x/4', miss('gen.refused', { response: 'I cannot help with that.' })),
    ];
    expect(diagnose({ document: document(100), records: mixed })).toEqual([]);
  });

  it('has none where a task has a result and no journal', () => {
    const run = diagnosedRun({ document: document(20), records: records(20, 20, miss('answer.wrong')) });
    expect(diagnoseRun({ ...run, samples: new Map() }).diagnosis).toEqual([]);
  });

  it('has none without a single sample, nor with a refused task', () => {
    expect(diagnose({ document: document(0), records: [] })).toEqual([]);
    const refused = runDocument('r', [plan(10, { refused: { code: 'E_OFFLINE', message: 'no data', hint: null } })]);
    expect(diagnose({ document: refused, records: [] })).toEqual([]);
  });
});

describe('infrastructure', () => {
  it('counts the samples without a score, bounds the truth and resumes', () => {
    const parts = {
      document: document(100),
      records: records(90, 9, miss('answer.wrong')),
      failures: { gsm8k: { 'infra.network': 8, 'infra.odd': 2 } },
    };
    expect(diagnose(parts)).toEqual([
      {
        id: 'infrastructure',
        severity: 'error',
        summary:
          'gsm8k: 10 of 100 samples have no score because their requests failed (8 cut off on the way, 2 infra.odd); the score lies between 81 % and 91 %',
        evidence: { task: 'gsm8k', failures: { 'infra.network': 8, 'infra.odd': 2 }, planned: 100 },
        advice: 'qwen-eval resume 20261101T000000Z-efefefef-aaaa',
      },
    ]);
  });

  it('is a warning while the headline stands, and says nothing of bounds it has not', () => {
    const parts = {
      document: document(100),
      records: records(99, 0, {}),
      failures: { gsm8k: { 'infra.timeout': 1 } },
      task: { bounds: null },
    };
    expect(summaries(parts)).toEqual([
      'warning infrastructure: gsm8k: 1 of 100 samples have no score because their requests failed (1 not answered in time)',
    ]);
  });

  it('tells a server that needs many repeats', () => {
    expect(summaries({ document: document(50), records: records(50, 10, { attempts: 2 }) })).toEqual([
      'info infrastructure: 10 requests had to be repeated for 50 answers: the server is overloaded or unstable; no score is affected',
    ]);
    expect(ids({ document: document(50), records: records(50, 4, { attempts: 2 }) })).toEqual([]);
    expect(ids({ document: document(100), records: records(100, 6, { attempts: 2 }) })).toEqual([]);
  });
});

describe('context', () => {
  const exceeded = {
    score: null,
    unscored: 'too long',
    code: 'ctx.exceeded',
    response: null,
    finishReason: 'error',
  } as const;

  it('tells prompts that do not fit, and starts the server with more', () => {
    const [verdict] = diagnose({ document: document(20, withContext(8192)), records: records(20, 5, exceeded) });
    expect(verdict).toMatchObject({
      id: 'context',
      severity: 'error',
      summary: 'gsm8k: 5 of 20 prompts do not fit into the context of 8192 tokens and have no score',
      advice: 'vllm serve Qwen/Qwen3-0.6B --max-model-len 16384',
    });
  });

  it('asks for shorter prompts where the model can have no longer context', () => {
    const adviceFor = (settings: object) => {
      const most = document(20, withContext(32_768));
      const [task] = most.plan.tasks;
      if (!task) throw new Error('no task');
      const tasks = [{ ...task, settings: { ...task.settings, ...settings } }];
      const [verdict] = diagnose({
        document: { ...most, plan: { ...most.plan, tasks } },
        records: records(20, 5, exceeded),
      });
      expect(verdict?.summary).toBe(
        'gsm8k: 5 of 20 prompts do not fit into the context of 32768 tokens and have no score; the model allows no longer context',
      );
      return verdict?.advice;
    };
    expect(adviceFor({ fewShot: 5 })).toBe('qwen-eval run --tasks gsm8k --num-fewshot 0');
    expect(adviceFor({ fewShot: 0 })).toBe('qwen-eval list models, and take one with a longer context');
    expect(adviceFor({ extra: { lengths: [4096, 65_536] } })).toBe(
      `qwen-eval run --tasks gsm8k --task-options '{"lengths":[4096]}'`,
    );
  });

  it('asks for the longest length of the task, or for what the model allows', () => {
    const adviceFor = (contextLength: number, lengths: readonly number[]) => {
      const short = document(20, withContext(contextLength));
      const [task] = short.plan.tasks;
      if (!task) throw new Error('no task');
      const tasks = [{ ...task, settings: { ...task.settings, extra: { lengths } } }];
      return diagnose({ document: { ...short, plan: { ...short.plan, tasks } }, records: records(20, 5, exceeded) })[0]
        ?.advice;
    };
    expect(adviceFor(4096, [4096, 32_768])).toBe('vllm serve Qwen/Qwen3-0.6B --max-model-len 32768');
    expect(adviceFor(4096, [4096, 131_072])).toBe('vllm serve Qwen/Qwen3-0.6B --max-model-len 32768');
    expect(adviceFor(4096, [4096])).toBe('vllm serve Qwen/Qwen3-0.6B --max-model-len 8192');
  });

  it('tells prompts that were clipped, on servers of other kinds too', () => {
    const engine = { id: 'llama-server', version: null, settings: {}, contextLength: null, templateSha256: null };
    const [verdict] = diagnose({ document: document(20, { engine }), records: records(20, 1, miss('ctx.clamped')) });
    expect(verdict).toMatchObject({
      summary: 'gsm8k: 1 of 20 prompts were clipped to the context without an error',
      advice: 'llama-server --jinja -m MODEL.gguf -c 8192',
    });
  });
});

describe('faults of the harness and the judge', () => {
  it('never blames the model for its own scorer', () => {
    const fault = { score: null, unscored: 'the scorer failed', code: 'scorer.fault' };
    expect(summaries({ document: document(10), records: records(10, 1, fault) })).toEqual([
      'error scorer_fault: gsm8k: the scorer failed on 1 of 10 answers, which have no score; this is a fault of qwen-eval, not of the model',
    ]);
  });

  it('tells a judge that gives no verdict', () => {
    const failures = { gsm8k: { 'judge.parse_failed': 2, 'judge.unreachable': 1 } };
    expect(summaries({ document: document(10), records: records(7, 0, {}), failures })).toEqual([
      'error judge: gsm8k: the judge gave no verdict on 3 of 10 answers (2 parse failed, 1 unreachable)',
    ]);
    const one = { gsm8k: { 'judge.refused': 1 } };
    expect(summaries({ document: document(100), records: records(99, 0, {}), failures: one })[0]).toMatch(
      /^warning judge/,
    );
  });
});

describe('dataset changed', () => {
  const earlier = (sha256: string) => [
    {
      runId: 'newer',
      model: 'qwen3_0_6b',
      tasks: [{ task: 'gsm8k', split: 'pinned', asked: '', datasets: {}, headline: null }],
    },
    {
      runId: 'other',
      model: 'qwen3_0_6b',
      tasks: [{ task: 'mmlu', split: 'pinned', asked: '', datasets: { test: 'x' }, headline: null }],
    },
    {
      runId: 'older',
      model: 'qwen3_8b',
      tasks: [{ task: 'gsm8k', split: 'pinned', asked: '', datasets: { test: sha256 }, headline: null }],
    },
  ];

  it('names the file, both hashes and the run before', () => {
    const [verdict] = diagnose({
      document: document(10),
      records: records(10, 0, {}),
      earlier: earlier('12'.repeat(32)),
    });
    expect(verdict).toMatchObject({
      id: 'dataset_changed',
      severity: 'warning',
      summary:
        'gsm8k: its data changed since run older: test was sha256 12121212 and is abababab; scores before and after are not comparable',
      evidence: { file: 'test', earlierRun: 'older' },
    });
  });

  it('says nothing of the same data', () => {
    expect(ids({ document: document(10), records: records(10, 0, {}), earlier: earlier('ab'.repeat(32)) })).toEqual([]);
  });

  it('tells data that no release is known by', () => {
    const datasets = [{ name: 'test', sha256: 'ab'.repeat(32), verified: false }];
    const changed = runDocument('r', [plan(10, { datasets })]);
    expect(summaries({ document: changed, records: records(10, 0, {}) })).toEqual([
      'warning dataset_changed: gsm8k: its data is not the published one: test (sha256 abababab) has a hash that no release is known by; no published score applies',
    ]);
  });
});

describe('mode not honoured', () => {
  const thinking = { templateArguments: { enable_thinking: true }, requestFields: {}, keepsThinking: false };

  it('tells thinking that never came', () => {
    const [verdict] = diagnose({ document: document(20, { mode: 'thinking', thinking }), records: records(20, 0, {}) });
    expect(verdict).toMatchObject({
      id: 'mode_not_honoured',
      severity: 'error',
      summary:
        'the mode is not honoured: 20 of 20 answers hold no thinking although thinking was asked for; the scores are not those of thinking mode',
      advice: 'qwen-eval run --mode thinking --mode-switch top-level',
    });
  });

  it('tells thinking that was not asked for, and switches the other way round', () => {
    const parts = {
      document: document(20, { mode: 'non-thinking', thinking: { ...thinking, templateArguments: {} } }),
      records: records(20, 3, { thinking: 'field', reasoning: 'Hm.' }),
    };
    expect(diagnose(parts)[0]).toMatchObject({
      id: 'mode_not_honoured',
      advice: 'qwen-eval run --mode non-thinking --mode-switch template',
    });
  });

  it('takes the model at its word where the template was rendered here', () => {
    const own = { ...document(20, { mode: 'non-thinking' }), engine: {} };
    const parts = { document: own, records: records(20, 20, { thinking: 'paired' }) };
    expect(diagnose(parts)[0]?.advice).toBe('qwen-eval run --mode thinking');
    const silent = { document: { ...document(20, { mode: 'thinking' }), engine: {} }, records: records(20, 0, {}) };
    expect(diagnose(silent)[0]?.advice).toBe('qwen-eval run --mode non-thinking');
  });

  it('allows a thinking model a quick answer now and then, and an empty block in non-thinking mode', () => {
    const quick = range(20).map((index) =>
      sampleRecord('gsm8k', `${index}`, { thinking: index < 3 ? 'none' : 'field' }),
    );
    const warm = [plan(20, { sampling: { ...plan(1).sampling, temperature: 0.6 } })];
    expect(ids({ document: runDocument('r', warm, { mode: 'thinking' }), records: quick })).toEqual([]);
    const empty = records(20, 20, { thinking: 'empty' });
    expect(ids({ document: document(20, { mode: 'non-thinking' }), records: empty })).toEqual([]);
  });
});

describe('template mismatch', () => {
  const leak = { response: '42<|im_end|>\n<|im_start|>user\nAnd 7 times 8?' };

  it('is seen by the marks in right answers too', () => {
    expect(diagnose({ document: document(20), records: records(20, 4, leak) })[0]).toMatchObject({
      id: 'template_mismatch',
      severity: 'error',
      summary:
        'gsm8k: 4 of 20 answers hold marks of a chat template: the template of the server is not that of the model, or the end of a turn does not stop it',
    });
  });

  it('names the model by its own name where no registry knows it', () => {
    const model = { requested: null, name: 'mine', registryId: null, sha256: null, family: null, facts: {} };
    const [verdict] = diagnose({ document: document(20, { model }), records: records(20, 4, leak) });
    expect(verdict?.advice).toContain('vllm serve mine');
  });
});

describe('wrong tool parser', () => {
  const tools = (toolFormat: 'native' | 'hermes' | 'xml') =>
    runDocument('r', [plan(20, { settings: { ...plan(20).settings, toolFormat } })]);

  it('names the form the calls came in and the parser that reads it', () => {
    const xml = miss('format_mismatch.xml_text', { measures: { strict: 0, lenient: 1 } });
    const found = records(20, 15, xml).map((record) => ({
      ...record,
      measures: { strict: record.score ?? 0, lenient: 1 },
    }));
    expect(diagnose({ document: tools('native'), records: found })[0]).toMatchObject({
      id: 'wrong_tool_parser',
      severity: 'error',
      summary:
        'gsm8k: the score is a serving artefact: 15 of 20 answers write their calls as XML in the text, which the native parser does not read; read leniently the score is 75 points higher',
      evidence: { shapes: { xml_text: 15 }, strictLenientGap: 0.75 },
      advice:
        'vllm serve Qwen/Qwen3-0.6B --enable-auto-tool-choice --tool-call-parser hermes (or, without touching the server: qwen-eval run --tasks gsm8k --tool-format hermes)',
    });
  });

  it('asks for the family’s own form where the prompt decides', () => {
    const found = records(20, 5, miss('gen.truncated', { codes: ['format_mismatch.odd'] }));
    expect(diagnose({ document: tools('xml'), records: found })[0]).toMatchObject({
      summary:
        'gsm8k: the score is a serving artefact: 5 of 20 answers write their calls as odd, which the xml parser does not read',
      advice: 'qwen-eval run --tasks gsm8k --tool-format hermes',
    });
  });

  it('tells a gap between the verdicts with no known form', () => {
    const gap = range(20).map((index) =>
      sampleRecord('gsm8k', `${index}`, {
        ...(index < 4 ? miss('json.trailing_comma') : {}),
        measures: { strict: index < 4 ? 0 : 1, lenient: 1 },
      }),
    );
    expect(summaries({ document: document(20), records: gap })).toEqual([
      'error wrong_tool_parser: gsm8k: the score is a serving artefact: 0 of 20 answers write their calls in a form that needs repairs, which the tool parser does not read; read leniently the score is 20 points higher',
    ]);
  });

  it('asks for Hermes where nothing is known of the model', () => {
    const model = { requested: null, name: 'mine', registryId: null, sha256: null, family: null, facts: {} };
    const base = tools('native');
    const found = records(20, 15, miss('format_mismatch.xml_text'));
    const [verdict] = diagnose({ document: { ...base, plan: { ...base.plan, model } }, records: found });
    expect(verdict?.advice).toBe('qwen-eval run --tasks gsm8k --tool-format hermes');
  });

  it('takes a mismatch of no told form for no matter of tools', () => {
    expect(ids({ document: tools('native'), records: records(20, 5, miss('format_mismatch')) })).toEqual([]);
  });

  it('leaves other mismatches to other verdicts', () => {
    expect(ids({ document: tools('native'), records: records(20, 5, miss('format_mismatch.template')) })).toEqual([]);
  });

  it('gives the flags of other servers', () => {
    const found = records(20, 15, miss('format_mismatch.hermes_text'));
    const on = (servedBy: string) => {
      const base = tools('native');
      const model = { ...base.plan.model, facts: { servedBy } };
      return diagnose({ document: { ...base, plan: { ...base.plan, model } }, records: found })[0]?.advice;
    };
    expect(on('sglang')).toContain(
      'python -m sglang.launch_server --model-path Qwen/Qwen3-0.6B --tool-call-parser qwen25',
    );
    expect(on('llamacpp')).toContain('llama-server --jinja');
  });
});

describe('thinking leaked', () => {
  it('is a warning where tags in the content can be taken out', () => {
    const tagged = { response: '<think>6 sevens</think>42', thinking: 'paired' } as const;
    expect(diagnose({ document: document(20), records: records(20, 20, tagged) })[0]).toMatchObject({
      id: 'thinking_leaked',
      severity: 'warning',
      summary:
        'gsm8k: 20 of 20 answers come with their thinking in the content: the server has no reasoning parser; it was taken out here, other clients score it as the answer',
      advice: 'vllm serve Qwen/Qwen3-0.6B --reasoning-parser qwen3',
    });
    expect(ids({ document: { ...document(20), engine: {} }, records: records(20, 20, tagged) })).toEqual([]);
  });

  it('is an error where no tag tells it from the answer', () => {
    const model = { requested: null, name: 'mine', registryId: null, sha256: null, family: null, facts: {} };
    const untagged = miss('format_mismatch.think_leak', { response: 'Thinking Process:\n1. Six sevens' });
    expect(diagnose({ document: document(20, { model }), records: records(20, 4, untagged) })[0]).toMatchObject({
      severity: 'error',
      summary: 'gsm8k: 4 of 20 answers begin with thinking that no tag tells from the answer',
      advice:
        'vllm serve MODEL --reasoning-parser qwen3 (SGLang: --reasoning-parser qwen3, llama-server: --jinja --reasoning-format deepseek)',
    });
  });

  it('gives llama-server its own flag', () => {
    const engine = { id: 'llama-server', version: null, settings: {}, contextLength: 4096, templateSha256: null };
    const tagged = { response: '<think>6 sevens</think>42', thinking: 'paired' } as const;
    expect(diagnose({ document: document(20, { engine }), records: records(20, 20, tagged) })[0]?.advice).toBe(
      'llama-server --jinja -m MODEL.gguf --reasoning-format deepseek',
    );
  });
});

describe('sampling against the guidance', () => {
  const sampled = (temperature: number | null, mode: 'thinking' | 'non-thinking', options = {}) =>
    runDocument('r', [plan(10, { sampling: { ...plan(1).sampling, temperature } })], { mode, options });
  const thought = records(10, 10, { thinking: 'field', reasoning: 'Hm.' });

  it('is an error for greedy thinking', () => {
    expect(diagnose({ document: sampled(0, 'thinking', { temperature: 0 }), records: thought })[0]).toMatchObject({
      id: 'sampling_guidance',
      severity: 'error',
      summary:
        'gsm8k: greedy decoding in thinking mode, which qwen3 advises against in so many words: answers loop and scores fall',
      advice: 'qwen-eval run --tasks gsm8k',
    });
    const model = { requested: null, name: 'mine', registryId: null, sha256: null, family: null, facts: {} };
    const own = sampled(0, 'thinking');
    expect(summaries({ document: { ...own, plan: { ...own.plan, model } }, records: thought })[0]).toContain(
      'which Qwen advises against',
    );
  });

  it('is not spoken of where the family says nothing of the mode', () => {
    const document = sampled(1.2, 'thinking', { temperature: 1.2 });
    const model = { ...document.plan.model, registryId: 'qwen2_5_7b_instruct', name: 'Qwen2.5-7B-Instruct' };
    expect(ids({ document: { ...document, plan: { ...document.plan, model } }, records: thought })).toEqual([]);
    expect(ids({ document, records: thought })).toEqual(['sampling_guidance']);
  });

  it('is a warning for other settings the user chose', () => {
    const asked = sampled(1.2, 'non-thinking', { temperature: 1.2, seed: 3 });
    expect(diagnose({ document: asked, records: records(10, 0, {}) })[0]).toMatchObject({
      id: 'sampling_guidance',
      severity: 'warning',
      summary:
        'gsm8k: sampled against the family’s guidance: temperature 1.2 (the family: 0.7); published scores were not measured so',
      advice: 'qwen-eval run --tasks gsm8k --seed 3',
    });
    const penalty = runDocument('r', [plan(10, { sampling: { ...plan(1).sampling, repetitionPenalty: 1.3 } })], {
      mode: 'non-thinking',
      options: { repetitionPenalty: 1.3 },
    });
    expect(summaries({ document: penalty, records: records(10, 0, {}) })[0]).toContain(
      'repetition penalty 1.3 (the family: none)',
    );
  });

  it('says nothing of the family’s own settings, of unknown models and of base models', () => {
    const records10 = records(10, 0, {});
    expect(ids({ document: sampled(0.7, 'non-thinking', { temperature: 0.7 }), records: records10 })).toEqual([]);
    const named = (registryId: string | null, name: string) => {
      const asked = sampled(1.2, 'non-thinking', { temperature: 1.2 });
      return { ...asked, plan: { ...asked.plan, model: { ...asked.plan.model, registryId, name } } };
    };
    expect(ids({ document: named(null, 'mine'), records: records10 })).toEqual([]);
    expect(ids({ document: named('qwen2_5_7b', 'Qwen2.5-7B'), records: records10 })).toEqual([]);
    expect(ids({ document: named('gone', 'gone'), records: records10 })).toEqual([]);
  });
});

describe('truncation', () => {
  const cut = miss('gen.truncated', { finishReason: 'length', response: 'Six times' });

  it('says how much is cut, what the rest scores and what to raise', () => {
    const found = [
      ...records(69, 11, miss('answer.wrong')),
      ...range(31).map((n) => sampleRecord('gsm8k', `cut/${n}`, cut)),
    ];
    expect(diagnose({ document: document(100), records: found })).toEqual([
      {
        id: 'truncation',
        severity: 'error',
        summary: 'gsm8k: 31 % truncated at 512 tokens; completed samples score 84 ± 9',
        evidence: {
          task: 'gsm8k',
          truncated: 31,
          answers: 100,
          maxTokens: 512,
          whileThinking: 0,
          samples: ['cut/0', 'cut/1', 'cut/2'],
        },
        advice: 'qwen-eval run --tasks gsm8k --max-tokens 2048',
      },
    ]);
  });

  it('tells cuts in the thinking, and stays inside the context', () => {
    const thinking = { ...cut, code: 'gen.truncated.in_think', thinking: 'unclosed' } as const;
    const engine = { id: 'vllm', version: null, settings: {}, contextLength: 2048, templateSha256: null };
    const [verdict] = diagnose({ document: document(20, { engine }), records: records(20, 2, thinking) });
    expect(verdict).toMatchObject({
      severity: 'warning',
      summary:
        'gsm8k: 10 % truncated at 512 tokens, most of them while still thinking; completed samples score 100 ± 9',
      advice: 'qwen-eval run --tasks gsm8k --max-tokens 1024',
    });
  });

  it('asks for another context, mode or model where the limit has half of it already', () => {
    const advice = (limits: { maxTokens: number; contextLength: number }, mode: 'thinking' | 'non-thinking') => {
      const whole = document(20, { ...withContext(limits.contextLength), mode });
      const tasks = whole.plan.tasks.map((task) => ({
        ...task,
        settings: { ...task.settings, maxTokens: limits.maxTokens },
      }));
      return diagnose({
        document: { ...whole, plan: { ...whole.plan, tasks } },
        records: records(20, 4, { ...cut, thinking: mode === 'thinking' ? 'unclosed' : 'none' }),
      }).find(({ id }) => id === 'truncation')?.advice;
    };
    expect(advice({ maxTokens: 512, contextLength: 1024 }, 'non-thinking')).toBe(
      'vllm serve Qwen/Qwen3-0.6B --max-model-len 2048',
    );
    const most = { maxTokens: 16_384, contextLength: 32_768 };
    expect(advice(most, 'thinking')).toBe('qwen-eval run --tasks gsm8k --mode non-thinking');
    expect(advice(most, 'non-thinking')).toBe('qwen-eval list models, and take one with a longer context');
  });

  it('raises the limit fourfold where the context is not known', () => {
    const engine = { id: 'vllm', version: null, settings: {}, contextLength: null, templateSha256: null };
    const [verdict] = diagnose({ document: document(20, { engine }), records: records(20, 4, cut) });
    expect(verdict?.advice).toBe('qwen-eval run --tasks gsm8k --max-tokens 2048');
  });

  it('is seen by the code alone, and with nothing completed says so', () => {
    const stop = { ...cut, finishReason: 'stop' } as const;
    const parts = {
      document: document(10),
      records: records(10, 10, stop),
      task: { completedOnly: { unavailable: 'no samples were scored' } },
    };
    expect(summaries(parts)[0]).toBe(
      'error truncation: gsm8k: 100 % truncated at 512 tokens; no completed sample has a score',
    );
  });
});

describe('repetition', () => {
  const loop = 'It is what it is. '.repeat(40);

  it('explains cuts that are loops, and gives the remedy for the sampling in force', () => {
    const looping = miss('gen.truncated', { finishReason: 'length', response: loop, codes: ['gen.repetition'] });
    expect(diagnose({ document: document(20), records: records(20, 5, looping) })).toMatchObject([
      {
        id: 'repetition',
        severity: 'error',
        summary:
          'gsm8k: 25 % of the answers end in a loop, 5 of them into the token limit: greedy decoding makes this worse',
        advice: 'qwen-eval run --tasks gsm8k --temperature 0.6',
      },
    ]);
  });

  it('knows the penalty where sampling is not greedy', () => {
    const warm = runDocument('r', [plan(50, { sampling: { ...plan(1).sampling, temperature: 0.7 } })]);
    const found = records(50, 2, miss('gen.repetition', { response: loop }));
    expect(diagnose({ document: warm, records: found })).toMatchObject([
      {
        severity: 'warning',
        summary:
          'gsm8k: 4 % of the answers end in a loop: a presence penalty is the usual remedy, at some cost in quality',
        advice: 'qwen-eval run --tasks gsm8k --presence-penalty 1.5',
      },
    ]);
  });
});

describe('empty content', () => {
  it('tells an answer that went into the thinking', () => {
    const swallowed = miss('gen.empty_after_think', { response: null, reasoning: 'It is 42.', thinking: 'field_only' });
    expect(diagnose({ document: document(20), records: records(20, 8, swallowed) })[0]).toMatchObject({
      id: 'empty_content',
      severity: 'error',
      summary:
        'gsm8k: 8 of 20 answers have no content; all text went into the thinking: the reasoning parser of the server took the answer too, or the model stopped after thinking',
      advice: 'vllm serve Qwen/Qwen3-0.6B --reasoning-parser qwen3',
    });
  });

  it('switches the mode of a model without a known parser', () => {
    const model = { requested: null, name: 'mine', registryId: null, sha256: null, family: null, facts: {} };
    const swallowed = miss('gen.empty_after_think', { response: null, reasoning: 'It is 42.', thinking: 'field_only' });
    const advice = (mode: 'thinking' | 'unspecified') =>
      diagnose({ document: document(20, { model, mode }), records: records(20, 8, swallowed) }).find(
        ({ id }) => id === 'empty_content',
      )?.advice;
    expect(advice('thinking')).toBe('qwen-eval run --tasks gsm8k --mode non-thinking');
    expect(advice('unspecified')).toBe('qwen-eval run --tasks gsm8k --mode thinking');
  });

  it('tells a content that was never there', () => {
    const empty = miss('gen.empty', { response: '' });
    const options = { baseUrl: ['http://localhost:8000/v1'] };
    expect(diagnose({ document: document(40, { options }), records: records(40, 4, empty) })[0]).toMatchObject({
      severity: 'warning',
      summary:
        'gsm8k: 4 of 40 answers have no content; the server sent an empty content: the model ended at once, which a wrong chat template or stop token makes it do',
      advice: 'qwen-eval doctor --base-url http://localhost:8000/v1',
    });
    expect(diagnose({ document: document(40), records: records(40, 4, empty) })[0]?.advice).toBe('qwen-eval doctor');
  });
});

describe('refusal', () => {
  it('is not a lack of ability, and tells the server’s filter apart', () => {
    const refused = miss('gen.refused', { response: 'I cannot help with that.' });
    expect(summaries({ document: document(20), records: records(20, 3, refused) })).toEqual([
      'warning refusal: gsm8k: 3 of 20 answers refuse the task: that is not a lack of ability',
    ]);
    const filtered = miss('gen.filtered', { finishReason: 'content_filter' });
    expect(summaries({ document: document(20), records: records(20, 3, filtered) })).toEqual([
      'warning refusal: gsm8k: 3 of 20 answers were stopped by the content filter of the server: that is not a lack of ability',
    ]);
  });
});

describe('zero', () => {
  it('says what all the answers have in common', () => {
    const broken = miss('code.syntax', { response: '```python\ndef f(: pass\n```' });
    expect(diagnose({ document: document(164), records: records(164, 164, broken) })[0]).toMatchObject({
      id: 'zero',
      severity: 'error',
      summary: 'gsm8k: 0 % because 164 of 164 answers were no valid program',
      advice: 'qwen-eval diagnose 20261101T000000Z-efefefef-aaaa --tasks gsm8k --examples 10',
    });
  });

  it('is one right answer of a hundred too, and two of a hundred is a score', () => {
    const wrong = (right: number) => ({
      document: document(100),
      records: records(100, 100 - right, miss('answer.wrong')),
    });
    expect(summaries(wrong(1))).toEqual([
      'error zero: gsm8k: 1.0 % because 99 of 100 answers were wrong (the interval of 100 samples reaches 5 %)',
    ]);
    expect(ids(wrong(2))).toEqual([]);
  });

  it('says what to change where something can be', () => {
    const advice = (code: string, task: Partial<TaskResult>, changes: Parameters<typeof plan>[1] = {}) =>
      diagnose({
        document: runDocument('r', [plan(40, changes)]),
        records: records(40, 40, miss(code)),
        task,
      }).find(({ id }) => id === 'zero')?.advice;
    const look = 'qwen-eval diagnose r --tasks gsm8k --examples 10';
    const again = 'qwen-eval run --tasks gsm8k --answer-retries 2';
    expect(advice('extract.no_answer', { kind: 'text' })).toBe(again);
    expect(advice('json.trailing_comma', { kind: 'text' })).toBe(again);
    const asked = { workflow: { promptVariant: 'plain', selfCheck: false, answerRetries: 2 } } as const;
    expect(advice('extract.no_answer', { kind: 'text' }, asked)).toBe(look);
    expect(advice('extract.no_answer', { kind: 'dialogue' })).toBe(look);
    expect(advice('extract.no_answer', { kind: null })).toBe(look);
    expect(advice('answer.wrong', { kind: 'text' })).toBe(look);
    const tools = (toolFormat: 'native' | 'hermes' | 'xml') => ({ settings: { ...plan(1).settings, toolFormat } });
    const other = (toolFormat: 'native' | 'hermes' | 'xml', supported = true) => {
      const asked = runDocument('r', [plan(40, tools(toolFormat))]);
      const document = { ...asked, engine: { capabilities: { tools: { supported } } } };
      return diagnose({ document, records: records(40, 40, miss('select.no_call')) })[0]?.advice;
    };
    expect(other('native')).toBe('qwen-eval run --tasks gsm8k --tool-format hermes');
    expect(other('hermes')).toBe('qwen-eval run --tasks gsm8k --tool-format native');
    expect(other('xml', false)).toBe('qwen-eval run --tasks gsm8k --tool-format hermes');
    expect(other('hermes', false)).toBe(look);
    expect(advice('select.no_call', { kind: 'tools' })).toBe(look);
    const model = { requested: null, name: 'mine', registryId: null, sha256: null, family: null, facts: {} };
    const unknown = runDocument('r', [plan(40, tools('native'))], { model });
    expect(diagnose({ document: unknown, records: records(40, 40, miss('select.no_call')) })[0]?.advice).toBe(
      'qwen-eval run --tasks gsm8k --tool-format hermes',
    );
  });

  it('never reads a few misses as zero without their interval', () => {
    expect(summaries({ document: document(4), records: records(4, 4, miss('select.no_call')) })).toEqual([
      'error zero: gsm8k: 0 % because 4 of 4 answers called no tool (the interval of 4 samples reaches 49 %)',
    ]);
    expect(ids({ document: document(3), records: records(3, 3, miss('select.no_call')) })).toEqual([]);
  });

  it('takes a stray hit for noise, and a score for a score', () => {
    const [verdict] = diagnose({ document: document(200), records: records(200, 199, miss('extract.no_answer')) });
    expect(verdict?.summary).toBe('gsm8k: 0.5 % because 199 of 200 answers held no answer in a form that counts');
    expect(ids({ document: document(20), records: records(20, 19, miss('answer.wrong')) })).toEqual([]);
  });

  it('says no more of misses without a code than that they were wrong', () => {
    const [verdict] = diagnose({ document: document(80), records: records(80, 80, { score: 0 }) });
    expect(verdict?.summary).toBe('gsm8k: 0 % because 80 of 80 answers were wrong');
    expect(verdict?.evidence).toMatchObject({ causes: { 'were wrong': 80 }, codes: { none: 80 } });
  });

  it('has words for every kind of cause', () => {
    const said = (code: string): string => {
      const [verdict] = diagnose({ document: document(4), records: records(4, 4, miss(code)) });
      return /answers (.*) \(the interval/.exec(verdict?.summary ?? '')?.[1] ?? '';
    };
    expect(said('args.wrong_value')).toBe('called a tool with wrong arguments');
    expect(said('turn.forgot_fact')).toBe('lost the thread of the conversation');
    expect(said('if.no_comma')).toBe('broke an instruction');
    expect(said('odd.code')).toBe('have the code odd.code');
  });
});

describe('chance', () => {
  const choices = { kind: 'choice', chanceLevel: 0.25 };

  it('is a score that guessing gets', () => {
    const found = records(200, 150, miss('answer.wrong', { extraction: null }));
    expect(diagnose({ document: document(200), records: found, task: choices })[0]).toMatchObject({
      id: 'chance',
      severity: 'error',
      summary: 'gsm8k: 25 ± 6 % is what guessing gets (25 %)',
    });
  });

  it('asks to choose the other way, where there is one', () => {
    const found = records(200, 150, miss('answer.wrong', { extraction: null }));
    const scoring = { capabilities: { continuationLogProbabilities: { supported: true } } };
    const advice = (choiceMode: 'generative' | 'loglikelihood' | null, engine: object = scoring) => {
      const settings = { ...plan(200).settings, choiceMode };
      const asked = { ...runDocument('r', [plan(200, { settings })]), engine: engine as typeof scoring };
      return diagnose({ document: asked, records: found, task: choices })[0]?.advice;
    };
    expect(advice('generative')).toBe('qwen-eval run --tasks gsm8k --choice-mode loglikelihood');
    expect(advice('loglikelihood')).toBe('qwen-eval run --tasks gsm8k --choice-mode generative');
    const look = 'qwen-eval diagnose r --tasks gsm8k --examples 10';
    expect(advice(null)).toBe(look);
    expect(advice('generative', {})).toBe(look);
  });

  it('needs enough samples, and a score that is not better or worse', () => {
    const at = (total: number, wrong: number) =>
      ids({
        document: document(total),
        records: records(total, wrong, miss('answer.wrong')).map((record) => ({ ...record, extraction: null })),
        task: choices,
      });
    expect(at(20, 15)).toEqual([]);
    expect(at(40, 30)).toEqual([]);
    expect(at(200, 120)).toEqual([]);
    expect(at(400, 350)).toEqual([]);
  });

  it('is a server that scores no continuations', () => {
    const doubt = (detail: string | null) =>
      summaries({
        document: document(10),
        records: records(10, 10, {
          score: null,
          unscored: 'equal',
          code: detail === null ? 'choice.chance' : `choice.chance.${detail}`,
          response: null,
          continuations: [{ text: 'A', logProbability: 0, tokenCount: 1, isGreedy: null }],
        }),
        task: choices,
      });
    expect(doubt('equal')).toEqual([
      'error chance: gsm8k: the log-probabilities of 10 of 10 samples are the same for every option: the server does not score continuations (it needs echo or prompt_logprobs), and any score from them is a guess',
    ]);
    expect(doubt(null)).toEqual(doubt('equal'));
    expect(doubt('missing')[0]).toContain('are missing');
    expect(doubt('positive')[0]).toContain('are above zero');
  });
});

describe('one letter', () => {
  const letters = (taken: (index: number) => string, right: (index: number) => boolean): readonly SampleRecord[] =>
    range(100).map((index) =>
      sampleRecord('gsm8k', `${index}`, {
        extraction: { value: taken(index), method: 'letter', span: null, candidates: 1 },
        ...(right(index) ? {} : miss('answer.wrong')),
      }),
    );

  it('is one option whatever the question', () => {
    const found = letters(
      () => 'B',
      (index) => index % 4 === 1,
    );
    const scored = runDocument('r', [plan(100, { settings: { ...plan(1).settings, choiceMode: 'loglikelihood' } })]);
    const [verdict] = diagnose({
      document: scored,
      records: found,
      task: { kind: 'choice', chanceLevel: 0.25 },
    });
    expect(verdict).toMatchObject({
      id: 'one_letter_bias',
      summary: 'gsm8k: B is the answer to 100 % of the questions (100 of 100): the options are not read',
      evidence: { letter: 'B', choices: { B: 100 } },
      advice: 'qwen-eval run --tasks gsm8k --choice-mode generative',
    });
    const generative = runDocument('r', [plan(100, { settings: { ...plan(1).settings, choiceMode: 'generative' } })]);
    const advice = (engine: object) =>
      diagnose({
        document: { ...generative, engine: { ...engine } },
        records: found,
        task: { kind: 'choice', chanceLevel: 0.25 },
      })[0]?.advice;
    expect(advice({ capabilities: { continuationLogProbabilities: { supported: true } } })).toBe(
      'qwen-eval run --tasks gsm8k --choice-mode loglikelihood',
    );
    expect(advice({})).toBe('qwen-eval diagnose r --tasks gsm8k --examples 10');
  });

  it('is not a set of questions with one right letter, nor a good model, nor a handful of samples', () => {
    const task = { kind: 'choice', chanceLevel: 0.25 };
    const allRight = letters(
      () => 'B',
      () => true,
    );
    expect(ids({ document: document(100), records: allRight, task })).toEqual([]);
    const good = letters(
      (index) => (index < 80 ? 'B' : ('ACD'[index % 3] ?? '')),
      (index) => index < 78,
    );
    expect(ids({ document: document(100), records: good, task })).toEqual([]);
    expect(
      ids({
        document: document(10),
        records: letters(
          () => 'B',
          () => false,
        ).slice(0, 10),
        task,
      }),
    ).toEqual(['zero']);
    expect(
      ids({
        document: document(100),
        records: letters(
          () => 'B',
          (index) => index % 4 === 1,
        ),
      }),
    ).toEqual([]);
  });
});

describe('contamination', () => {
  const marked = { response: 'She sold 48/2=<<48/2=24>>24 clips. \\boxed{24}' };
  const asked = (changes: Parameters<typeof taskPlan>[1], run: Parameters<typeof runDocument>[2] = {}) =>
    askedAs(document(1, run).plan, plan(1, changes));
  const settings = (changes: object) => ({ settings: { ...plan(1).settings, ...changes } });
  const earlier = (value: number, changes = {}) => [
    { runId: 'alien', model: 'other', tasks: [] },
    {
      runId: 'older',
      model: 'qwen3_0_6b',
      tasks: [
        {
          task: 'gsm8k',
          split: 'fresh',
          asked: asked({}),
          datasets: {},
          headline: { value, low: value - 0.05, high: value + 0.05, level: 0.95, method: 'wilson', n: 200 },
          ...changes,
        },
      ],
    },
  ];

  it('is seen by marks that only published solutions have', () => {
    expect(diagnose({ document: document(20), records: records(20, 6, marked) })[0]).toMatchObject({
      id: 'contamination',
      severity: 'warning',
      advice: 'qwen-eval run --tasks synthetic_arithmetic --split fresh',
    });
    const shown = {
      ...marked,
      request: { kind: 'chat', messages: [{ role: 'user', content: 'as 6*7=<<6*7=42>>42' }] },
    } as const;
    expect(ids({ document: document(20), records: records(20, 6, shown) })).toEqual([]);
    const context = {
      ...marked,
      request: { kind: 'continuations', context: '<<6*7=42>>', continuations: [] },
    } as const;
    expect(ids({ document: document(20), records: records(20, 6, context) })).toEqual([]);
  });

  it('is a pinned split that scores higher than a fresh one', () => {
    const found = { document: document(200), records: records(200, 20, miss('answer.wrong')), earlier: earlier(0.5) };
    expect(diagnose(found)[0]).toMatchObject({
      id: 'contamination',
      summary:
        'gsm8k: the pinned split scores 90 ± 4 and the fresh one 50 ± 5: the pinned questions may have been seen in training',
      advice: 'qwen-eval run --tasks gsm8k --seed 1 --split fresh',
    });
    const fresh = runDocument('r', [plan(200, { settings: { ...plan(1).settings, split: 'fresh' } })]);
    const pinned = earlier(0.99, { split: 'pinned' });
    expect(ids({ document: fresh, records: records(200, 100, miss('answer.wrong')), earlier: pinned })).toEqual([
      'contamination',
    ]);
  });

  it('says nothing of equal scores, other models, other ways of asking and splits without a score', () => {
    const against = (runs: ReturnType<typeof earlier>, task = {}) =>
      ids({ document: document(200), records: records(200, 20, miss('answer.wrong')), earlier: runs, task });
    expect(against(earlier(0.88))).toEqual([]);
    expect(against(earlier(0.5).map((run) => ({ ...run, model: 'other' })))).toEqual([]);
    const others = [
      asked(settings({ fewShot: 4 })),
      asked(settings({ extra: { levels: [3] } })),
      asked(settings({ toolFormat: 'hermes' })),
      asked(settings({ maxTokens: 7 })),
      asked({ taskVersion: 9 }),
      asked({ scorerVersion: 9 }),
      asked({ workflow: { promptVariant: 'careful', selfCheck: false, answerRetries: 0 } }),
      asked({}, { mode: 'thinking' }),
    ];
    for (const other of others) expect(against(earlier(0.5, { asked: other }))).toEqual([]);
    const same = asked(settings({ split: 'fresh', seed: 8, size: 50 }));
    expect(against(earlier(0.5, { asked: same }))).toEqual(['contamination']);
    expect(against(earlier(0.5, { headline: null }))).toEqual([]);
    expect(against(earlier(0.5), { metrics: { accuracy: { unavailable: 'too few' } } })).toEqual([]);
  });
});

describe('one category', () => {
  const grouped = (within: Partial<SampleRecord>, elsewhere: Partial<SampleRecord>): readonly SampleRecord[] =>
    range(60).map((index) =>
      sampleRecord('gsm8k', `${index}`, {
        category: index < 15 ? 'dates' : 'sums',
        ...(index < 12 ? within : index < 16 ? {} : elsewhere),
      }),
    );

  it('is one cause that fills one category alone', () => {
    expect(summaries({ document: document(60), records: grouped(miss('extract.no_answer'), {}) })).toEqual([
      'warning one_category: gsm8k: in dates 12 of 15 answers held no answer in a form that counts, elsewhere 0 of 45: look at the data and the prompt of that category first',
    ]);
  });

  it('is not a miss that only its kind of question can have', () => {
    const called = grouped(miss('select.spurious_call'), {});
    expect(ids({ document: document(60), records: called })).toEqual([]);
  });

  it('is not a cause that is everywhere, nor a category of a few samples', () => {
    const everywhere = grouped(miss('answer.wrong'), miss('answer.wrong'));
    expect(ids({ document: document(60), records: everywhere })).toEqual([]);
    const few = grouped(miss('extract.no_answer'), {}).slice(8);
    expect(ids({ document: document(52), records: few })).toEqual([]);
    expect(ids({ document: document(60), records: grouped({}, {}) })).toEqual([]);
  });
});
