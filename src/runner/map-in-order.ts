/** Results of an asynchronous function over items, in the order of the items, with at most `width` of them in the making. */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item>,
  width: number,
  map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: Promise<Result>[] = [];
  try {
    for (const item of items) {
      waiting.push(map(item));
      if (waiting.length < width) continue;
      const first = waiting.shift();
      if (first) yield await first;
    }
    for (let first = waiting.shift(); first; first = waiting.shift()) yield await first;
  } finally {
    // One failure is told; those behind it must not go unheard as unhandled rejections.
    await Promise.allSettled(waiting);
  }
}
