import type { Mutant } from './mutants.ts';

const mutant = (name: string, file: string, [find, replace]: readonly [string, string]): Mutant => ({
  name,
  file,
  find,
  replace,
});

const answer = 'text/code-answer.ts';
const parts = 'text/code-parts.ts';
const body = 'text/code-body.ts';
const fences = 'text/fenced-blocks.ts';
const chunks = 'text/python-chunks.ts';
const scorer = 'scorers/code-tests.ts';
const judge = 'scorers/support/code/judge-code.ts';
const mbpp = 'tasks/support/code/mbpp-form.ts';
const differential = 'tasks/support/code/differential-tests.ts';
const cascade = 'this.#fenced() ?? this.#fencedBody() ?? this.#unfenced() ?? this.#body() ??';

/** Rules of taking code out of an answer, of what is run with it and of what its verdict means, changed one at a time. */
export const codeMutants: readonly Mutant[] = [
  mutant('code: no fenced program', answer, [cascade, 'this.#fencedBody() ?? this.#unfenced() ?? this.#body() ??']),
  mutant('code: no fenced body', answer, [cascade, 'this.#fenced() ?? this.#unfenced() ?? this.#body() ??']),
  mutant('code: no program without fences', answer, [
    cascade,
    'this.#fenced() ?? this.#fencedBody() ?? this.#body() ??',
  ]),
  mutant('code: no body without fences', answer, [
    cascade,
    'this.#fenced() ?? this.#fencedBody() ?? this.#unfenced() ??',
  ]),
  mutant('code: text before fences', answer, [
    cascade,
    'this.#unfenced() ?? this.#fenced() ?? this.#fencedBody() ?? this.#body() ??',
  ]),
  mutant('code: the first block counts', answer, ['closed.at(-1) ?? defining.at(-1)', 'closed[0] ?? defining[0]']),
  mutant('code: blocks left open count like others', answer, ['closed.at(-1) ?? defining.at(-1)', 'defining.at(-1)']),
  mutant('code: any block counts', answer, [
    'this.#pieces.filter(({ chunks }) => chunks.some((chunk) => definesName(chunk, entryPoint)))',
    'this.#pieces.filter(() => entryPoint !== "")',
  ]),
  mutant('code: helpers of other blocks are dropped', answer, [
    'const parts = borrowedParts(chosen.chunks, others, { entryPoint });',
    'const parts = borrowedParts(chosen.chunks, [...others].slice(others.length), { entryPoint });',
  ]),
  mutant('code: an example that breaks spoils the program', answer, [
    'core: coreOf([...parts, ...chosen.chunks], entryPoint),',
    'core: null,',
  ]),
  mutant('code: shared indentation stays', answer, [
    "if (prefix === '') return code;",
    "if (prefix !== '\\n') return code;",
  ]),
  mutant('parts: the first of several helpers', parts, [
    'for (const chunk of others) if (binds(chunk)) for (const name of chunk.names) byName.set(name, chunk);',
    'for (const chunk of others) if (chunk.kind === "import") for (const name of chunk.names) byName.set(name, chunk);',
  ]),
  mutant('parts: imports bind nothing', parts, [
    "kind === 'definition' || kind === 'import' || kind === 'assignment'",
    "kind === 'definition' || kind === 'assignment'",
  ]),
  mutant('parts: assignments bind nothing', parts, [
    "kind === 'definition' || kind === 'import' || kind === 'assignment'",
    "kind === 'definition' || kind === 'import'",
  ]),
  mutant('parts: the core has no imports', parts, ["chunks.filter(({ kind }) => kind === 'import')", '[]']),
  mutant('bodies: a lost first indentation is not seen', body, [
    'return withStrippedHead(stretch) ?? atMargin(text);',
    'return atMargin(text);',
  ]),
  mutant('bodies: none at the margin', body, [
    'return withStrippedHead(stretch) ?? atMargin(text);',
    'return withStrippedHead(stretch);',
  ]),
  mutant('bodies: prose behind belongs to them', body, [
    'if (lines.length > 0 && quote === null && /^\\S/.test(line)) break;',
    'if (lines.length < 0) break;',
  ]),
  mutant('fences: no tildes', fences, [
    'const opening = /^[ \\t]*(?:(?:[-*+]|\\d{1,9}[.)])[ \\t]+)?(`{3,}|~{3,})',
    'const opening = /^[ \\t]*(?:(?:[-*+]|\\d{1,9}[.)])[ \\t]+)?(`{3,})',
  ]),
  mutant('fences: no marker lines', fences, ["['[BEGIN]', '[DONE]'],", '']),
  mutant('fences: none behind a sentence', fences, [
    "return tail === null || line.slice(0, tail.index).includes('```') ? null : blockOf(tail, 0, next);",
    'return tail === null || next >= 0 ? null : blockOf(tail, 0, next);',
  ]),
  mutant('fences: none closes behind code', fences, [
    'return end.endsWith(tail) ? end.slice(0, -tail.length) : undefined;',
    'return undefined;',
  ]),
  mutant('fences: strings hold fences', fences, [
    'const careful = scan(text, true);',
    'const careful = scan(text, false);',
  ]),
  mutant('chunks: decorators stand alone', chunks, [
    'if (this.#isDecorated) return line',
    'if (this.#start < 0) return line',
  ]),
  mutant('chunks: prints are no trial', chunks, [
    "if (mainGuard.test(line) || trialLine.test(line)) return head('trial');",
    "if (mainGuard.test(line)) return head('trial');",
  ]),
  mutant('chunks: reading the input is no trial', chunks, ["kind: reads ? 'trial' : kind,", 'kind,']),
  mutant('thinking: is never taken out', 'text/thinking.ts', [
    "if (!templateOpened && !content.includes('think'))",
    "if (content !== '' || !templateOpened)",
  ]),
  mutant('thinking: unclosed tags leave the text', 'text/thinking.ts', [
    "return { answer: '', thinking: content.replace(openTag, '').trim(), state: 'unclosed' };",
    "return { answer: content, thinking: null, state: 'unclosed' };",
  ]),
  mutant('end-of-turn tokens stay', 'scorers/support/answer-body.ts', [
    'at < 0 ? answer : answer.slice(0, at)',
    'answer',
  ]),
  ...['failed', 'syntax', 'runtime', 'wrong_entry_point', 'timeout', 'memory', 'denied'].map((kind) =>
    mutant(`verdicts: ${kind} is a pass`, scorer, [
      "if (kind === 'passed') return right(extraction);",
      `if (kind === 'passed' || kind === '${kind}') return right(extraction);`,
    ]),
  ),
  mutant('verdicts: a pass is a miss', scorer, [
    "if (kind === 'passed') return right",
    'if (error !== null) return right',
  ]),
  mutant('verdicts: no code is a pass', scorer, [
    'return missed(reading.extraction, told',
    'return answer !== null ? right(reading.extraction) : missed(reading.extraction, told',
  ]),
  mutant('programs: a body stands alone', judge, [
    "if (shape === 'body') return bare(`${stub}",
    "if (shape === 'body') return bare(`",
  ]),
  mutant('programs: shown imports and helpers are dropped', judge, [
    'bare(`${futures}${preamble}${futures',
    'bare(`${futures}${futures',
  ]),
  mutant('programs: imports from the future come late', judge, [
    "const futures = own.match(future)?.join('') ?? '';",
    "const futures = '';",
  ]),
  mutant('programs: the core is never run', judge, ['if (reading.core === null ||', 'if (reading.core !== "" ||']),
  mutant('programs: the core decides after a failing test', judge, [
    "new Set<SandboxVerdict['kind']>(['runtime',",
    "new Set<SandboxVerdict['kind']>(['failed', 'wrong_entry_point', 'runtime',",
  ]),
  mutant('programs: the solution is run', judge, [
    '    candidate,\n    setup,',
    '    candidate: sample.target.solution,\n    setup,',
  ]),
  mutant('programs: no setup', judge, ['    setup,\n    tests,', "    setup: '',\n    tests,"]),
  mutant('programs: no tests', judge, ['    setup,\n    tests,', "    setup,\n    tests: '',"]),
  mutant('programs: the setup stands behind the tests', judge, [
    '    setup,\n    tests,',
    "    setup: '',\n    tests: `${tests}\\n${setup}`,",
  ]),
  mutant('programs: no values', judge, ['values: await valuesOf(sample, sandbox),', 'values: {},']),
  mutant('programs: only the first results', judge, [
    'return { inputs: cases.inputs, expected };',
    'return { inputs: cases.inputs.slice(0, 1), expected };',
  ]),
  mutant('MBPP: no preparation', mbpp, ["`${preparation}\\n${tests.join('\\n')}\\n`", "`${tests.join('\\n')}\\n`"]),
  mutant('MBPP: preparation behind the tests', mbpp, [
    "`${preparation}\\n${tests.join('\\n')}\\n`",
    "`${tests.join('\\n')}\\n${preparation}\\n`",
  ]),
  mutant('MBPP: preparation in the setup', mbpp, ['setup: imports,', 'setup: `${imports}\\n${preparation}`,']),
  mutant('MBPP: no imports of the tests', mbpp, ['setup: imports,', "setup: '',"]),
  ...[
    ['the first test alone', 'slice(0, 1)'],
    ['all tests but the first', 'slice(1)'],
    ['all tests but the last', 'slice(0, -1)'],
  ].map(([name, part]) =>
    mutant(`MBPP: ${name}`, mbpp, [
      "`${preparation}\\n${tests.join('\\n')}\\n`",
      `\`\${preparation}\\n\${tests.${part}.join('\\n')}\\n\``,
    ]),
  ),
  mutant('HumanEval: the tests are defined and not run', 'tasks/humaneval.ts', [
    'tests: `${test}\\ncheck(${entryPoint})\\n`',
    'tests: `${test}\\n`',
  ]),
  mutant('HumanEval: the tests have no helpers of the question', 'tasks/humaneval.ts', [
    'setup: preambleOf(input),',
    'setup: preambleOf(input).slice(0, 0),',
  ]),
  mutant('HumanEval+: the tests are defined and not run', differential, ['_check_all(${entryPoint})\n', '']),
  mutant('differential tests: nothing is compared', differential, [
    'if not _compare(got',
    'if False and not _compare(got',
  ]),
  mutant('differential tests: only the first input', differential, [
    '_check(candidate(*arguments), wanted, arguments)\n',
    '_check(candidate(*arguments), wanted, arguments)\n        break\n',
  ]),
  mutant('differential tests: no tolerance', differential, ['tolerance = 1e-06', 'tolerance = 0']),
  mutant('differential tests: a generous tolerance', differential, ['tolerance = 1e-06', 'tolerance = 1e-03']),
  mutant('differential tests: kinds of sequences do not matter', differential, ['type(got) is type(wanted)', 'True']),
];

