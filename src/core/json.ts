import { z } from 'zod';

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** A JSON Schema document (draft 2020-12 unless `$schema` says otherwise). */
export type JsonSchema = JsonObject | boolean;

/** Schema of any JSON object. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json());
