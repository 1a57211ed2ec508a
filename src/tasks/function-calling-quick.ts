import type { ToolDefinition } from '../core/message.ts';
import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { JsonObject } from '../core/json.ts';
import type { Sample } from '../core/sample.ts';
import { measureMean } from '../metrics/support/measure-mean.ts';
import { reliabilityMetrics } from '../metrics/support/reliability-metrics.ts';
import functionCalling, { type FunctionCallingInput, type FunctionCallingTarget } from '../scorers/function-calling.ts';
import type { ValueMatcher } from '../scorers/support/tool-calling/value-matcher.ts';
import { toolCallMetrics } from './support/agents/tool-call-metrics.ts';

const tool = (name: string, description: string, parameters: JsonObject): ToolDefinition => ({
  name,
  description,
  parameters,
});

const weather = tool('get_weather', 'Current weather in a city.', {
  type: 'object',
  properties: {
    city: { type: 'string', description: 'Name of the city.' },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'], default: 'celsius' },
  },
  required: ['city'],
});
const calculate = tool('multiply', 'Multiply two numbers.', {
  type: 'object',
  properties: {
    factor: { type: 'number', description: 'The number that is multiplied.' },
    by: { type: 'number', description: 'The number to multiply it by.' },
  },
  required: ['factor', 'by'],
});
const remind = tool('create_reminder', 'Create a reminder.', {
  type: 'object',
  properties: {
    text: { type: 'string', description: 'What to be reminded of.' },
    date: { type: 'string', format: 'date', description: 'Date as YYYY-MM-DD.' },
  },
  required: ['text', 'date'],
});
const search = tool('search_products', 'Search the product catalogue.', {
  type: 'object',
  properties: {
    query: { type: 'string', description: 'Search words.' },
    max_price: { type: 'number', description: 'Highest price.' },
    in_stock: { type: 'boolean', description: 'Only products in stock.' },
  },
  required: ['query'],
});
const tools = [weather, calculate, remind, search];

const number = (value: number): ValueMatcher => ({ kind: 'number', value, tolerance: 1e-9 });
const text = (value: string): ValueMatcher => ({ kind: 'caseless', value });

interface QuickCall {
  readonly request: string;
  readonly name: string;
  readonly values: JsonObject;
  readonly matchers: Readonly<Record<string, ValueMatcher>>;
}

const calls: readonly QuickCall[] = [
  {
    request: 'What is the weather in Lisbon right now, in celsius?',
    name: 'get_weather',
    values: { city: 'Lisbon', unit: 'celsius' },
    matchers: { city: text('Lisbon'), unit: { kind: 'default', value: 'celsius' } },
  },
  {
    request: 'Use the tool to multiply 37 by 2.5.',
    name: 'multiply',
    values: { factor: 37, by: 2.5 },
    matchers: { factor: number(37), by: number(2.5) },
  },
  {
    request: 'Create a reminder for 2026-05-04 with the text "renew passport".',
    name: 'create_reminder',
    values: { text: 'renew passport', date: '2026-05-04' },
    matchers: { text: text('renew passport'), date: { kind: 'exact', value: '2026-05-04' } },
  },
  {
    request: 'Search the products for "desk lamp", at most 40 in price, only what is in stock.',
    name: 'search_products',
    values: { query: 'desk lamp', max_price: 40, in_stock: true },
    matchers: { query: text('desk lamp'), max_price: number(40), in_stock: { kind: 'exact', value: true } },
  },
];

const samplesOf = ({ split, seed }: TaskSettings): readonly Sample<FunctionCallingInput, FunctionCallingTarget>[] =>
  calls.map(({ request, name, values, matchers }, index) => ({
    id: `${split}/${seed}/${index}`,
    category: name,
    cluster: null,
    input: { messages: [{ role: 'user', content: request }], tools, level: 0 },
    target: {
      expected: { kind: 'calls', calls: [{ name, arguments: matchers }] },
      gold: { calls: [{ name, arguments: values }], reply: '' },
    },
  }));

/** Four fixed calls, one of four tools each: a smoke test, whose interval says how little four samples prove. */
export default defineTask<FunctionCallingInput, FunctionCallingTarget>({
  id: 'function_calling_quick',
  title: 'Quick function-calling test: four fixed calls',
  version: 1,
  kind: 'tools',
  category: 'tools',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: ['tools'],
  sampleCount: calls.length,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 512 },
  dialogueBudget: null,
  references: [],
  scorer: functionCalling,
  metrics: [
    measureMean({ id: 'accuracy', title: 'calls that are right', measure: null }),
    ...toolCallMetrics,
    ...reliabilityMetrics,
  ],
  loadSamples: ({ settings }) => Promise.resolve(samplesOf(settings)),
  render: ({ input }) => ({ kind: 'chat', messages: input.messages, tools: input.tools }),
});
