import { type ContentLimit, damaged, tooLarge } from './content-fault.ts';

/** Members of a zip archive by path, folders left out; throws E_DATASET_INVALID when it is damaged or larger than `maxBytes`. */
export async function readZip(bytes: Uint8Array, limit: ContentLimit): Promise<ReadonlyMap<string, Uint8Array>> {
  const { unzipSync } = await import('fflate');
  let claimedBytes = 0;
  try {
    const members = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        claimedBytes += originalSize;
        if (claimedBytes > limit.maxBytes) throw tooLarge(limit);
        return !name.endsWith('/');
      },
    });
    return new Map(Object.entries(members));
  } catch (cause) {
    throw damaged('zip', limit.source, cause);
  }
}
