// An OpenAI-compatible loopback server whose streams have known times. Prints its port; ends with its parent.
// Pace FIRST GAP TOKENS: first token after FIRST ms, then one every GAP ms; the moments of all writes are the truth, told at GET /truth.
// Answers are of 0.6 to 1.4 times TOKENS, so that they end and start one by one as real ones do and not all in the same millisecond.
// GAP 0 sends as fast as the client reads, many tokens a write.
// It stands on plain sockets: a request's arrival is stamped before any other is read, so that the truth holds no queue of this server's own.
import { createServer } from 'node:net';
import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';

const [firstMs, gapMs, tokens] = process.argv.slice(2).map(Number);
const event = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const inChunk = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const role = event({ role: 'assistant', content: '' });
const word = event({ content: ' one' });
const opening = head + inChunk(role);
const firstChunk = head + inChunk(role + word);
const wordChunk = inChunk(word);
const lastChunks = (count) => {
  const usage = { prompt_tokens: 20, completion_tokens: count, total_tokens: count + 20 };
  const last = `data: ${JSON.stringify({ id: 'chatcmpl-1', choices: [], usage })}\n\ndata: [DONE]\n\n`;
  return `${inChunk(`${event({}, 'stop')}${last}`)}0\r\n\r\n`;
};
const models = JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model', max_model_len: 32768 }] });

const truth = { firstMs: [], gapsMs: [], tokensBySecond: {} };

const streams = new Set();
let isWriting = false;
let opened = 0;

function write(stream) {
  const isLast = stream.sent + 1 === stream.tokens;
  const chunk = stream.sent === 0 ? firstChunk : wordChunk;
  stream.socket.write(isLast ? chunk + lastChunks(stream.tokens) : chunk);
  const at = performance.now();
  if (stream.sent === 0) truth.firstMs.push(at - stream.startMs);
  else truth.gapsMs.push(at - stream.lastMs);
  const second = Math.floor(at / 1000);
  truth.tokensBySecond[second] = (truth.tokensBySecond[second] ?? 0) + 1;
  stream.lastMs = at;
  stream.sent++;
  stream.dueMs += gapMs;
  if (isLast) streams.delete(stream);
}

/** Every millisecond what is due is written; after each few writes the requests that came meanwhile are stamped. */
async function writeWhatIsDue() {
  isWriting = true;
  while (streams.size > 0) {
    let written = 0;
    for (const stream of streams) {
      if (stream.dueMs > performance.now()) continue;
      write(stream);
      if (++written % 16 === 0) await immediate();
    }
    await wait(1);
  }
  isWriting = false;
}

function pace(socket, startMs) {
  // The fractions of multiples of the golden ratio are spread evenly, however many are taken.
  const length = Math.round(tokens * (0.6 + 0.8 * ((opened++ * 0.618034) % 1)));
  streams.add({ socket, startMs, tokens: length, dueMs: startMs + firstMs, lastMs: 0, sent: 0 });
  if (!isWriting) void writeWhatIsDue();
}

const bundle = 32;

async function flood(socket) {
  socket.write(opening);
  for (let sent = 0; sent < tokens; sent += bundle) {
    const isTaken = socket.write(inChunk(word.repeat(Math.min(bundle, tokens - sent))));
    if (!isTaken) await new Promise((resolve) => socket.once('drain', resolve));
  }
  socket.write(lastChunks(tokens));
}

function answer(socket, line, startMs) {
  const json = (status, text) =>
    socket.write(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  if (line === 'GET /v1/models') return void json('200 OK', models);
  if (line === 'GET /truth') return void json('200 OK', JSON.stringify(truth));
  if (line !== 'POST /v1/chat/completions') return void json('404 Not Found', '{"error":{"message":"not here"}}');
  if (gapMs > 0) pace(socket, startMs);
  else void flood(socket);
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let [text, startMs] = ['', 0];
  socket.on('data', (data) => {
    if (text === '') startMs = performance.now();
    text += data.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const bodyBytes = Number(/content-length: *(\d+)/iu.exec(text)?.[1] ?? 0);
    if (text.length < end + 4 + bodyBytes) return;
    const line = text.slice(0, text.indexOf(' HTTP/'));
    text = '';
    // The sockets that have data are all read before the first is answered.
    setImmediate(answer, socket, line, startMs);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('disconnect', () => process.exit(0));
