import type { GenerationRequest, Prompt, ResponseFormat } from '../../core/generation.ts';
import type { Json } from '../../core/json.ts';
import type { ChatMessage, ToolDefinition } from '../../core/message.ts';
import type { Sampling } from '../../core/sampling.ts';

type Fields = Readonly<Record<string, Json>>;
type MutableFields = Record<string, Json>;

export interface BodyOptions {
  /** Extra fields of the engine's settings; those of the request win over them. */
  readonly extraBody: Fields;
  /** llama.cpp's completions read `json_schema` and ignore `response_format`. */
  readonly schemaField: 'response_format' | 'json_schema';
}

function messageFields(message: ChatMessage): Json {
  const fields: MutableFields = { role: message.role, content: message.content };
  if (message.reasoning !== undefined) {
    // Servers read the old name, the new one, or both.
    fields['reasoning_content'] = message.reasoning;
    fields['reasoning'] = message.reasoning;
  }
  if (message.toolCalls !== undefined && message.toolCalls.length > 0)
    fields['tool_calls'] = message.toolCalls.map((call, index) => ({
      id: call.id ?? `call_${index}`,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    }));
  if (message.toolCallId !== undefined) fields['tool_call_id'] = message.toolCallId;
  if (message.name !== undefined) fields['name'] = message.name;
  return fields;
}

const toolFields = (tool: ToolDefinition): Json => ({
  type: 'function',
  function: { name: tool.name, description: tool.description, parameters: tool.parameters },
});

/** The fields that carry a conversation: messages, tools and template arguments. */
export function conversationFields(prompt: Extract<Prompt, { kind: 'messages' }>): Fields {
  return {
    messages: prompt.messages.map(messageFields),
    ...(prompt.tools === undefined || prompt.tools.length === 0 ? {} : { tools: prompt.tools.map(toolFields) }),
    ...(prompt.templateArguments === undefined ? {} : { chat_template_kwargs: prompt.templateArguments }),
  };
}

function samplingFields(sampling: Sampling): Fields {
  const fields: MutableFields = {};
  if (sampling.temperature !== null) fields['temperature'] = sampling.temperature;
  if (sampling.topP !== null) fields['top_p'] = sampling.topP;
  if (sampling.topK !== null) fields['top_k'] = sampling.topK;
  if (sampling.minP !== null) fields['min_p'] = sampling.minP;
  if (sampling.presencePenalty !== null) fields['presence_penalty'] = sampling.presencePenalty;
  if (sampling.repetitionPenalty !== null) {
    // The first is vLLM's and SGLang's name, the second llama.cpp's; each ignores the other.
    fields['repetition_penalty'] = sampling.repetitionPenalty;
    fields['repeat_penalty'] = sampling.repetitionPenalty;
  }
  if (sampling.seed !== null) fields['seed'] = sampling.seed;
  return fields;
}

function formatFields(format: ResponseFormat, schemaField: BodyOptions['schemaField']): Fields {
  if (format.kind === 'text') return {};
  if (schemaField === 'json_schema') return { json_schema: format.kind === 'json_schema' ? format.schema : {} };
  if (format.kind === 'json_object') return { response_format: { type: 'json_object' } };
  return { response_format: { type: 'json_schema', json_schema: { name: format.name, schema: format.schema } } };
}

function promptFields(prompt: Prompt): Fields {
  if (prompt.kind === 'messages') return conversationFields(prompt);
  return { prompt: prompt.kind === 'text' ? prompt.text : prompt.ids };
}

function logProbabilityFields(request: GenerationRequest): Fields {
  const { topLogProbabilities: top, prompt } = request;
  if (top === undefined) return {};
  return prompt.kind === 'messages' ? { logprobs: true, top_logprobs: top } : { logprobs: top };
}

/** A choice without tools is refused by some servers, so it goes only with tools. */
function toolChoiceFields({ prompt, toolChoice }: GenerationRequest): Fields {
  const offered = prompt.kind === 'messages' && prompt.tools !== undefined && prompt.tools.length > 0;
  return toolChoice === undefined || !offered ? {} : { tool_choice: toolChoice };
}

/** The JSON body of a streamed generation for chat completions (messages) or completions (text, token ids). */
export function generationBody(request: GenerationRequest, options: BodyOptions): string {
  const schemaField = request.prompt.kind === 'messages' ? 'response_format' : options.schemaField;
  return JSON.stringify({
    model: request.model,
    ...promptFields(request.prompt),
    max_tokens: request.maxTokens,
    ...(request.stop.length === 0 ? {} : { stop: request.stop }),
    ...samplingFields(request.sampling),
    ...formatFields(request.responseFormat, schemaField),
    ...toolChoiceFields(request),
    ...logProbabilityFields(request),
    stream: true,
    stream_options: { include_usage: true },
    ...options.extraBody,
    ...request.extraBody,
  });
}
