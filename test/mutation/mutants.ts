/** A change of one rule in the sources of the scorers: what stands there, and what the mutant has instead. */
export interface Mutant {
  readonly name: string;
  /** Path below src/. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

const mutant = (name: string, file: string, [find, replace]: readonly [string, string]): Mutant => ({
  name,
  file,
  find,
  replace,
});

const number = 'text/number-answer.ts';
const numeral = 'text/numeral.ts';
const expression = 'text/numeric-expression.ts';
const choice = 'text/choice-answer.ts';
const label = 'text/choice-label.ts';
const note = 'text/closing-note.ts';
const marker = 'text/answer-marker.ts';
const boxed = 'text/boxed.ts';
const continuations = 'scorers/support/score-continuations.ts';

const rules = '[jsonField, boxed, hashes, phrase, bold, lastNumber]';
const choiceRules = '[jsonField, boxed, phrase, line, verdict, bold, lastSentence]';

/** Every extraction rule and guard switched off or turned round, one at a time. */
export const mutants: readonly Mutant[] = [
  mutant('numbers: no JSON rule', number, [rules, '[boxed, hashes, phrase, bold, lastNumber]']),
  mutant('numbers: no box rule', number, [rules, '[jsonField, hashes, phrase, bold, lastNumber]']),
  mutant('numbers: no hash rule', number, [rules, '[jsonField, boxed, phrase, bold, lastNumber]']),
  mutant('numbers: no bold rule', number, [rules, '[jsonField, boxed, hashes, phrase, lastNumber]']),
  mutant('numbers: no phrase rule', number, [rules, '[jsonField, boxed, hashes, bold, lastNumber]']),
  mutant('numbers: no last number', number, [rules, '[jsonField, boxed, hashes, phrase, bold]']),
  mutant('numbers: last number before the marks', number, [
    rules,
    '[lastNumber, jsonField, boxed, hashes, phrase, bold]',
  ]),
  mutant('numbers: phrase before box', number, [rules, '[phrase, jsonField, boxed, hashes, bold, lastNumber]']),
  mutant('numbers: first stretch decides', number, [
    'const last = usable.at(-1);\n  if (last === undefined) return null;\n  const reading',
    'const last = usable[0];\n  if (last === undefined) return null;\n  const reading',
  ]),
  mutant('numbers: boxes side by side are no contradiction', number, [
    'const isAmbiguous = reading.isAmbiguous || isContradicted;',
    'const isAmbiguous = reading.isAmbiguous;',
  ]),
  mutant('numbers: guesses in a row are no contradiction', number, [
    'previous.value !== last.value && (isOr || isList)',
    'false',
  ]),
  mutant('numbers: cut-off text has a last number', number, [
    'const lastNumber: Rule = (source) => {\n  if (source.isTruncated) return null;',
    'const lastNumber: Rule = (source) => {',
  ]),
  mutant('numbers: cut-off phrase counts', number, ['source.isTruncated && touchesEnd', 'false']),
  mutant('numbers: repeated question is an answer', number, ['return at < 0 ? 0 : at + wanted.length;', 'return 0;']),
  mutant('numbers: first phrase decides', number, [
    'usable.slice(-markersTried).toReversed()',
    'usable.slice(-markersTried)',
  ]),
  mutant('numbers: denied ones count', number, [
    '!isNumbering(text, numeral) && !isDenied(text, numeral)',
    '!isNumbering(text, numeral)',
  ]),
  mutant('numerals: commas end a number', numeral, ['[.,](?=\\d)|\\{,\\}', '[.](?=\\d)|\\{,\\}']),
  mutant('numerals: malformed groups are numbers', numeral, ['return wellFormed.test(text) ? ', 'return true ? ']),
  mutant('numerals: signs are lost', numeral, [
    "if (value !== null && isNegative && value !== '0') value",
    'if (value !== null && false) value',
  ]),
  mutant('numerals: trailing zeros stay', numeral, ['part.charCodeAt(end - 1) === 48', 'false']),
  mutant('numerals: no fractions', numeral, ["value !== null && text[end] === '/'", 'false']),
  mutant('numerals: no LaTeX groups', numeral, ['\\{,\\}(?=\\d{3})|', '']),
  mutant('numerals: no spaced groups', numeral, ['| (?=\\d{3}(?!\\d))', '']),
  mutant('numerals: five significant digits', numeral, [
    "return sign === '-' && digits !== '0' ? `-${digits}` : digits;",
    "const short = digits.length > 5 && !digits.includes('.') ? `${digits.slice(0, 5)}${'0'.repeat(digits.length - 5)}` : digits;\n  return sign === '-' && digits !== '0' ? `-${short}` : short;",
  ]),
  mutant('expressions: what stands before an equals sign counts', expression, [
    'equals >= 0 && /\\d/.test',
    'equals < -1 && /\\d/.test',
  ]),
  mutant('expressions: unfinished sums are values', expression, [
    'distinct(found) > 1 || isUnfinishedSum(signed, found)',
    'distinct(found) > 1',
  ]),
  mutant('clauses: denied numbers count', expression, ['if (gap.length > 2 && negation.test(gap)) return none;', '']),
  mutant('clauses: "either" is no contradiction', expression, [
    'if (isAlternative || isChoice)',
    'if (isAlternative && false)',
  ]),
  mutant('boxes: braces do not nest', boxed, [
    'else if (code === 123) open.push(index);',
    'else if (code === 123 && boxes.has(index)) open.push(index);',
  ]),
  mutant('boxes: unclosed boxes count', boxed, [
    'return found.length > 1',
    'for (const start of open) if (boxes.has(start)) pushContent(found, text, [start + 1, text.length]);\n  return found.length > 1',
  ]),
  mutant('notes: none is seen', note, [
    'for (const match of last.matchAll(labelled)) {',
    'for (const match of last.matchAll(labelled)) {\n    if (match.index >= 0) return text.length;',
  ]),
  mutant('notes: asides are not seen', note, [
    'if (!conclusion.test(last.slice(match.index))) return from + paragraph + match.index;\n  }\n  const remark',
    'if (match.index < 0) return from + paragraph + match.index;\n  }\n  const remark',
  ]),
  mutant('markers: "is" is no announcement', marker, ['(?:is|was|are|equals', '(?:was|are|equals']),
  mutant('markers: a colon is no announcement', marker, ['=|是|为|→|->)|:)|(?=[ \\t]', '=|是|为|→|->))|(?=[ \\t]']),
  mutant('markers: headings are no announcement', marker, [
    'if (isBare && !isHeading(text, start)) continue;',
    'if (isBare) continue;',
  ]),
  mutant('characters: full-width ones stay', 'text/plain-characters.ts', [
    'if (!special.test(text)) return text;',
    'if (text !== "") return text;',
  ]),
  mutant('thinking: is never taken out', 'text/thinking.ts', [
    "if (!templateOpened && !content.includes('think'))",
    "if (content !== '' || !templateOpened)",
  ]),
  mutant('thinking: only pairs are taken out', 'text/thinking.ts', [
    'const close = lastClose(content);',
    "const close = content.includes('<think') ? lastClose(content) : null;",
  ]),
  mutant('thinking: unclosed tags leave the text', 'text/thinking.ts', [
    "return { answer: '', thinking: content.replace(openTag, '').trim(), state: 'unclosed' };",
    "return { answer: content, thinking: null, state: 'unclosed' };",
  ]),
  mutant('thinking: the template opens none', 'text/thinking.ts', [
    '(options.templateOpened ?? false) && !hasField',
    'false',
  ]),
  mutant('end-of-turn tokens stay', 'scorers/support/answer-body.ts', [
    'at < 0 ? answer : answer.slice(0, at)',
    'answer',
  ]),
  mutant('choices: no JSON rule', choice, [choiceRules, '[boxed, phrase, line, verdict, bold, lastSentence]']),
  mutant('choices: no box rule', choice, [choiceRules, '[jsonField, phrase, line, verdict, bold, lastSentence]']),
  mutant('choices: no phrase rule', choice, [choiceRules, '[jsonField, boxed, line, verdict, bold, lastSentence]']),
  mutant('choices: no bold rule', choice, [choiceRules, '[jsonField, boxed, phrase, line, verdict, lastSentence]']),
  mutant('choices: no last sentence', choice, [choiceRules, '[jsonField, boxed, phrase, line, verdict, bold]']),
  mutant('choices: no line rule', choice, [choiceRules, '[jsonField, boxed, phrase, verdict, bold, lastSentence]']),
  mutant('choices: no verdict rule', choice, [choiceRules, '[jsonField, boxed, phrase, line, bold, lastSentence]']),
  mutant('choices: boxes side by side are no contradiction', choice, [
    'if (isBeside && !isSame)',
    'if (isBeside && isSame)',
  ]),
  mutant('choices: repeated question is an answer', choice, ['if (isRepetition(source)) return', 'if (false) return']),
  mutant('choices: a list of options is an answer', choice, ['return isOne ? first : several;', 'return first;']),
  mutant('choices: option texts are no answer', choice, [
    'if (exact !== undefined) return labelOf(exact);',
    'if (exact !== undefined) return null;',
  ]),
  mutant('choices: cut-off lines count', choice, [
    'source.isTruncated ? lines.slice(0, lines.length === 1 ? 0 : 1) : lines',
    'lines',
  ]),
  mutant('labels: several are one', label, [
    'const isSeveral = next !== undefined && this.#own(next) !== label;',
    'const isSeveral = next === null;',
  ]),
  mutant('labels: lower case is unknown', label, [
    "return [escape(upper), escape(lower), ...capital].join('|');",
    "return [escape(upper), ...capital].join('|');",
  ]),
  mutant('labels: a word may begin with one', label, [
    "`^${dress}(${any})(?![\\p{L}\\d_%°^]|[.,:/]\\d|'[a-z])`",
    '`^${dress}(${any})`',
  ]),
  mutant('log-likelihood: last index wins ties', continuations, [
    'values.indexOf(Math.max(...values))',
    'values.lastIndexOf(Math.max(...values))',
  ]),
  mutant('log-likelihood: equal values are scored', continuations, [
    'sums.every((value) => value === sums[0])',
    'sums.length === 0',
  ]),
  mutant('log-likelihood: missing values are scored', continuations, [
    'given.length < scores.length',
    'given.length === 0',
  ]),
  mutant('log-likelihood: positive values are scored', continuations, [
    'given.some((value) => value > 0)',
    'given.some((value) => value > 1e9)',
  ]),
  mutant('log-likelihood: lengths are ignored', continuations, [
    "input.measure === 'acc_norm' ? normalised : sums",
    'sums',
  ]),
  mutant('log-likelihood: sums are always divided', continuations, [
    "input.measure === 'acc_norm' ? normalised : sums",
    'normalised',
  ]),
  mutant('log-likelihood: the option alone is not subtracted', continuations, [
    'whole - Number(values[index + count])',
    'whole',
  ]),
  mutant('lists: order does not matter', 'text/answer-spelling.ts', [
    "words.join(' ') : null",
    "words.sort().join(' ') : null",
  ]),
];
