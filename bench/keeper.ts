import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBenchKeeper } from './bench-keeper.ts'
import { measureErasures } from './erasure.ts'
import { booksForget, growTo, measureRolls, openBook, placeName, round } from './roll.ts'
import type { Outcome } from './run.ts'
import { measureBoxes, measureLookups } from './sealing.ts'

const sizes: [name: string, slots: number][] = [
  ['10 k', 10_000],
  ['100 k', 100_000],
  ['1 M', 1_000_000],
  ['5 M', 5_000_000],
]

/**
 * The keeper's own work, with the keeper as it really runs and one more place: rolls of books of every size, slots
 * looked up in random order, boxes sealed and opened in batches; and customers who leave, of every size.
 */
export async function keeper(quick: boolean): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'custode-bench-'))
  const outcome: Outcome = { name: 'keeper', ratios: {}, figures: {}, correct: true }
  const book = await openBook(folder)
  try {
    for (const [name, slots] of quick ? sizes.slice(0, 2) : sizes) {
      const { took, made } = await growTo(book, slots)
      outcome.figures[`slots to ${name}`] = { 'made per second': round((made / took) * 1000) }
      await measureRolls(book, name, outcome)
      await measureLookups(book, name, outcome)
      await book.keeper.stop()
      outcome.correct &&= await booksForget(folder, book)
      const began = performance.now()
      book.keeper = await startBenchKeeper(folder, [placeName])
      outcome.figures[`start at ${name}`] = { ms: round(performance.now() - began) }
    }
    await measureBoxes(book, quick, outcome)
  } finally {
    await book.keeper.stop()
    await rm(folder, { recursive: true })
  }
  await measureErasures(quick, outcome)
  return outcome
}
