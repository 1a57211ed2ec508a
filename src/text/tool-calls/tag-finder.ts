/**
 * Finds tags from left to right without ever searching a part of the text twice: gives the first offset at or after `from`, or −1. Calls
 * for one tag must come with rising `from`.
 */
export function tagFinder(text: string): (tag: string, from: number) => number {
  const known = new Map<string, number>();
  return (tag, from) => {
    const last = known.get(tag);
    if (last !== undefined && (last < 0 || last >= from)) return last;
    const position = text.indexOf(tag, from);
    known.set(tag, position);
    return position;
  };
}
