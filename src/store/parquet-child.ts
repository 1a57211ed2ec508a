import { DuckDBInstance } from '@duckdb/node-api';

// Started by write-parquet.ts with the source and target paths: DuckDB's memory stays out of the evaluating process.
const [source, target, memoryLimit] = process.argv.slice(2);
if (!source || !target || !memoryLimit) throw new Error('usage: parquet-child SOURCE TARGET MEMORY_LIMIT');

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const columns = {
  task: 'VARCHAR',
  sampleId: 'VARCHAR',
  epoch: 'INTEGER',
  category: 'VARCHAR',
  cluster: 'VARCHAR',
  request: 'JSON',
  response: 'VARCHAR',
  reasoning: 'VARCHAR',
  thinking: 'VARCHAR',
  toolCalls: 'JSON',
  finishReason: 'VARCHAR',
  usage: 'STRUCT(promptTokens BIGINT, completionTokens BIGINT, reasoningTokens BIGINT, cachedPromptTokens BIGINT)',
  timings:
    'STRUCT(startedAt VARCHAR, latencyMs DOUBLE, timeToFirstChunkMs DOUBLE, timeToFirstTokenMs DOUBLE, timeToFirstContentMs DOUBLE, meanGapMs DOUBLE, maxGapMs DOUBLE, chunks BIGINT)',
  turns: 'JSON',
  transcript: 'JSON',
  continuations: 'JSON',
  extraction: 'JSON',
  score: 'DOUBLE',
  measures: 'JSON',
  unscored: 'VARCHAR',
  code: 'VARCHAR',
  codes: 'VARCHAR[]',
  explanation: 'VARCHAR',
  attempts: 'INTEGER',
  seed: 'BIGINT',
};
const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: memoryLimit });
const connection = await instance.connect();
const typed = Object.entries(columns)
  .map(([name, type]) => `${quote(name)}: ${quote(type)}`)
  .join(', ');
await connection.run(
  `COPY (SELECT * FROM read_json(${quote(source)}, format = 'newline_delimited', columns = {${typed}}, maximum_object_size = 134217728))
   TO ${quote(target)} (FORMAT parquet, COMPRESSION zstd)`,
);
connection.closeSync();
instance.closeSync();
