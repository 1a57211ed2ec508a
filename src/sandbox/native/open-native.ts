import { QwenEvalError } from '../../core/errors.ts';
import type { Sandbox, SandboxSettings } from '../../core/ports/sandbox.ts';
import { assembleSandbox } from '../support/assemble-sandbox.ts';
import { selfTest } from '../support/self-test.ts';
import type { Confinement } from './confinement.ts';
import { ZygoteLane } from './zygote-lane.ts';
import { ZygoteProcess } from './zygote-process.ts';

const leastMemoryBytes = 64 * 1024 * 1024;

/** Starts one fork-server a worker under a confinement and tests them. Throws E_SANDBOX_FAILED when one does not start or leaks. */
export async function openNative(settings: SandboxSettings, confinement: Confinement): Promise<Sandbox> {
  if (settings.memoryBytes < leastMemoryBytes) {
    throw new QwenEvalError(
      'E_OPTION_INVALID',
      `a program needs ${leastMemoryBytes} bytes, not ${settings.memoryBytes}`,
    );
  }
  const start = (): Promise<ZygoteProcess> => ZygoteProcess.start(confinement, settings.memoryBytes);
  const started = await Promise.all(Array.from({ length: Math.max(1, settings.workers) }, start));
  const lanes = started.map((zygote) => new ZygoteLane(zygote, start, settings.mode === 'strict'));
  const { kind, bubblewrapVersion, landlockVersion, pythonVersion } = confinement;
  const sandbox = assembleSandbox(lanes, settings, {
    backend: 'native',
    version: [
      bubblewrapVersion === null ? null : `bubblewrap ${bubblewrapVersion}`,
      landlockVersion >= 1 ? `landlock ${landlockVersion}` : null,
      'seccomp',
    ]
      .filter((part) => part !== null)
      .join(' + '),
    pythonVersion,
    limits: {
      confinement: kind,
      memoryBytes: settings.memoryBytes,
      fileBytes: 16 * 1024 * 1024,
      scratchBytes: 64 * 1024 * 1024,
      openFiles: 64,
      processes: 1,
    },
  });
  try {
    await selfTest(sandbox);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return sandbox;
}
