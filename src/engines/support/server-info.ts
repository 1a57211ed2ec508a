import { z } from 'zod';

/** What SGLang tells of the arguments it was started with. */
export const serverInfoSchema = z.object({
  mem_fraction_static: z.number().nullish(),
  max_running_requests: z.number().nullish(),
  context_length: z.number().nullish(),
  disable_radix_cache: z.boolean().nullish(),
  kv_cache_dtype: z.string().nullish(),
});

export type ServerInfo = z.infer<typeof serverInfoSchema>;
