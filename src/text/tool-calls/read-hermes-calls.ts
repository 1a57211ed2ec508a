import type { FailureCode } from '../../core/failure-code.ts';
import { readJson, type JsonIssue, type JsonRead } from '../json-reader.ts';
import { callFromValue } from './call-from-value.ts';
import type { CallContext, CallReading, CallRepair, ParsedCall, ToolCallProblem } from './parsed-call.ts';
import { tagFinder } from './tag-finder.ts';

const openTag = '<tool_call>';
const closeTag = '</tool_call>';

interface Block {
  /** Where the opening tag begins. */
  readonly start: number;
  /** Where the body begins. */
  readonly body: number;
  /** Where the body ends at the latest: the closing tag, the next opening tag or the end of the text. */
  readonly limit: number;
  /** Where the block ends, closing tag included. */
  readonly end: number;
  readonly isClosed: boolean;
  readonly isLast: boolean;
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const find = tagFinder(text);
  let start = find(openTag, 0);
  while (start >= 0) {
    const body = start + openTag.length;
    const next = find(openTag, body);
    // A plain indexOf in a condition here is hoisted by the JIT compiler, which makes many unclosed tags quadratic.
    const close = find(closeTag, body);
    const regionEnd = next < 0 ? text.length : next;
    const isClosed = close >= 0 && close < regionEnd;
    const limit = isClosed ? close : regionEnd;
    blocks.push({
      start,
      body,
      limit,
      end: isClosed ? close + closeTag.length : limit,
      isClosed,
      isLast: next < 0,
    });
    start = next;
  }
  return blocks;
}

/** Reads a value that begins at `start`, first as it stands, then with open brackets closed at the closing tag. */
function readBody(text: string, start: number, block: Block): { read: JsonRead; repairs: readonly CallRepair[] } {
  const read = readJson(text, start, { limit: block.limit });
  if (read.fatal?.code !== 'unclosed_bracket' || !block.isClosed) {
    return { read, repairs: read.mended.length > 0 ? ['json_syntax'] : [] };
  }
  const closed = readJson(text, start, { limit: block.limit, closeAtLimit: true });
  const isMended = closed.mended.some(({ code }) => code !== 'unclosed_bracket');
  return closed.fatal === null
    ? { read: closed, repairs: isMended ? ['missing_bracket', 'json_syntax'] : ['missing_bracket'] }
    : { read, repairs: [] };
}

function skipSpace(text: string, from: number, limit: number): number {
  let position = from;
  while (position < limit && /\s/.test(text.charAt(position))) position++;
  return position;
}

const cutOff = (block: Block, at: number): ToolCallProblem => ({
  code: 'gen.truncated.in_call',
  span: [block.start, at],
  detail: 'the token limit cut the last tool call off',
});

const malformed = (block: Block, issue: JsonIssue): ToolCallProblem => ({
  code: `json.${issue.code}` satisfies FailureCode,
  span: [issue.offset, Math.max(issue.offset, block.end)],
  detail: `the tool call is not JSON: ${issue.code.replaceAll('_', ' ')} at offset ${issue.offset}`,
});

/** What stands between a value and the end of its block: nothing, stray brackets, another object, or something else. */
function restOf(text: string, from: number, block: Block): 'nothing' | 'brackets' | 'object' | 'other' {
  const rest = text.slice(from, block.limit).trim();
  if (rest === '') return 'nothing';
  if (rest.startsWith('{')) return 'object';
  return /^[}\]\s]*$/.test(rest) ? 'brackets' : 'other';
}

const notAnObject = (span: readonly [number, number], name: string): ToolCallProblem => ({
  code: 'args.not_object',
  span,
  detail: `the arguments of ${name} are not an object`,
});

interface BlockReading {
  readonly calls: ParsedCall[];
  readonly problems: ToolCallProblem[];
}

/** Reads the objects of one block, each for itself. */
function readBlock(text: string, block: Block, context: CallContext): BlockReading {
  const reading: BlockReading = { calls: [], problems: [] };
  let position = block.body;
  for (let count = 0; ; count++) {
    const start = skipSpace(text, position, block.limit);
    if (start === block.limit) {
      reading.problems.push(emptyBlock(block, context));
      return reading;
    }
    const { read, repairs } = readBody(text, start, block);
    if (read.fatal !== null) {
      const isCut = context.isTruncated && block.isLast && !block.isClosed;
      reading.problems.push(isCut ? cutOff(block, block.end) : malformed(block, read.fatal));
      return reading;
    }
    const call = callFromValue(read.value, context);
    const rest = restOf(text, read.end, block);
    const all: CallRepair[] = [...repairs, ...(call?.repairs ?? [])];
    if (count > 0 || rest === 'object') all.push('several_in_one_tag');
    if (rest === 'brackets') all.push('surplus_bracket');
    // The servers' parser reads a last block without its closing tag.
    if (!block.isClosed && !block.isLast) all.push('missing_close_tag');
    if (call === null) {
      reading.problems.push({
        code: 'args.not_object',
        span: [start, read.end],
        detail: 'the tool call is JSON but not an object with a name and arguments',
      });
    } else {
      if (call.arguments === null) reading.problems.push(notAnObject([start, read.end], call.name));
      for (const problem of problemsOf(read, all, [start, read.end])) reading.problems.push(problem);
      reading.calls.push({
        name: call.name,
        arguments: call.arguments,
        raw: text.slice(start, read.end),
        span: [start, read.end],
        repairs: all,
      });
    }
    if (rest === 'other') {
      reading.problems.push(malformed(block, { code: 'extra_data', offset: read.end }));
      return reading;
    }
    if (rest !== 'object') return reading;
    position = read.end;
  }
}

function emptyBlock(block: Block, context: CallContext): ToolCallProblem {
  if (context.isTruncated && block.isLast && !block.isClosed) return cutOff(block, block.end);
  return { code: 'json.syntax', span: [block.start, block.end], detail: 'the tool call tag is empty' };
}

const repairCodes: Readonly<Record<CallRepair, FailureCode>> = {
  json_syntax: 'json.syntax',
  value_syntax: 'json.syntax',
  missing_open_tag: 'json.syntax',
  unclosed_parameter_name: 'json.syntax',
  other_format: 'format_mismatch',
  several_in_one_tag: 'json.extra_data',
  surplus_bracket: 'json.extra_data',
  missing_bracket: 'json.unclosed_bracket',
  double_encoded_arguments: 'json.double_encoded',
  empty_arguments: 'args.not_object',
  arguments_key: 'args.not_object',
  missing_close_tag: 'json.extra_data',
};

function problemsOf(
  read: JsonRead,
  repairs: readonly CallRepair[],
  span: readonly [number, number],
): ToolCallProblem[] {
  return repairs.map((repair) => {
    const mended = read.mended.find(({ code }) => code !== 'unclosed_bracket');
    // Arguments that were JSON text within JSON may be mended where the text around them was not.
    const code =
      repair === 'json_syntax' && mended !== undefined ? (`json.${mended.code}` as const) : repairCodes[repair];
    return { code, span, detail: `read only after a repair: ${repair.replaceAll('_', ' ')}` };
  });
}

/** Reads calls written as JSON inside `<tool_call>` tags; linear in the length of the text. */
export function readHermesCalls(text: string, context: CallContext): CallReading {
  const blocks = blocksOf(text);
  const readings = blocks.map((block) => readBlock(text, block, context));
  return {
    calls: readings.flatMap(({ calls }) => calls),
    problems: readings.flatMap(({ problems }) => problems),
    attempted: blocks.length > 0,
  };
}
