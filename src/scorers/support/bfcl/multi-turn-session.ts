import type { JsonObject } from '../../../core/json.ts';
import type { ChatMessage, ToolDefinition } from '../../../core/message.ts';
import type { DialogueStep, ToolFormat } from '../../../core/ports/task.ts';
import type { AssistantTurn } from '../../../core/response.ts';
import { parseTurnToolCalls } from '../../../text/tool-calls/parse-tool-calls.ts';
import { toolOf, type FunctionDoc } from './function-doc.ts';
import { openWorld, type World, type WorldSetting } from './world.ts';

/** A conversation of several user turns over simulated services. */
export interface MultiTurnInput extends WorldSetting {
  /** What the user says, turn by turn; an empty turn is filled with the news that held-out functions have come. */
  readonly turns: readonly (readonly ChatMessage[])[];
  /** Functions that are offered from a turn on only, by the number of that turn. */
  readonly heldOut: Readonly<Record<string, readonly string[]>>;
  /** Functions that are never offered. */
  readonly excluded: readonly string[];
}

/** Steps of one turn; a model that goes on longer is stopped, and the sample is lost. */
const stepsAtMost = 20;

const news = 'The functions that were missing before are available now. Please go on with what I asked for.';

/** One user turn as it was played. */
export interface PlayedTurn {
  /** Answers of all calls in order. */
  readonly results: readonly JsonObject[];
  readonly calls: number;
  readonly errors: number;
  /** What the model said when it stopped calling. */
  readonly reply: string;
  /** State of all services after the turn. */
  readonly state: JsonObject;
}

/** What became of a conversation. */
export interface MultiTurnOutcome {
  readonly turns: readonly PlayedTurn[];
  /** True when the last user turn was played to its end. */
  readonly isFinished: boolean;
  /** True when a turn had more steps than allowed. */
  readonly isForced: boolean;
}

const toolsByDoc = new WeakMap<FunctionDoc, ToolDefinition>();

function asTool(doc: FunctionDoc): ToolDefinition {
  const known = toolsByDoc.get(doc);
  if (known !== undefined) return known;
  const tool = toolOf(doc, 'python');
  toolsByDoc.set(doc, tool);
  return tool;
}

/** Functions on offer in a turn. */
export function toolsAt(input: MultiTurnInput, turn: number): readonly ToolDefinition[] {
  const later = Object.entries(input.heldOut).flatMap(([from, names]) => (turn < Number(from) ? names : []));
  return input.functions.filter(({ name }) => !input.excluded.includes(name) && !later.includes(name)).map(asTool);
}

/** What the user says in a turn. */
export function messagesAt(input: MultiTurnInput, turn: number): readonly ChatMessage[] {
  const messages = input.turns.slice(turn, turn + 1).flat();
  return messages.length > 0 ? messages : [{ role: 'user', content: news }];
}

/** The other side of such a conversation: runs the calls, then lets the user speak. Deterministic in the turns it is given. */
export class MultiTurnSession {
  readonly input: MultiTurnInput;
  readonly format: ToolFormat;
  readonly world: World;
  private readonly played: PlayedTurn[] = [];
  private results: JsonObject[] = [];
  private steps = 0;
  private isForced = false;

  constructor(input: MultiTurnInput, format: ToolFormat) {
    this.input = input;
    this.format = format;
    this.world = openWorld(input);
  }

  next(turn: AssistantTurn): DialogueStep {
    const { strict } = parseTurnToolCalls(turn, {
      format: this.format,
      tools: toolsAt(this.input, this.played.length),
    });
    if (strict.length === 0) return this.endTurn(turn);
    this.steps++;
    if (this.steps > stepsAtMost) {
      this.isForced = true;
      return { kind: 'end', reason: `more than ${stepsAtMost} steps in one turn` };
    }
    const messages = strict.map((call, index): ChatMessage => {
      const result = this.world.run(call.name, { ...call.arguments });
      this.results.push(result);
      const id = turn.toolCalls[index]?.id ?? null;
      return {
        role: 'tool',
        name: call.name,
        content: JSON.stringify(result),
        ...(id === null ? {} : { toolCallId: id }),
      };
    });
    return { kind: 'continue', messages };
  }

  private endTurn(turn: AssistantTurn): DialogueStep {
    this.played.push({
      results: this.results,
      calls: this.results.length,
      errors: this.results.filter((result) => 'error' in result).length,
      reply: turn.answer.trim(),
      state: this.world.state(),
    });
    this.results = [];
    this.steps = 0;
    const next = this.played.length;
    if (next >= this.input.turns.length) return { kind: 'end', reason: 'the last turn is over' };
    // A server refuses a conversation in which a call has no answer, even one that could not be read.
    const unread = turn.toolCalls.map((call): ChatMessage => ({
      role: 'tool',
      name: call.name,
      content: JSON.stringify({ error: 'the call could not be read' }),
      ...(call.id === null ? {} : { toolCallId: call.id }),
    }));
    return {
      kind: 'continue',
      messages: [...unread, ...messagesAt(this.input, next)],
      tools: toolsAt(this.input, next),
    };
  }

  outcome(): MultiTurnOutcome {
    return {
      turns: this.played,
      isFinished: this.played.length === this.input.turns.length,
      isForced: this.isForced,
    };
  }
}
