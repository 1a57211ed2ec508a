const opening =
  /\b(?:i(?:'m| am)(?: so| very| really)? (?:sorry|unable|not able|not allowed)|i (?:can't|cannot|can not|won't|will not|am unable to) (?:help|assist|answer|provide|comply|fulfil|fulfill|do that|solve|discuss)|as an ai(?: language)? model)\b|抱歉|对不起|无法(?:回答|提供|协助|帮助)/i;

/** True when the first 200 characters read like a refusal (English or Chinese). */
export const isRefusal = (text: string): boolean => opening.test(text.slice(0, 200).replaceAll('\u2019', "'"));

const outright =
  /\bi(?:'m| am)(?: so| very| really)? sorry,? but i (?:can't|cannot|can not|won't|will not|am (?:unable|not able))\b|\bi (?:can't|cannot|can not|won't|will not) (?:help|assist|answer|provide|comply|fulfil|fulfill|do that|discuss)\b|\bi(?:'m| am) (?:unable|not able|not allowed) to (?:help|assist|answer|provide|comply|fulfil|fulfill|do|discuss)\b|(?:抱歉|对不起)[^\n]{0,20}无法|无法(?:回答|提供|协助|帮助)/i;
const longestRefusal = 600;

/** True for a short answer that opens with a plain refusal: sure enough to say so of any task, where a longer text may only quote one. */
export const isOutrightRefusal = (text: string): boolean =>
  text.length <= longestRefusal && outright.test(text.slice(0, 200).replaceAll('\u2019', "'"));
