import type { LabelledResponse } from '../../../core/ports/scorer.ts';
import type { Sample } from '../../../core/sample.ts';
import { textResponse, type RawTurn } from '../../../text/assistant-turn.ts';
import type { CodeInput, CodeTarget } from './code-sample.ts';
import { alwaysEqual, frameWalker, functionOf, splitAtHead, withChangedResult } from './python-sources.ts';

const labelled = (kind: string, text: string | null, raw: Omit<RawTurn, 'text'> = {}): LabelledResponse => ({
  kind,
  response: textResponse(text, raw),
});

const fenced = (code: string, tag = 'python'): string => `\`\`\`${tag}\n${code.trimEnd()}\n\`\`\``;

const indented = (code: string): string => code.replaceAll(/^(?=.)/gm, '    ');

/** Wrong programs by the mistake or trick they stand for. */
function wrongPrograms(solution: string, name: string): readonly (readonly [string, string])[] {
  const [before, definition] = splitAtHead(solution, name);
  const kinds: readonly (readonly [string, string])[] = [
    ['changed-result', withChangedResult(solution, name)],
    ['returns-none', functionOf(name, 'pass')],
    ['not-implemented', functionOf(name, 'raise NotImplementedError()')],
    ['always-equal', alwaysEqual(name)],
    ['exit-in-body', functionOf(name, 'import sys', 'sys.exit(0)')],
    ['os-exit-in-body', functionOf(name, 'import os', 'os._exit(0)')],
    ['frame-walker', frameWalker(name)],
    ['endless-recursion', functionOf(name, `return ${name}(*arguments, **named)`)],
    ['unknown-name', functionOf(name, 'return not_defined_anywhere')],
    ['missing-module', `import not_a_module_at_all\n\n\n${solution}`],
    ['coroutine', `async ${functionOf(name, 'return None')}`],
    ['other-name', solution.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_2`)],
    ['method-only', `class Solution:\n${indented(solution)}`],
    ['inside-string', `solution = '''\n${solution.replaceAll("'''", '"""')}\n'''`],
    ['commented-out', solution.replaceAll(/^/gm, '# ')],
    // Of the first statement: a comment may stand anywhere.
    ['wrong-indentation', `${before}${definition.replace(/\n[ \t]+(?=[^\s#])/, '\n')}`],
    ['unbalanced', `${before}${definition.replace('):', ':').replace(/\)([^\n]*):\n/, '$1:\n')}`],
    ['assigned-away', `${solution.trimEnd()}\n\n\n${name} = None`],
  ];
  // A function on one line has no indentation to get wrong.
  return kinds.filter(([, code]) => code !== solution);
}

/** Wrong answers of known kind; each must be rejected. */
export function wrongCodeResponses({ input, target }: Sample<CodeInput, CodeTarget>): readonly LabelledResponse[] {
  const { entryPoint, stub, ask } = input;
  const { solution } = target;
  const block = fenced(solution.trimStart());
  const wrong = fenced(withChangedResult(solution, entryPoint));
  const [before, definition] = splitAtHead(solution, entryPoint);
  const head = `${before}${definition.split('\n', 1)[0]}`;
  return [
    ...wrongPrograms(solution, entryPoint).map(([kind, code]) => labelled(kind, fenced(code))),
    labelled('empty', ''),
    labelled('blank', ' \n\n'),
    labelled('null-content', null),
    labelled('refusal', "I'm sorry, but I can't help with that."),
    labelled('prose', `The function ${entryPoint} goes through its input and returns what was asked for.`),
    labelled('restated-question', ask),
    ...(stub === null ? [] : [labelled('stub-only', fenced(stub)), labelled('stub-unfenced', stub)]),
    labelled('call-only', fenced(`print(${entryPoint}(1))`)),
    labelled('other-language', fenced(`function ${entryPoint}(x) {\n  return x;\n}`, 'javascript')),
    labelled('revised-away', `${block}\n\nThat is wrong. Better:\n\n${wrong}`),
    labelled('gold-only-in-think', `<think>\n${block}\n</think>\n\n${wrong}`),
    labelled('nothing-after-think', `<think>\n${block}\n</think>\n`),
    labelled('unclosed-think', `<think>\n${block}`, { finishReason: 'length' }),
    labelled('gold-only-in-field', wrong, { reasoning: block }),
    ...(head.trimEnd().endsWith(':')
      ? [labelled('cut-at-head', `\`\`\`python\n${head}\n`, { finishReason: 'length' })]
      : []),
    labelled('wrong-unfenced', withChangedResult(solution, entryPoint)),
  ];
}
