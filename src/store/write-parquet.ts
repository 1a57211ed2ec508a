import { spawn } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Memory DuckDB may use in the child that writes Parquet. */
const memoryLimit = '512MB';

/** Writes the complete journal of a finished run as Parquet (zstd) in a child process with a memory limit. Resolves to null, or to the reason it could not. */
export async function writeParquet(samplesFile: string, parquetFile: string): Promise<string | null> {
  const temporary = `${parquetFile}.${process.pid}.tmp`;
  const child = spawn(
    process.execPath,
    [createRequire(import.meta.url).resolve('#dist/store/parquet-child.js'), samplesFile, temporary, memoryLimit],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {},
    },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const status = await new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'ended'));
  });
  if (status === 0) {
    renameSync(temporary, parquetFile);
    return null;
  }
  rmSync(temporary, { force: true });
  const reason =
    errors.match(/\b(?:Error|Exception)?:? ?([^\n]*Error[^\n]*)/)?.[1] ?? errors.trim().split('\n').at(-1) ?? '';
  return `the Parquet copy could not be written (${status}): ${reason}`;
}
