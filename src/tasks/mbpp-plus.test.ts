import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithData, sharedDataPath } from '../../test/support/shared-data.ts';
import type { Json } from '../core/json.ts';
import { readPythonLiteral } from '../text/python-literal.ts';
import { restoreArguments, type CallArguments } from './support/code/mbpp-plus-values.ts';

interface Row {
  readonly task_id: string;
  readonly entry_point: string;
  readonly assertion: string;
  readonly base_input: readonly CallArguments[];
}

/** Index of the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let index = open; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote !== '') {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth === 0) return index;
  }
  return text.length;
}

/** The arguments of each call of the function in the problem's own asserts, as written; null for one that is no literal. */
function* writtenCalls({ entry_point: name, assertion }: Row): Generator<Json | null> {
  for (let at = assertion.indexOf(`${name}(`); at >= 0; at = assertion.indexOf(`${name}(`, at)) {
    const open = at + name.length;
    at = closing(assertion, open);
    try {
      yield readPythonLiteral(`[${assertion.slice(open + 1, at)}]`);
    } catch {
      yield null;
    }
  }
}

/** Where the release's inputs are not what its asserts are called with, other than by the kinds that are restored. */
const known: Readonly<Record<string, string>> = {
  'Mbpp/77': 'an input more than asserts',
  'Mbpp/87': 'a key written twice, of which JSON keeps one',
  'Mbpp/98': 'a list for a tuple, as upstream runs it',
  'Mbpp/104': 'lists for tuples, as upstream runs it',
  'Mbpp/124': 'a complex number in the assert',
  'Mbpp/140': 'lists for tuples, as upstream runs it',
  'Mbpp/145': 'a list for a tuple, as upstream runs it',
  'Mbpp/252': 'a real number for a complex one',
  'Mbpp/301': 'keys as text, as upstream runs it',
  'Mbpp/419': '11.00 for 11.0',
  'Mbpp/582': 'keys as text, as upstream runs it',
  'Mbpp/596': 'lists for tuples inside, as upstream runs it',
  'Mbpp/629': 'an input more than asserts',
  'Mbpp/735': 'a binary number in the assert',
  'Mbpp/799': 'a binary number in the assert',
  'Mbpp/803': 'a product in the assert',
  'Mbpp/807': 'an input more than asserts',
};

describeWithData('the restored arguments of MBPP+', () => {
  it('are those of the problem’s own asserts in all but 17 known problems of 399', () => {
    const text = readFileSync(sharedDataPath('mbpp', 'MbppPlus-v0.1.0.jsonl'), 'utf8');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => {
        const { d: pairs = [] } = readPythonLiteral(line) as { readonly d?: readonly (readonly [string, Json])[] };
        return Object.fromEntries(pairs) as unknown as Row;
      });
    const differing = rows.filter((row) => {
      const restored = row.base_input.map((call) => restoreArguments(Number(row.task_id.slice(5)), call));
      return JSON.stringify([...writtenCalls(row)]) !== JSON.stringify(restored);
    });
    expect(rows).toHaveLength(399);
    expect(differing.map(({ task_id: id }) => id).toSorted()).toEqual(Object.keys(known).toSorted());
  });
});
