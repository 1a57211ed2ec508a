import { appendFileSync } from 'node:fs';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Appends one JSON line a message to log.ndjson; secrets are replaced wherever they appear. Never throws: a log must not stop a run. */
export interface RunLog {
  write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Opens the log of a run. `secrets` are the values that must never reach it; `now` gives ISO times. */
export function openRunLog(
  path: string,
  options: { readonly secrets: readonly string[]; readonly now: () => string },
): RunLog {
  const secrets = options.secrets.filter((secret) => secret.length >= 4);
  return {
    write(level, message, fields = {}) {
      let line = JSON.stringify({ time: options.now(), level, message, ...fields });
      for (const secret of secrets) line = line.replaceAll(JSON.stringify(secret).slice(1, -1), '[secret]');
      try {
        appendFileSync(path, `${line}\n`);
      } catch {
        return;
      }
    },
  };
}
