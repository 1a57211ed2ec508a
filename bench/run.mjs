// npm run bench -- <name> [--json] [arguments]: runs bench/<name>.mjs, whose default export gives {name, figures, environment}.
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.replace('.mjs', ''));
if (!names.includes(name)) {
  console.error(`usage: npm run bench -- <name> [--json]\nnames: ${names.join(', ')}`);
  process.exit(2);
}
const asJson = rest.includes('--json');
const { default: measure } = await import(new URL(`${name}.mjs`, import.meta.url));
const report = await measure({
  arguments: rest.filter((argument) => argument !== '--json'),
  // Tables and progress go to stderr, so that --json leaves one document on stdout.
  print: (text) => console.error(text),
});
const environment = {
  node: process.version,
  cpu: cpus()[0]?.model ?? null,
  logicalCpus: cpus().length,
  memoryBytes: totalmem(),
};
const document = { name, figures: report.figures, environment: { ...environment, ...report.environment } };
if (asJson) console.log(JSON.stringify(document, null, 2));
else {
  const width = Math.max(...Object.keys(document.figures).map((key) => key.length));
  for (const [key, value] of Object.entries(document.figures)) {
    console.log(
      `${key.padEnd(width)}  ${typeof value === 'number' ? Number(value.toPrecision(4)) : JSON.stringify(value)}`,
    );
  }
}
