import { execFile } from 'node:child_process';

/** What a program writes on both outputs within a time; null when it cannot be run or takes longer. Its exit code does not matter. */
export const readOutput = (command: readonly string[], timeoutMs: number): Promise<string | null> =>
  new Promise((resolve) => {
    const [program = '', ...args] = command;
    execFile(program, args, { timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const isUsable = error === null || (typeof error.code === 'number' && !error.killed);
      resolve(isUsable ? `${stdout}\n${stderr}` : null);
    });
  });
