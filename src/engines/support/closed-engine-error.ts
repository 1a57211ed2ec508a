import { QwenEvalError } from '../../core/errors.ts';

/** The error of a request to an engine that was closed before. */
export const closedEngineError = (engine: string): QwenEvalError =>
  new QwenEvalError('E_BUG', `engine ${engine} was asked after it was closed`, {
    hint: 'Open the engine again, or close it after the last request.',
  });
