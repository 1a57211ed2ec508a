import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Json } from '../core/json.ts';
import { commandRunner } from '../telemetry/command-runner.ts';
import { describeMachine, type MachineFacts } from '../telemetry/describe-machine.ts';
import { findListener } from '../telemetry/find-listener.ts';
import type { TelemetryTarget } from '../telemetry/open-sources.ts';
import { pythonPackages } from '../telemetry/python-packages.ts';

/** The machine the run is driven from; it says nothing about a remote server. Cards and Python packages are those of an engine on this machine. */
export async function describeEnvironment(
  target: TelemetryTarget,
  machine: MachineFacts,
): Promise<Readonly<Record<string, Json>>> {
  const processors = cpus();
  return {
    platform: platform(),
    release: release(),
    architecture: arch(),
    cpu: processors[0]?.model.trim() ?? null,
    logicalCpus: processors.length,
    memoryBytes: totalmem(),
    node: process.version,
    gpus: machine.cards.map(({ name, memoryTotalBytes, computeCapability, isPartitioned }) => ({
      name,
      memoryTotalBytes,
      computeCapability,
      isPartitioned,
    })),
    gpuDriver: machine.driver,
    cuda: machine.cuda,
    pythonPackages: target.isRemote ? null : await packagesOf(target),
  };
}

async function packagesOf({ processId, port }: TelemetryTarget): Promise<Json> {
  const found = processId === null && port !== null ? await findListener(port, platform()) : null;
  const root = processId ?? (found === null || typeof found === 'string' ? null : found.pid);
  return root === null ? null : pythonPackages([root]);
}

/** Cards and driver of this machine, where the engine is on it and may use them. */
export async function describeCards({ isRemote, usesGpu }: TelemetryTarget): Promise<MachineFacts> {
  return isRemote || !usesGpu ? { cards: [], driver: null, cuda: null } : describeMachine(commandRunner());
}
