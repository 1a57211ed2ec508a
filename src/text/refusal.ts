const opening =
  /\b(?:i(?:'m| am)(?: so| very| really)? (?:sorry|unable|not able|not allowed)|i (?:can't|cannot|can not|won't|will not|am unable to) (?:help|assist|answer|provide|comply|fulfil|fulfill|do that|solve|discuss)|as an ai(?: language)? model)\b|抱歉|对不起|无法(?:回答|提供|协助|帮助)/i;

/** True when the first 200 characters read like a refusal (English or Chinese). */
export const isRefusal = (text: string): boolean => opening.test(text.slice(0, 200).replaceAll('\u2019', "'"));
