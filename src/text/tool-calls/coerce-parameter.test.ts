import { describe, expect, it } from 'vitest';
import type { Json, JsonSchema } from '../../core/json.ts';
import { coerceParameter } from './coerce-parameter.ts';

describe('coerceParameter', () => {
  it.each<[string, JsonSchema | undefined, Json, string]>([
    ['02134', { type: 'string' }, '02134', 'fits'],
    ['null', { type: 'string' }, 'null', 'fits'],
    ['null', { type: 'integer' }, null, 'unfit'],
    ['null', { type: ['integer', 'null'] }, null, 'fits'],
    ['7', { type: 'integer' }, 7, 'fits'],
    ['7.5', { type: 'integer' }, 7.5, 'fits'],
    ['seven', { type: 'integer' }, 'seven', 'unfit'],
    ['1e5', { type: 'number' }, 100_000, 'fits'],
    ['1e5', { type: 'string' }, '1e5', 'fits'],
    ['true', { type: 'boolean' }, true, 'fits'],
    ['False', { type: 'boolean' }, false, 'fits'],
    ['False', { type: 'integer' }, 'False', 'unfit'],
    ['None', { anyOf: [{ type: 'integer' }, { type: 'null' }] }, null, 'fits'],
    ['yes', { type: 'boolean' }, 'yes', 'unfit'],
    ['[1, 2]', { type: 'array' }, [1, 2], 'fits'],
    ["['a']", { type: 'array' }, ['a'], 'mended'],
    ['[1] x', { type: 'array' }, '[1] x', 'unfit'],
    ['{"a": 1}', { type: 'object' }, { a: 1 }, 'fits'],
    ['[1]', { type: 'object' }, '[1]', 'unfit'],
    ['"quoted"', { type: ['string', 'integer'] }, '"quoted"', 'fits'],
    ['3', { oneOf: [{ type: 'string' }, { type: 'integer' }] }, 3, 'fits'],
    ['3', { enum: [1, 3] }, 3, 'fits'],
    ['top', { enum: ['top', 3] }, 'top', 'fits'],
    ['{"k": 1}', { const: { k: 1 } }, '{"k": 1}', 'fits'],
    ['null', { const: null }, null, 'fits'],
    ['5', { anyOf: [true] }, '5', 'fits'],
    ['5', { type: [7] }, '5', 'fits'],
    ['5', undefined, '5', 'fits'],
    ['5', true, '5', 'fits'],
  ])('%j by %j', (text, schema, value, verdict) => {
    const read = coerceParameter(text, schema);
    expect(read.value).toEqual(value);
    expect(read.isMended ? 'mended' : read.fits ? 'fits' : 'unfit').toBe(verdict);
  });
});
