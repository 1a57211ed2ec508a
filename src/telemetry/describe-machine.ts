import type { RunCommand } from './command-runner.ts';
import { NvidiaSmi, type NvidiaFacts } from './nvidia-smi.ts';
import { readRocmSmi } from './rocm-smi.ts';

/** Graphics cards of this machine and what drives them; null where nothing says. */
export interface MachineFacts {
  readonly cards: NvidiaFacts['cards'];
  readonly driver: string | null;
  /** CUDA version that the driver serves, at most. */
  readonly cuda: string | null;
}

const none: MachineFacts = { cards: [], driver: null, cuda: null };

/** Asks once for cards, driver and CUDA version; no cards where no driver answers. */
export async function describeMachine(run: RunCommand): Promise<MachineFacts> {
  const nvidia = await new NvidiaSmi(run).describe();
  if (nvidia !== null) return { ...nvidia, cuda: await cudaVersion(run) };
  const amd = await readRocmSmi(run);
  if (amd.kind !== 'read') return none;
  const cards = amd.gpus.map(({ id, name, memoryTotalBytes, isPartitioned }) => ({
    id,
    name,
    memoryTotalBytes,
    computeCapability: null,
    isPartitioned,
  }));
  return { ...none, cards };
}

/** Only the table for people has it. */
async function cudaVersion(run: RunCommand): Promise<string | null> {
  const outcome = await run('nvidia-smi', [], 5000);
  return outcome.kind === 'output' ? (/CUDA Version:\s*(\d+(?:\.\d+)*)/.exec(outcome.text)?.[1] ?? null) : null;
}
