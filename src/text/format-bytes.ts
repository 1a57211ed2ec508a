/** A byte count as `1.23 GiB`. */
export const formatGib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
