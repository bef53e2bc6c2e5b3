/** Runs `work` over all items, so many at once; the first failure lets what runs come to its end and then throws. */
export async function inParallel<T>(
  width: number,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failed: unknown
  const run = async () => {
    for (let next = queue.next(); !next.done && failed === undefined; next = queue.next())
      await work(next.value).catch(error => {
        failed ??= error ?? new Error('unknown')
      })
  }
  await Promise.all(Array.from({ length: width }, run))
  if (failed !== undefined) throw failed
}
