/** What a processor of models can do at most; dense arithmetic, without the sparsity that vendors' sheets double it by. */
export interface Device {
  readonly id: string;
  readonly title: string;
  readonly bandwidthBytesPerSecond: number;
  /** Operations a second in 16 bits with 32-bit sums; null where only the bandwidth is known. */
  readonly operations16: number | null;
  /** The same in 8 bits; null where there are none. */
  readonly operations8: number | null;
}

interface DeviceRow extends Device {
  /** What the driver calls it. */
  readonly names: RegExp;
}

const row = (
  id: string,
  names: RegExp,
  figures: {
    readonly gigabytes: number;
    readonly tera16: number;
    readonly tera8: number | null;
    readonly title: string;
  },
): DeviceRow => ({
  id,
  names,
  title: figures.title,
  bandwidthBytesPerSecond: figures.gigabytes * 1e9,
  operations16: figures.tera16 * 1e12,
  operations8: figures.tera8 === null ? null : figures.tera8 * 1e12,
});

/** Vendors' data sheets, reviewed 2026-11-23; where two forms of a card share a name, the faster one, since these are upper limits. */
const devices: readonly DeviceRow[] = [
  row('a100_80', /A100.*80GB/i, { title: 'A100 80 GB', gigabytes: 2039, tera16: 312, tera8: null }),
  row('a100_40', /A100/i, { title: 'A100 40 GB', gigabytes: 1555, tera16: 312, tera8: null }),
  row('h100_pcie', /H100.*PCIe/i, { title: 'H100 PCIe', gigabytes: 2039, tera16: 756, tera8: 1513 }),
  row('h100_nvl', /H100.*NVL/i, { title: 'H100 NVL', gigabytes: 3938, tera16: 835, tera8: 1671 }),
  row('h100', /H100/i, { title: 'H100', gigabytes: 3350, tera16: 989, tera8: 1979 }),
  row('h200', /H200/i, { title: 'H200', gigabytes: 4800, tera16: 989, tera8: 1979 }),
  row('h20', /\bH20\b/i, { title: 'H20', gigabytes: 4000, tera16: 148, tera8: 296 }),
  row('b200', /\bG?B200\b/i, { title: 'B200', gigabytes: 8000, tera16: 2250, tera8: 4500 }),
  row('l40s', /L40S/i, { title: 'L40S', gigabytes: 864, tera16: 362, tera8: 733 }),
  row('rtx_4090', /RTX 4090(?! ?(D|Laptop))/i, { title: 'RTX 4090', gigabytes: 1008, tera16: 165, tera8: 330 }),
];

/** The device that a driver's name means; null for one that is not in the table: of it nothing is said. */
export function findDevice(name: string): Device | null {
  const found = devices.find(({ names }) => names.test(name));
  if (!found) return null;
  const { names: _names, ...device } = found;
  return device;
}

/** A processor known by its measured memory bandwidth alone. */
export const measuredProcessor = (bandwidthBytesPerSecond: number): Device => ({
  id: 'cpu',
  title: 'processor, by its measured bandwidth',
  bandwidthBytesPerSecond,
  operations16: null,
  operations8: null,
});
