import type { LabelledResponse } from '../../../core/ports/scorer.ts';
import type { Sample } from '../../../core/sample.ts';
import { textResponse, type RawTurn } from '../../../text/assistant-turn.ts';
import { reindentPython } from '../../../text/reindent-python.ts';
import type { CodeInput, CodeTarget } from './code-sample.ts';
import { functionOf, splitAtHead, withoutDocstring } from './python-sources.ts';

const labelled = (kind: string, text: string, raw: Omit<RawTurn, 'text'> = {}): LabelledResponse => ({
  kind,
  response: textResponse(text, raw),
});

const fenced = (code: string, tag = 'python'): string => `\`\`\`${tag}\n${code.trimEnd()}\n\`\`\``;

const note = 'The function goes through its input once and returns what was asked for.';

/** Ways to write the whole program. */
function wholePrograms(code: string, name: string): readonly LabelledResponse[] {
  const block = fenced(code);
  const draft = fenced(functionOf(name, 'return None'));
  const rest = `${note}\n\n### Explanation\n\n1. First, we look at \`${name}\`.\n2. Then we return.`;
  return [
    labelled('fenced', block),
    labelled('fence-without-tag', fenced(code, '')),
    labelled('fence-py', fenced(code, 'py')),
    labelled('fence-python3', fenced(code, 'Python3 title="solution.py"')),
    labelled('fence-tildes', `~~~python\n${code.trimEnd()}\n~~~`),
    labelled('fence-four-marks', `\`\`\`\`python\n${code.trimEnd()}\n\`\`\`\``),
    labelled('fence-twice-opened', `\`\`\`markdown\n${block}`),
    labelled('fence-behind-sentence', `Here is the code: \`\`\`python\n${code.trimEnd()}\n\`\`\`\n${note}`),
    labelled('fence-in-list', `1. Write the function:\n\n   ${block.replaceAll('\n', '\n   ')}\n\n2. Done.`),
    labelled('fence-closed-behind-code', `\`\`\`python\n${code.trimEnd()}\`\`\``),
    labelled('prose-around', `Sure! Here's a solution:\n\n${block}\n\n${rest}`),
    labelled('unclosed-fence', `Here it is.\n\n\`\`\`python\n${code}`),
    labelled('cut-in-explanation', `${block}\n\nThis works because`, { finishReason: 'length' }),
    labelled('cut-in-trial', `\`\`\`python\n${code.trimEnd()}\n\nprint(${name}(`, { finishReason: 'length' }),
    labelled('unfenced', code),
    labelled('unfenced-in-prose', `Sure! Here's a solution:\n\n${code.trimEnd()}\n\n${rest}`),
    labelled('begin-done', `[BEGIN]\n${code.trimEnd()}\n[DONE]\nAnd more.`),
    labelled('crlf', `Here it is:\n\n${block}\n`.replaceAll('\n', '\r\n')),
    labelled('revised', `First try:\n\n${draft}\n\nThat is wrong. Better:\n\n${block}`),
    labelled('usage-block-after', `${block}\n\nUse it so:\n\n${fenced(`print(${name}())`)}`),
    labelled('output-block-after', `${block}\n\nIt prints:\n\n${fenced('[1, 2]', 'text')}`),
    labelled('trial-breaks', fenced(`${code.trimEnd()}\n\n# Example\nprint(${name}())\nassert ${name}() == 1`)),
    labelled('trial-reads-input', fenced(`${code.trimEnd()}\n\nn = int(input())\nprint(${name}(n))`)),
    labelled('main-guard', fenced(`${code.trimEnd()}\n\n\nif __name__ == "__main__":\n    print(${name}())`)),
    labelled('two-spaces', fenced(reindentPython(code, '  '))),
    labelled('tabs', fenced(reindentPython(code, '\t'))),
    labelled('paired-think', `<think>\nMaybe:\n${draft}\n</think>\n\n${block}`),
    labelled('close-only-think', `Maybe:\n${draft}\nNo.\n</think>\n\n${block}`),
    labelled('empty-think', `<think>\n\n</think>\n\n${block}`),
    labelled('reasoning-field', block, { reasoning: draft }),
    labelled('end-token', `${block}<|im_end|>\n<|im_start|>user\n${draft}`),
  ];
}

/** Ways to leave out what the question shows already. */
function withoutShownParts(solution: string, name: string): readonly LabelledResponse[] {
  const [before, definition] = splitAtHead(solution, name);
  const short = withoutDocstring(definition);
  return [
    labelled('without-docstring', fenced(before + short)),
    labelled('without-imports-and-helpers', fenced(definition)),
    ...(before.trim() === ''
      ? []
      : [labelled('helpers-apart', `Imports and helpers:\n${fenced(before)}\n\nThe function:\n\n${fenced(short)}`)]),
  ];
}

/** Ways to go on with a stub. */
function continuations(body: string): readonly LabelledResponse[] {
  const plain = reindentPython(`if 1:\n${body}`, '    ').split('\n').slice(1).join('\n');
  const atMargin = plain.replaceAll(/^ {4}/gm, '');
  const twoSpaces = reindentPython(`if 1:\n${body}`, '  ').split('\n').slice(1).join('\n');
  return [
    labelled('body', body),
    labelled('body-head-stripped', body.trimStart()),
    labelled('body-two-spaces', twoSpaces),
    labelled('body-fenced', fenced(body)),
    labelled('body-two-spaces-fenced', fenced(twoSpaces)),
    labelled('body-at-margin-fenced', fenced(atMargin, '')),
    labelled('body-then-more', `${body.trimEnd()}\n\n\ndef main():\n    print(1)\n\n\nmain()\n`),
    labelled('body-then-prose', `${body.trimEnd()}\n\n${note}`),
  ];
}

/** The right program of a sample in the many ways models write it; each must be accepted. */
export function rightCodeResponses({ input, target }: Sample<CodeInput, CodeTarget>): readonly LabelledResponse[] {
  const { entryPoint, stub } = input;
  const { solution } = target;
  const code = solution.trimStart();
  if (stub === null) return wholePrograms(code, entryPoint);
  return [
    ...wholePrograms(code, entryPoint),
    ...withoutShownParts(solution, entryPoint),
    ...continuations(solution.slice(stub.length)),
  ];
}
