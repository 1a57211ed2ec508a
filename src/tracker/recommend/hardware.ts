import { QwenEvalError } from '../../core/errors.ts';
import { findDevice, measuredProcessor, type Device } from '../../presets/devices.ts';

/** What a deployment is to run on. */
export interface Hardware {
  readonly kind: 'gpu' | 'cpu';
  /** As the driver or the user calls it. */
  readonly name: string;
  readonly count: number;
  /** Memory of all of it together. */
  readonly memoryBytes: number;
  /** Its limits; null when nothing is known of them. */
  readonly device: Device | null;
  /** Who says so. */
  readonly source: string;
}

const gibibyte = 2 ** 30;

/** Memory that the driver of a card of the device table reports, in GiB, rounded down. */
const cardGibibytes: Readonly<Record<string, number>> = {
  a100_80: 80,
  a100_40: 40,
  h100_pcie: 79,
  h100_nvl: 93,
  h100: 79,
  h200: 140,
  h20: 95,
  b200: 179,
  l40s: 45,
  rtx_4090: 24,
};

/** Hardware that the user names: a card of the device table, or any name with its memory. Throws E_OPTION_INVALID when the memory is not known. */
export function namedHardware(given: {
  readonly gpu: string;
  readonly count: number;
  readonly memoryGib: number | null;
}): Hardware {
  const { gpu, count, memoryGib } = given;
  const device = findDevice(gpu);
  const each = memoryGib ?? (device === null ? null : (cardGibibytes[device.id] ?? null));
  if (each === null) {
    throw new QwenEvalError('E_OPTION_INVALID', `nothing is known of a card called ${gpu}`, {
      hint: 'give its memory with --gpu-memory, or a name like "H100", "A100 80GB", "RTX 4090"',
    });
  }
  return {
    kind: 'gpu',
    name: device?.title ?? gpu,
    count,
    memoryBytes: each * gibibyte * count,
    device,
    source: memoryGib === null ? 'the name that was given and the device table' : 'the options that were given',
  };
}

/** Cards of this machine as its driver describes them, or its processor and memory where there are none. */
export function machineHardware(machine: {
  readonly cards: readonly { readonly name: string | null; readonly memoryTotalBytes: number | null }[];
  readonly processor: string;
  readonly memoryBytes: number;
  /** Bytes a second of its memory; null when it was not measured. */
  readonly memoryBandwidth: number | null;
}): Hardware {
  const cards = machine.cards.flatMap(({ name, memoryTotalBytes }) =>
    memoryTotalBytes === null ? [] : [{ name: name ?? 'card', memoryTotalBytes }],
  );
  const [first] = cards;
  if (first === undefined) {
    return {
      kind: 'cpu',
      name: machine.processor,
      count: 1,
      memoryBytes: machine.memoryBytes,
      device: machine.memoryBandwidth === null ? null : measuredProcessor(machine.memoryBandwidth),
      source: 'this machine, which has no graphics card',
    };
  }
  return {
    kind: 'gpu',
    name: first.name,
    count: cards.length,
    memoryBytes: cards.reduce((sum, card) => sum + card.memoryTotalBytes, 0),
    device: findDevice(first.name),
    source: 'the driver of this machine',
  };
}
