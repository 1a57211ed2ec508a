import type { LoadedConfig } from '../config/load-config.ts';
import type { Options } from '../config/options.ts';
import type { OptionSource } from '../config/resolve-options.ts';
import type { ExitCode } from '../core/errors.ts';
import type { RunControl } from '../runner/run-session.ts';

/** Where a command writes: stdout is the result, stderr is progress and messages. */
export interface CommandStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** True when stderr is a terminal that may be redrawn. */
  readonly isLive: boolean;
  readonly columns: number;
}

export interface Invocation {
  /** Positional arguments. */
  readonly arguments: readonly string[];
  readonly options: Options;
  readonly sources: Readonly<Record<string, OptionSource>>;
  readonly config: LoadedConfig;
  readonly streams: CommandStreams;
  /** Follows Ctrl-C and SIGTERM: once drains, twice stops. */
  readonly control: RunControl;
}

/** What a command gives: its exit code, the JSON document of `--json` (undefined when it wrote that itself), and the text without it. */
export interface CommandOutcome {
  readonly exitCode: ExitCode;
  readonly document: unknown;
  readonly text: string;
}

export interface CommandArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly variadic?: boolean;
}

export interface Command {
  /** Equals the file name. */
  readonly id: string;
  /** One clause for the list of commands. */
  readonly summary: string;
  readonly arguments: readonly CommandArgument[];
  /** A command line that works. */
  readonly example: string;
  run(invocation: Invocation): Promise<CommandOutcome>;
}

/** Declares a command; the default export of a file in src/cli/commands/. */
export const defineCommand = (command: Command): Command => command;
