import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Json } from '../core/json.ts';

/** Version of this package, from its package.json. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** The machine the run is driven from; it says nothing about a remote server. */
export function describeEnvironment(): Readonly<Record<string, Json>> {
  const processors = cpus();
  return {
    platform: platform(),
    release: release(),
    architecture: arch(),
    cpu: processors[0]?.model.trim() ?? null,
    logicalCpus: processors.length,
    memoryBytes: totalmem(),
    node: process.version,
  };
}
