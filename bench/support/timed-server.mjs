// An OpenAI-compatible loopback server whose streams have known times. Prints its port; ends with its parent.
// Pace FIRST GAP TOKENS: first token after FIRST ms, then one every GAP ms; the moments of all writes are the truth, told at GET /truth.
// GAP 0 sends as fast as the client reads, many tokens a write.
import { createServer } from 'node:http';

const [firstMs, gapMs, tokens] = process.argv.slice(2).map(Number);
const chunk = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const role = chunk({ role: 'assistant', content: '' });
const word = chunk({ content: ' one' });
const usage = { prompt_tokens: 20, completion_tokens: tokens, total_tokens: tokens + 20 };
const tail = `${chunk({}, 'stop')}data: ${JSON.stringify({ id: 'chatcmpl-1', choices: [], usage })}\n\ndata: [DONE]\n\n`;
const models = JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model', max_model_len: 32768 }] });

const truth = { firstMs: [], gapsMs: [], tokensBySecond: {} };

/** Streams by the time of their next token; a tick a millisecond writes what is due, so that writes are spread as an engine's are. */
const streams = new Set();
let ticking = null;

function tick() {
  const now = performance.now();
  for (const stream of streams) {
    if (stream.dueMs > now) continue;
    stream.response.write(stream.sent === 0 ? role + word : word);
    const at = performance.now();
    if (stream.sent === 0) truth.firstMs.push(at - stream.startMs);
    else truth.gapsMs.push(at - stream.lastMs);
    const second = Math.floor(at / 1000);
    truth.tokensBySecond[second] = (truth.tokensBySecond[second] ?? 0) + 1;
    stream.lastMs = at;
    stream.sent++;
    stream.dueMs += gapMs;
    if (stream.sent < tokens) continue;
    streams.delete(stream);
    stream.response.end(tail);
  }
  ticking = streams.size > 0 ? setTimeout(tick, 1) : null;
}

function pace(response, startMs) {
  streams.add({ response, startMs, dueMs: startMs + firstMs, lastMs: 0, sent: 0 });
  ticking ??= setTimeout(tick, 1);
}

const bundle = 32;

async function flood(response) {
  response.write(role);
  for (let sent = 0; sent < tokens; sent += bundle) {
    const isTaken = response.write(word.repeat(Math.min(bundle, tokens - sent)));
    if (!isTaken) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end(tail);
}

const server = createServer((request, response) => {
  const startMs = performance.now();
  request.resume();
  if (request.url === '/v1/models')
    return void response.writeHead(200, { 'content-type': 'application/json' }).end(models);
  if (request.url === '/truth') return void response.end(JSON.stringify(truth));
  if (request.url !== '/v1/chat/completions')
    return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"not here"}}');
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.socket?.setNoDelay(true);
    if (gapMs > 0) pace(response, startMs);
    else void flood(response);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('disconnect', () => process.exit(0));
