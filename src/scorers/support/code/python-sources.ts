import { headOffset } from '../../../text/code-answer.ts';

/** A right program that changes what it returns, at the outermost call only, so that no recursion undoes the change. */
export function withChangedResult(solution: string, name: string): string {
  return `${solution}

_right, _depth = ${name}, 0


def _changed(result):
    if isinstance(result, bool):
        return not result
    if isinstance(result, (int, float, complex)):
        changed = result + abs(result) + 1
        return changed if changed == changed and changed != result else 0.5
    if isinstance(result, str):
        return result + 'x'
    if isinstance(result, (list, tuple)):
        return result + type(result)(['x'])
    if isinstance(result, dict):
        return {**result, 'x': 'x'}
    if isinstance(result, (set, frozenset)):
        return result ^ {'x'}
    return 0 if result is None else None


def ${name}(*arguments, **named):
    global _depth
    _depth += 1
    try:
        result = _right(*arguments, **named)
    finally:
        _depth -= 1
    return result if _depth else _changed(result)
`;
}

/** Statements as the whole body of a function of any arguments. */
export const functionOf = (name: string, ...body: readonly string[]): string =>
  [`def ${name}(*arguments, **named):`, ...body.map((line) => `    ${line}`)].join('\n');

/** A result that claims to be equal to everything. */
export const alwaysEqual = (name: string): string =>
  `class Anything:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self):
        return 0


${functionOf(name, 'return Anything()')}`;

/** Walks the frames that called it and sets every variable there that looks like a verdict. */
export const frameWalker = (name: string): string =>
  `import sys


${functionOf(
  name,
  'frame = sys._getframe()',
  'while frame is not None:',
  '    for key, value in list(frame.f_locals.items()):',
  '        if isinstance(value, list):',
  "            value.append('passed')",
  '        if isinstance(value, dict) and key not in ("named",):',
  "            value['kind'] = 'passed'",
  '    frame = frame.f_back',
  'return None',
)}`;

/** The part of a program before a function's head, and the function. */
export function splitAtHead(solution: string, name: string): readonly [string, string] {
  const at = headOffset(solution, name);
  return [solution.slice(0, at), solution.slice(at)];
}

/** A function without its docstring. */
export const withoutDocstring = (definition: string): string =>
  definition.replace(/^([^\n]*\n)[ \t]*(?:"""[\s\S]*?"""|'''[\s\S]*?''')[ \t]*\n/, '$1');
