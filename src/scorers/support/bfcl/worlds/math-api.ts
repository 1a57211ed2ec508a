import type { JsonObject } from '../../../../core/json.ts';
import { failed, listOf, numberOf, textOf, type Backend, type CallArguments } from './backend.ts';

const result = (value: number): JsonObject =>
  Number.isFinite(value) ? { result: value } : failed('the result is no number');

function rounded(value: number, decimals: number): number {
  const places = Number.isInteger(decimals) ? Math.min(Math.max(decimals, 0), 15) : 0;
  return Number(value.toFixed(places));
}

function numbersOf(values: CallArguments): readonly number[] | null {
  const numbers = listOf(values, 'numbers');
  return numbers.length > 0 && numbers.every((item) => typeof item === 'number') ? numbers : null;
}

const overNumbers =
  (compute: (numbers: readonly number[]) => number) =>
  (values: CallArguments): JsonObject => {
    const numbers = numbersOf(values);
    return numbers === null ? failed('numbers must be a list of numbers, not empty') : result(compute(numbers));
  };

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, item) => sum + item, 0) / numbers.length;

const deviation = (numbers: readonly number[]): number => {
  const centre = mean(numbers);
  return Math.sqrt(mean(numbers.map((item) => (item - centre) ** 2)));
};

/** Metres, kilograms and litres in one unit of each. */
const siUnits: Readonly<Record<string, readonly [string, number]>> = {
  km: ['length', 1000],
  m: ['length', 1],
  cm: ['length', 0.01],
  mm: ['length', 0.001],
  um: ['length', 1e-6],
  nm: ['length', 1e-9],
  kg: ['mass', 1],
  g: ['mass', 0.001],
  mg: ['mass', 1e-6],
  l: ['volume', 1],
  ml: ['volume', 0.001],
};

const imperialUnits: Readonly<Record<string, readonly [string, number]>> = {
  ...siUnits,
  in: ['length', 0.0254],
  inch: ['length', 0.0254],
  ft: ['length', 0.3048],
  yd: ['length', 0.9144],
  mi: ['length', 1609.344],
  lb: ['mass', 0.45359237],
  oz: ['mass', 0.028349523125],
  gal: ['volume', 3.785411784],
};

const convert =
  (units: Readonly<Record<string, readonly [string, number]>>) =>
  (values: CallArguments): JsonObject => {
    const from = units[textOf(values, 'unit_in').toLowerCase()];
    const to = units[textOf(values, 'unit_out').toLowerCase()];
    if (from === undefined || to === undefined || from[0] !== to[0]) return failed('these units cannot be converted');
    return result((numberOf(values, 'value') * from[1]) / to[1]);
  };

/** Calculations; there is no state. */
export const openMathApi = (): Backend => ({
  functions: {
    absolute_value: (values) => result(Math.abs(numberOf(values, 'number'))),
    add: (values) => result(numberOf(values, 'a') + numberOf(values, 'b')),
    subtract: (values) => result(numberOf(values, 'a') - numberOf(values, 'b')),
    multiply: (values) => result(numberOf(values, 'a') * numberOf(values, 'b')),
    divide: (values) => result(numberOf(values, 'a') / numberOf(values, 'b')),
    power: (values) => result(numberOf(values, 'base') ** numberOf(values, 'exponent')),
    percentage: (values) => result((numberOf(values, 'part') / numberOf(values, 'whole')) * 100),
    round_number: (values) => result(rounded(numberOf(values, 'number'), numberOf(values, 'decimal_places') || 0)),
    logarithm: (values) =>
      result(
        rounded(
          Math.log(numberOf(values, 'value')) / Math.log(numberOf(values, 'base')),
          numberOf(values, 'precision'),
        ),
      ),
    square_root: (values) => result(rounded(Math.sqrt(numberOf(values, 'number')), numberOf(values, 'precision'))),
    max_value: overNumbers((numbers) => Math.max(...numbers)),
    min_value: overNumbers((numbers) => Math.min(...numbers)),
    sum_values: overNumbers((numbers) => numbers.reduce((sum, item) => sum + item, 0)),
    mean: overNumbers(mean),
    standard_deviation: overNumbers(deviation),
    si_unit_conversion: convert(siUnits),
    imperial_si_conversion: convert(imperialUnits),
  },
  state: () => ({}),
});
