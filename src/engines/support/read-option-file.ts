import { readFile } from 'node:fs/promises';
import { QwenEvalError } from '../../core/errors.ts';

/** The text of a file that an engine option names; throws E_FILE_UNREADABLE. */
export async function readOptionFile(option: string, path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'not UTF-8 text';
    throw new QwenEvalError('E_FILE_UNREADABLE', `${option} file ${path} cannot be read: ${reason}`, {
      hint: `Give the engine option ${option} a readable UTF-8 file.`,
      cause,
    });
  }
}
