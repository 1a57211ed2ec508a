const pattern = /\b(awq|gptq|bnb|fp8|int4|int8|nvfp4)\b/i;

/** The quantised format that a model's own name tells of, in upper case, as in `Qwen3 8B AWQ`; null when it tells of none. */
export const statedQuantization = (name: string): string | null => pattern.exec(name)?.[1]?.toUpperCase() ?? null;
