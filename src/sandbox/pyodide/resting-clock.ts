import type { Guard } from './seal.ts';

const askedBeforeRest = 20;
const longestRestMs = 20;
/** Rests of one length before they grow by a millisecond: a short sleep stays short. */
const restsOfOneLength = 10;
/** Milliseconds without a question after which a new sleep has begun. */
const pauseMs = 1;

/**
 * The clock of the guest's C library, which has no other way to sleep than to ask it again and again: after every few questions in a row
 * the thread rests, the longer the sleep the longer, so that a program that sleeps uses next to no processor time and can be told from one
 * that is starved of it.
 */
export function restingClock(): Guard {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let asked = 0;
  let rests = 0;
  let lastMs = -Infinity;
  return (original) => {
    if (performance.now() - lastMs > pauseMs) rests = 0;
    if (++asked % askedBeforeRest === 0) {
      Atomics.wait(cell, 0, 0, Math.min(longestRestMs, 1 + Math.floor(rests / restsOfOneLength)));
      rests++;
    }
    const answer = original();
    lastMs = performance.now();
    return answer;
  };
}
