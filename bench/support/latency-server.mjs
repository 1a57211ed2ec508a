// An OpenAI-compatible loopback server that answers every chat after a fixed latency. Prints its port; ends with its parent.
import { createServer } from 'node:http';

const latencyMs = Number(process.argv[2] ?? 20);
const text = 'The sum is worked out step by step, and the final answer is \\boxed{42}.';
const chunk = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const body = `${chunk({ role: 'assistant', content: '' })}${chunk({ content: text })}${chunk({}, 'stop')}data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [], usage })}\n\ndata: [DONE]\n\n`;
const models = JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model', max_model_len: 32768 }] });

const whole = JSON.stringify({
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'bench',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage,
});

const server = createServer((request, response) => {
  let sent = '';
  request.on('data', (data) => (sent += data));
  request.on('end', () => {
    if (request.method === 'GET' && request.url === '/v1/models') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(models);
    } else if (request.method === 'POST' && request.url === '/v1/chat/completions') {
      if (sent.includes('"stream":true'))
        setTimeout(() => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body), latencyMs);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(whole);
    } else response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"not here"}}');
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('disconnect', () => process.exit(0));
