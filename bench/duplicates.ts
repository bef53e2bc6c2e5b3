import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { compare, type Person } from '../src/collection/likeness.ts'
import { blockingKeys } from '../src/keeper/blocking-key.ts'
import { type Known, mistypedPeople } from './mistyped-people.ts'
import type { Outcome } from './run.ts'

/**
 * How well and how fast duplicates are found, in the order of a search: who shares a blocking key is compared. `FILE` is a set of
 * the Febrl project; without it, people with generated mistakes.
 */
export async function duplicates(quick: boolean, file?: string): Promise<Outcome> {
  const known = file === undefined ? mistypedPeople(quick ? 500 : 5000, 1) : await febrlPeople(file)
  const began = performance.now()
  const pairs = candidatesOf(known)
  const blocked = performance.now()
  const taken = pairs.filter(([one, other]) => compare(known[one]!.person, known[other]!.person).likely)
  const ended = performance.now()
  const isTrue = ([one, other]: Pair) => known[one]!.who === known[other]!.who
  const right = taken.filter(isTrue).length
  const all = truePairs(known)
  const precision = right / taken.length
  const recall = right / all
  return {
    name: 'duplicates',
    ratios: {},
    figures: {
      found: {
        precision: round(precision),
        recall: round(recall),
        F1: round((2 * precision * recall) / (precision + recall)),
      },
      blocking: {
        records: known.length,
        pairs: pairs.length,
        'true pairs': all,
        recall: round(pairs.filter(isTrue).length / all),
      },
      speed: {
        'pairs/s': Math.round(pairs.length / ((ended - blocked) / 1000)),
        'records/s to block': Math.round(known.length / ((blocked - began) / 1000)),
      },
    },
    correct: taken.length > 0 && all > 0,
  }
}

type Pair = readonly [number, number]

const round = (figure: number) => Math.round(figure * 10_000) / 10_000

/** Every two that share a key, once. */
function candidatesOf(known: readonly Known[]): Pair[] {
  const blocks = new Map<string, number[]>()
  for (const [at, { person }] of known.entries())
    for (const key of blockingKeys({ ...person, name: `${person.given ?? ''} ${person.surname ?? ''}` }))
      blocks.set(key, [...(blocks.get(key) ?? []), at])
  const pairs = new Map<number, Pair>()
  for (const block of blocks.values())
    for (const [at, one] of block.entries())
      for (const other of block.slice(at + 1)) pairs.set(one * known.length + other, [one, other])
  return [...pairs.values()]
}

function truePairs(known: readonly Known[]): number {
  const counts = new Map<string, number>()
  for (const { who } of known) counts.set(who, (counts.get(who) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0)
}

/** Two records are one person's where the number after `rec-` is the same. */
async function febrlPeople(file: string): Promise<Known[]> {
  const rows = parse(await readFile(file, 'utf8'), { columns: true, trim: true }) as Record<string, string>[]
  return rows.map(row => ({
    who: row.rec_id!.split('-')[1]!,
    person: {
      ...{ given: row.given_name!, surname: row.surname!, birth: row.date_of_birth! },
      ...{
        street: `${row.street_number} ${row.address_1}`.trim(),
        town: row.suburb!,
        postcode: row.postcode!,
      },
      nationalId: row.soc_sec_id!,
    } satisfies Person,
  }))
}
