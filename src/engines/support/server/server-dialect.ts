import type { EngineMemory } from '../../../core/ports/engine.ts';
import type { StartFailure } from './start-failure.ts';

/** Where and as what a server is to serve. */
export interface ServeRequest {
  /** Path or hub id of the weights. */
  readonly model: string;
  /** Name requests carry. */
  readonly servedName: string;
  readonly host: string;
  readonly port: number;
}

/** What one kind of server is like: how it is found, started, understood and recognised. */
export interface ServerDialect {
  /** Engine id. */
  readonly id: string;
  readonly title: string;
  /** Names of its program. */
  readonly programs: readonly string[];
  readonly installHint: string;
  /** Module that its program, an interpreter, must have; left out where the program is the server itself. */
  readonly module?: string;
  /** Arguments in front of the preset's. */
  readonly serveArguments: (request: ServeRequest) => readonly string[];
  /** Answers 200 when requests are served. */
  readonly healthPath: string;
  readonly readVersion: (command: readonly string[]) => Promise<string | null>;
  /** Flags that an installed program lists; null where asking takes too long. */
  readonly readFlags: (command: readonly string[]) => Promise<readonly string[] | null>;
  readonly readMemory: (lines: readonly string[]) => EngineMemory;
  /** Failures with words of its own, asked before those that every server has. */
  readonly failures: readonly StartFailure[];
  /** Endpoint that tells the path of the weights, and its field, where the list of models does not. */
  readonly modelInfo?: { readonly path: string; readonly field: string };
  /** True when the version a server reports is the installed one. */
  readonly isVersion: (reported: string, installed: string) => boolean;
  /** True when the context a server reports is the one asked for. */
  readonly isContext: (reported: number, asked: number) => boolean;
}
