import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrometheus } from './parse-prometheus.ts';

describe('parsePrometheus', () => {
  it('reads names, labels and values, and leaves comments, timestamps and exemplars out', () => {
    const page = [
      '# HELP vllm:num_requests_running Number of requests in model execution batches.',
      '# TYPE vllm:num_requests_running gauge',
      'vllm:num_requests_running{engine="0",model_name="Qwen/Qwen3-8B"} 3.0',
      'llamacpp:prompt_tokens_total 120',
      'with_time 7 1700000000000',
      'latency_bucket{le="+Inf"} 5 # {trace_id="a"} 0.3',
      'spaced { a = "1" , b="2" } 4e-2',
      '',
    ].join('\n');
    expect(parsePrometheus(page)).toEqual([
      { name: 'vllm:num_requests_running', labels: { engine: '0', model_name: 'Qwen/Qwen3-8B' }, value: 3 },
      { name: 'llamacpp:prompt_tokens_total', labels: {}, value: 120 },
      { name: 'with_time', labels: {}, value: 7 },
      { name: 'latency_bucket', labels: { le: '+Inf' }, value: 5 },
      { name: 'spaced', labels: { a: '1', b: '2' }, value: 0.04 },
    ]);
  });

  it('resolves escapes and reads the values that are no numbers', () => {
    const [sample] = parsePrometheus(String.raw`x{path="a\\b",said="\"no\"",lines="1\n2"} +Inf`);
    expect(sample).toEqual({ name: 'x', labels: { path: 'a\\b', said: '"no"', lines: '1\n2' }, value: Infinity });
    expect(parsePrometheus('a NaN\nb -Inf').map(({ value }) => value)).toEqual([Number.NaN, -Infinity]);
  });

  it('skips what is no sample', () => {
    expect(parsePrometheus('<html>\nname\nname{a="1"\nname{a=1} 2\nname{a="1} 2\nname one\n')).toEqual([]);
  });

  it('reads back any labels and values', () => {
    const label = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(
        label,
        fc.double({ noNaN: true }).map((value) => value + 0),
        (text, value) => {
          const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
          const line = `m{l="${escaped}"} ${value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : value}`;
          expect(parsePrometheus(line)).toEqual([{ name: 'm', labels: { l: text }, value }]);
        },
      ),
    );
  });
});
