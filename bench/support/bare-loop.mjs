// The limit: as many requests with undici, COUNT in all and WIDTH at once, bodies read and thrown away. Prints {wallMs, cpuMs, rssBytes}.
import { Agent, request } from 'undici';

const [url, count, width] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const dispatcher = new Agent({ connections: width, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
const payload = JSON.stringify({
  model: 'bench',
  stream: true,
  max_tokens: 2048,
  temperature: 0,
  messages: [{ role: 'user', content: 'What is six times seven? '.repeat(12) }],
});
const startMs = performance.now();
const before = process.cpuUsage();
let next = 0;
const worker = async () => {
  while (next++ < count) {
    const { body } = await request(url, {
      method: 'POST',
      body: payload,
      headers: { 'content-type': 'application/json' },
      dispatcher,
    });
    await body.text();
  }
};
await Promise.all(Array.from({ length: width }, worker));
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    wallMs: performance.now() - startMs,
    cpuMs: (user + system) / 1000,
    rssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
await dispatcher.close();
