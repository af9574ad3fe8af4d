// Runs tasks side by side, at most so many at once, with the results in the tasks' order.

/** @throws what `work` throws first; tasks that wait are then not started */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({length: Math.max(1, Math.min(atOnce, items.length))}, worker));
  return results;
}
