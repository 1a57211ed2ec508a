import { spawn } from 'node:child_process';

/** How a command ended: with its output, or not, with the reason. */
export type CommandOutcome =
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'missing'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Runs a program of the system and waits for its output at most `deadlineMs`. */
export type RunCommand = (program: string, given: readonly string[], deadlineMs: number) => Promise<CommandOutcome>;

const longestOutput = 1 << 20;

/** Runs commands without a shell, until the signal aborts. One that does not end in time is killed and not waited for: a driver that hangs keeps its caller in the kernel, where no signal reaches it. */
export const commandRunner =
  (signal?: AbortSignal): RunCommand =>
  (program, given, deadlineMs) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve({ kind: 'failed', reason: 'the measuring has ended' });
      const child = spawn(program, given, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
      let [text, errors] = ['', ''];
      const settle = (outcome: CommandOutcome): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        resolve(outcome);
      };
      const abandon = (reason: string): void => {
        child.kill('SIGKILL');
        child.stdout.destroy();
        child.stderr.destroy();
        child.unref();
        settle({ kind: 'failed', reason });
      };
      const stop = (): void => abandon('the measuring has ended');
      const timer = setTimeout(() => abandon(`${program} gave no answer within ${deadlineMs / 1000} s`), deadlineMs);
      signal?.addEventListener('abort', stop, { once: true });
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        if (text.length < longestOutput) text += part;
      });
      child.stderr.setEncoding('utf8').on('data', (part: string) => {
        if (errors.length < longestOutput) errors += part;
      });
      child.once('error', (error: NodeJS.ErrnoException) =>
        settle(
          error.code === 'ENOENT'
            ? { kind: 'missing', reason: `${program} is not installed` }
            : { kind: 'failed', reason: `${program} cannot be run: ${error.message}` },
        ),
      );
      child.once('close', (code, ended) => {
        if (code === 0) return settle({ kind: 'output', text });
        const said = firstLine(text) || firstLine(errors) || 'without a word';
        settle({ kind: 'failed', reason: `${program} ended with ${ended ?? `exit code ${code}`}: ${said}` });
      });
    });

const firstLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '')
    ?.slice(0, 200) ?? '';
