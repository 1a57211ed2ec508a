const gibibyte = 2 ** 30;

/** A byte count as `1.23 GiB`, a small one as `12.3 MiB`. */
export const formatBytes = (bytes: number): string =>
  Math.abs(bytes) < gibibyte / 10 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / gibibyte).toFixed(2)} GiB`;
