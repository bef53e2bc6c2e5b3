import { randomBytes } from 'node:crypto'
import { framed, keyOf, seal } from '../src/keeper/cipher.ts'
import type { BoxItem, SealItem } from '../src/keeper/client.ts'
import { slotsPerPage } from '../src/keeper/page.ts'
import { costOfAct } from './bench-keeper.ts'
import { makePerson, type Person, placeOf } from './bench-person.ts'
import { type Book, round } from './roll.ts'
import { type Summary, summary } from './rounds.ts'
import type { Outcome } from './run.ts'

const batch = 200
const fieldsInBox = 10
const rounds = 5

/**
 * What finding a slot costs, as the difference between sealing under slots in random order whose pages are not at hand
 * (`cold`), under others of the same pages (`warm`), and under the same ones again, whose keys are at hand.
 */
export async function measureLookups(book: Book, name: string, outcome: Outcome): Promise<void> {
  const { keeper, person, used } = book
  const { issued } = await keeper.client.status()
  const pages = shuffled(Math.floor(issued / slotsPerPage) - 1)
  const took: Record<'cold' | 'warm' | 'held', { took: number; cpu: number }[]> = {
    ...{ cold: [], warm: [], held: [] },
  }
  for (let at = 0; at + batch <= pages.length; at += batch) {
    const free = pages.slice(at, at + batch).map(page => twoFree(page + 1, used))
    const items = [0, 1].map(which =>
      free.map(slots => ({
        ...{ ...placeOf(person), slot: slots[which]!, trailSlot: person.trailSlot },
        values: { a: 1 },
      })),
    )
    took.cold.push(await costOfAct(keeper, () => keeper.client.seal(items[0]!)))
    took.warm.push(await costOfAct(keeper, () => keeper.client.seal(items[1]!)))
    took.held.push(await costOfAct(keeper, () => keeper.client.seal(items[1]!)))
  }
  if (took.cold.length === 0) return
  const beyondHeld = (kind: 'cold' | 'warm', what: 'took' | 'cpu', unit: number) =>
    summary(took[kind].map((one, at) => ((one[what] - took.held[at]![what]) * unit) / batch))
  const cold = beyondHeld('cold', 'took', 1000)
  outcome.figures[`lookup at ${name}`] = {
    ...{ 'cold us': round(cold.median), 'cold us most': round(cold.most) },
    'cold cpu us': round(beyondHeld('cold', 'cpu', 1e6).median),
    'warm us': round(beyondHeld('warm', 'took', 1000).median),
    batches: took.cold.length,
  }
}

/** Two slots of a page that nobody has erased. */
function twoFree(page: number, used: ReadonlySet<number>): number[] {
  const free: number[] = []
  for (let slot = page * slotsPerPage; free.length < 2; slot++) if (!used.has(slot)) free.push(slot)
  return free
}

function shuffled(count: number): number[] {
  const numbers = Array.from({ length: Math.max(count, 0) }, (_, at) => at)
  for (let at = numbers.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1))
    ;[numbers[at], numbers[other]] = [numbers[other]!, numbers[at]!]
  }
  return numbers
}

/** A box of ten fields as the server seals them: about a thousand bytes. */
const tenFields = (count: number): Record<string, unknown> =>
  Object.fromEntries(
    Array.from({ length: fieldsInBox }, (_, field) => [
      `field_${field}`,
      {
        value: `value ${count} of field ${field}, some more`,
        source: 'import',
        at: '2026-01-02T03:04:05.678Z',
      },
    ]),
  )

/**
 * Boxes of ten fields, 200 in a request, sealed and opened through the socket, beside the bare cipher on the same
 * bytes. Rates are per second of the keeper's own CPU: so many fields one core seals.
 */
export async function measureBoxes(book: Book, quick: boolean, outcome: Outcome): Promise<void> {
  const { keeper } = book
  const people: Person[] = []
  for (let at = 0; at < batch; at++) people.push(await makePerson(keeper.client))
  const { from } = await keeper.client.lease(batch)
  const batches = quick ? 20 : 100
  const rates: Record<string, number[]> = { cipher: [], seal: [], open: [] }
  for (let count = 0; count <= rounds; count++) {
    const items = people.map(
      (_, at): SealItem => ({
        ...{ ...placeOf(book.person), slot: from + at, trailSlot: book.person.trailSlot },
        values: tenFields(count * batch + at),
      }),
    )
    const bare = cipherRate(items, batches)
    let boxes: Buffer[] = []
    const sealing = await costOfAct(keeper, async () => {
      for (let again = 0; again < batches; again++) boxes = await keeper.client.seal(items)
    })
    const arrived = items.map((item, at): BoxItem => ({ ...item, box: boxes[at]! }))
    const asked = { grant: book.person.grant, secret: book.person.secret, fields: ['*'] }
    const opening = await costOfAct(keeper, async () => {
      for (let again = 0; again < batches; again++) {
        const opened = await keeper.client.open({ ...asked, items: arrived })
        outcome.correct &&= opened.every(
          ({ values }, at) => JSON.stringify(values) === JSON.stringify(items[at]!.values),
        )
      }
    })
    if (count === 0) continue
    const fields = batches * batch * fieldsInBox
    rates.cipher!.push(bare)
    rates.seal!.push(fields / sealing.cpu)
    rates.open!.push(fields / opening.cpu)
  }
  const told = ({ median, least, most }: Summary) => ({
    ...{ 'fields per cpu second': round(median), least: round(least), most: round(most) },
  })
  for (const [name, all] of Object.entries(rates)) outcome.figures[name] = told(summary(all))
  for (const name of ['seal', 'open'])
    outcome.ratios[`${name} through the keeper / bare cipher`] = summary(
      rates[name]!.map((rate, at) => rate / rates.cipher![at]!),
    )
}

/** Fields per CPU second of AES-256-GCM alone over the same boxes, in this process. */
function cipherRate(items: readonly SealItem[], batches: number): number {
  const keys = items.map(() => keyOf(randomBytes(32)))
  const plain = items.map(item => Buffer.from(JSON.stringify(item.values)))
  const aad = framed('custode box 1', 'bench', 1)
  const before = process.cpuUsage()
  for (let again = 0; again < batches; again++) {
    for (const [at, bytes] of plain.entries()) seal(keys[at]!, bytes, aad)
  }
  const { user, system } = process.cpuUsage(before)
  return (batches * items.length * fieldsInBox) / ((user + system) / 1e6)
}