/** Rules of judging in the sandbox, changed one at a time; files below src/sandbox/python/. */
export const judgeMutants: readonly Mutant[] = [
  mutant('judge: every test error is a pass', 'judge.py', [
    "    return _verdict('failed', name, line, message, call)\n",
    '    return PASSED\n',
  ]),
  mutant('judge: an exception of the candidate is a pass', 'judge.py', [
    '    if link.raised is not None and error is link.raised[0]:\n        return _verdict(kind_of(link.raised[2]), link.raised[1], message, line, call)',
    '    if link.raised is not None and error is link.raised[0]:\n        return PASSED',
  ]),
  mutant('judge: an interpreter that ends is a pass', 'tester.py', [
    "            self.end('gone', None)",
    "            self.end('passed', None)",
  ]),
  mutant('judge: a missing function is a pass', 'judge.py', [
    "link.end('wrong_entry_point', entry, _missing(entry)['detail'])",
    "link.end('passed', None)",
  ]),
  mutant('judge: code that does not load is a pass', 'judge.py', [
    "link.end(verdict['kind'], verdict['error'], verdict['detail'])",
    "link.end('passed', None)",
  ]),
  mutant('judge: the tests are not run', 'judge.py', [
    '        exec(code, namespace)\n    except Ended:',
    '        pass\n    except Ended:',
  ]),
  mutant('judge: the candidate is not run', 'candidate.py', ['    exec(code, module.__dict__)', '    pass']),
  mutant('judge: names of the candidate are unknown to the tests', 'judge.py', [
    'if name in given:',
    "if name in given and name == task['entry']:",
  ]),
  mutant('judge: no values', 'judge.py', ['module.__dict__[key] = decode(data, _no_handle)', 'pass']),
  mutant('judge: no setup', 'judge.py', [
    "exec(compile(task['setup'], '<setup>', 'exec', dont_inherit=True), module.__dict__)",
    'pass',
  ]),
  mutant('judge: no keywords', 'tester.py', [
    'data(item) for key, item in keywords.items()} if keywords else keywords',
    'data(item) for key, item in ()}',
  ]),
  mutant('judge: arguments are not changed in place', 'tester.py', ['        argument[:] = value', '        pass']),
  mutant('judge: exceptions have no kind', 'tester.py', [
    'kind = getattr(builtins, ancestor, None)',
    'kind = KeyError',
  ]),
  mutant('judge: exceptions are swallowed', 'tester.py', [
    "            raise link.exception(reply['error'])\n        changed",
    '            return None\n        changed',
  ]),
  mutant('judge: objects are equal to everything', 'tester.py', [
    "return _compare(self, other, '__eq__') if type(other) is Proxy else False",
    'return True',
  ]),
  mutant('judge: subclasses cross with their operators', 'codec.py', [
    '            return str.__str__(item)',
    '            return self._to_handle(item)',
  ]),
  mutant('judge: tuples become lists', 'codec.py', ["    't': tuple,", "    't': list,"]),
  mutant('judge: every candidate value is true', 'codec.py', [
    '    if data is None or type(data) in _PLAIN:\n        return data',
    '    if data is None or type(data) in _PLAIN:\n        return True if data is False else data',
  ]),
];
