import { expect, it } from 'vitest';
import { excerpt } from './excerpt.ts';

it('puts a text on one line and cuts its middle out', () => {
  expect(excerpt('  one\n\n two \r\nthree ', 100)).toBe('one ⏎ two ⏎ three');
  expect(excerpt(`${'a'.repeat(50)}${'b'.repeat(50)}`, 10)).toBe('aaaaaa … bbbb');
});
