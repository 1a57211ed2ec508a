const blockBytes = 65536;
const emptyBlock = Buffer.alloc(blockBytes);

interface Run {
  readonly start: number;
  readonly end: number;
  /** The bytes of the run; null when all are zero. */
  readonly bytes: Uint8Array | null;
}

/** A picture of a memory that can be put back: about 2 ms for 30 MiB, as long empty stretches are cleared and not copied. */
export class MemoryImage {
  readonly #runs: readonly Run[];
  readonly sizeBytes: number;

  constructor(memory: Uint8Array) {
    const image = memory.slice();
    const runs: { start: number; end: number; isEmpty: boolean }[] = [];
    for (let start = 0; start < image.length; start += blockBytes) {
      const end = Math.min(image.length, start + blockBytes);
      const isEmpty = emptyBlock.compare(image, start, end, 0, end - start) === 0;
      const last = runs.at(-1);
      if (last?.isEmpty === isEmpty) last.end = end;
      else runs.push({ start, end, isEmpty });
    }
    this.#runs = runs.map(({ start, end, isEmpty }) => ({
      start,
      end,
      bytes: isEmpty ? null : image.subarray(start, end),
    }));
    this.sizeBytes = image.length;
  }

  /** Makes a memory what it was; what it has grown by since is cleared. */
  restore(memory: Uint8Array): void {
    for (const { start, end, bytes } of this.#runs) {
      if (bytes === null) memory.fill(0, start, end);
      else memory.set(bytes, start);
    }
    memory.fill(0, this.sizeBytes);
  }
}
