import { join } from 'node:path'
import { newId } from '../src/core/ids.ts'
import { openKeybook } from '../src/keeper/book-start.ts'
import { openBox } from '../src/keeper/box.ts'
import { KeeperRefusal, type RollReply } from '../src/keeper/client.ts'
import { FileCustodian } from '../src/keeper/file-custodian.ts'
import { type BenchKeeper, costOfAct, startBenchKeeper } from './bench-keeper.ts'
import { type BoxOf, makePerson, openOne, type Person, sealOne } from './bench-person.ts'
import { summary } from './rounds.ts'
import type { Outcome } from './run.ts'

export const placeName = 'place'
const mostLease = 65_536
const rounds = 5
/** Of so many erasures in a round the boxes are tried, and their neighbours'. */
const tried = 20

/** A keeper whose book has so many slots, who is asked for its readings, and what was erased in it so far. */
export interface Book {
  keeper: BenchKeeper
  person: Person
  used: Set<number>
  /** Boxes of erased slots and boxes of their neighbours. */
  gone: BoxOf[]
  living: BoxOf[]
}

/** Leases until the book has this many slots; the milliseconds that took, and how many were made. */
export async function growTo(book: Book, slots: number): Promise<{ took: number; made: number }> {
  const { client } = book.keeper
  const began = performance.now()
  const from = (await client.status()).issued
  for (let issued = from; issued < slots; ) {
    issued = (await client.lease(Math.min(mostLease, slots - issued))).to + 1
  }
  return { took: performance.now() - began, made: slots - from }
}

export async function openBook(folder: string): Promise<Book> {
  const keeper = await startBenchKeeper(folder, [placeName])
  const person = await makePerson(keeper.client)
  return { keeper, person, used: new Set([person.trailSlot]), gone: [], living: [] }
}

/** Rolls of one and of many erasures in turn, with a first round that counts for nothing. */
export async function measureRolls(book: Book, name: string, outcome: Outcome): Promise<void> {
  const all = new Map<number, Rolled[]>([1, 1000].map(erasures => [erasures, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [erasures, measured] of all) {
      const rolled = await rollOnce(book, erasures)
      outcome.correct &&= rolled.right
      if (round > 0) measured.push(rolled)
    }
  }
  for (const [erasures, measured] of all)
    outcome.figures[`roll of ${erasures} at ${name}`] = figuresOf(measured)
}

interface Rolled {
  cpu: number
  written: number
  took: number
  right: boolean
}

function figuresOf(rolls: readonly Rolled[]): Record<string, number> {
  const cpu = summary(rolls.map(one => one.cpu))
  const took = summary(rolls.map(one => one.took))
  return {
    ...{ 'cpu s': round(cpu.median), 'cpu s most': round(cpu.most) },
    // The keeper's own folder and one more.
    'MB per place': round(summary(rolls.map(one => one.written / 2 / 1e6)).median),
    ...{ 't1 ms': round(took.median), 't1 ms least': round(took.least), 't1 ms most': round(took.most) },
  }
}

export const round = (value: number): number => Number(value.toPrecision(3))

async function rollOnce(book: Book, erasures: number): Promise<Rolled> {
  const { keeper, person } = book
  const { client } = keeper
  const { slots, beside } = pick(book, (await client.status()).issued, erasures)
  const gone = await Promise.all(slots.slice(0, tried).map(slot => sealOne(client, person, slot)))
  const living = await Promise.all(beside.map(slot => sealOne(client, person, slot)))
  book.gone.push(...gone)
  book.living.push(...living)
  const subject = { trailSlot: person.trailSlot, alias: person.alias }
  const asked = slots.map(slot => ({
    act: newId(),
    subject,
    actor: 'system',
    slots: [slot],
    reason: 'bench',
  }))
  await Promise.all(asked.map(one => client.shred(one)))
  let reply: RollReply | undefined
  const cost = await costOfAct(keeper, async () => {
    reply = await client.roll()
  })
  await Promise.all(asked.map(one => client.completeShred(one.act)))
  const refused = await Promise.all(gone.map(box => isRefused(openOne(client, person, box))))
  const opened = await Promise.all(living.map(box => openOne(client, person, box)))
  const right =
    reply?.t1 != null && reply.slots.length === erasures && refused.every(is => is) && opened.every(is => is)
  return { ...cost, right }
}

async function isRefused(opening: Promise<unknown>): Promise<boolean> {
  return opening.then(
    () => false,
    error => error instanceof KeeperRefusal && error.code === 'erased',
  )
}

/** Slots to erase, and for those that are tried one beside each that stays. */
function pick({ used, person }: Book, issued: number, count: number): { slots: number[]; beside: number[] } {
  const slots: number[] = []
  const beside: number[] = []
  while (slots.length < count) {
    const slot = person.trailSlot + 1 + Math.floor(Math.random() * (issued - person.trailSlot - 2))
    if (used.has(slot)) continue
    if (beside.length < tried) {
      if (used.has(slot + 1)) continue
      used.add(slot + 1)
      beside.push(slot + 1)
    }
    used.add(slot)
    slots.push(slot)
  }
  return { slots, beside }
}

/**
 * The keeper refuses what was erased because its log says so. What no log can bring back is tried here: each copy of
 * the book is opened with the custodian's key, and an erased slot must open its box no more. The keeper has stopped.
 */
export async function booksForget(folder: string, book: Book): Promise<boolean> {
  const custodian = await FileCustodian.open(join(folder, 'keeper', 'custodian'), Date.now)
  for (const copy of ['keeper', placeName]) {
    const keybook = await openKeybook(join(folder, copy, 'book'), [custodian], { fresh: false, opener: null })
    const opens = async ({ slot, place, box }: BoxOf) => {
      const key = await keybook.key(slot)
      try {
        openBox(key, { ...place, organisation: keybook.organisation, trail: book.person.trailSlot }, box, 0)
        return true
      } catch (error) {
        if (error instanceof KeeperRefusal && error.code === 'bad_box') return false
        throw error
      }
    }
    for (const box of book.gone) if (await opens(box)) return false
    for (const box of book.living) if (!(await opens(box))) return false
  }
  return true
}
