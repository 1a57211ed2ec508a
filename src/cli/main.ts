#!/usr/bin/env node
import { main } from './program.ts';

// A reader that leaves early, as `head` does, is no fault: what it no longer wants is dropped, and a run goes on to its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await main(process.argv.slice(2));
