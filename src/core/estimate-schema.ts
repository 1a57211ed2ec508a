import { z } from 'zod';

/** Schema of an Estimate as it stands in documents. */
export const estimateSchema = z.union([
  z.strictObject({
    value: z.number(),
    low: z.number(),
    high: z.number(),
    level: z.number().gt(0).lt(1),
    method: z.string(),
    n: z.int().nonnegative(),
  }),
  z.strictObject({ unavailable: z.string().min(1) }),
]);
