import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '../../stats/rng.ts';
import { makeTinyFunction, tinyFunctionLevels } from './tiny-function.ts';

describe('makeTinyFunction', () => {
  it('asks for the function that its solution defines and its tests call', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...tinyFunctionLevels), (seed, level) => {
        const made = makeTinyFunction(seededRng(seed), level);
        const [, head = '', parameters = ''] = /^def (\w+\(([\w, ]+)\)):\n {4}return .+\n$/.exec(made.solution) ?? [];
        expect(made.instruction).toMatch(/^Write a Python function .+ that returns .+\.$/);
        expect(made.instruction).toContain(head);
        expect(head.startsWith(`${made.name}(`)).toBe(true);
        expect(made.tests).toHaveLength(4);
        for (const test of made.tests) expect(test.startsWith(`assert ${made.name}(`)).toBe(true);
        const body = made.solution.split('return ')[1] ?? '';
        for (const parameter of parameters.split(', ')) expect(body).toContain(parameter);
        expect(makeTinyFunction(seededRng(seed), level)).toEqual(made);
      }),
    );
  });

  it('gives nothing away in the name', () => {
    const names = Array.from({ length: 300 }, (_, seed) => makeTinyFunction(seededRng(seed), 0).name);
    expect(
      names.filter((name) => /(?:^|_)(?:add|plus|times|minus|sum|max|min|len|first|last|count)(?:_|$)/.test(name)),
    ).toEqual([]);
    expect(new Set(names).size).toBeGreaterThan(150);
  });
});
