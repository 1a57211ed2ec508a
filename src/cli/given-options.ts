import type { RunOptions } from '../runner/run.ts';
import type { Invocation } from './command.ts';

/** The options a user gave, without defaults: what may override a stored plan. */
export const givenOptions = ({ options, sources }: Pick<Invocation, 'options' | 'sources'>): RunOptions =>
  Object.fromEntries(
    Object.entries(options).filter(([name]) => sources[name] !== 'default' && sources[name] !== 'unset'),
  );
