/**
 * True when a text ends in a loop: its last 256 or more UTF-16 units are at least four repeats of a unit of at most 512.
 * Linear: each candidate length compares the tail with itself once and stops at the first difference; only lengths at which the last
 * 16 units recur are tried.
 */
export function endsInRepetition(text: string): boolean {
  const tail = text.slice(-2560);
  if (tail.length < 256) return false;
  const probe = tail.slice(-16);
  for (let from = tail.lastIndexOf(probe, tail.length - 17); from >= 0; from = tail.lastIndexOf(probe, from - 1)) {
    const period = tail.length - 16 - from;
    if (period > 512) return false;
    const wanted = Math.max(256, period * 4);
    if (tail.length >= wanted && repeats(tail, period, wanted)) return true;
    if (from === 0) return false;
  }
  return false;
}

function repeats(tail: string, period: number, length: number): boolean {
  for (let index = tail.length - 1; index >= tail.length - length + period; index--) {
    if (tail.charCodeAt(index) !== tail.charCodeAt(index - period)) return false;
  }
  return true;
}
