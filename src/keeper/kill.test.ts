import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import {
  type LiveGrant,
  type SealedPerson,
  sealPeople,
  takeGrant,
  trailOf,
} from '../../test/sealed-person.ts'
import type { Change } from './client.ts'

const seed = 20261124
const rounds = 6

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})

afterAll(() => keeper.kill())

/** What somebody outside was told: only this counts after a crash. */
interface Told {
  read: string[]
  changed: Change[]
  leased: { from: number; to: number }[]
  revoked: LiveGrant[]
}

/** A known sequence of numbers below `most` (Numerical Recipes' linear congruential generator). */
function* numbers(from: number, most: number): Generator<number, never> {
  let state = from
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state % most
  }
}

const changeOf = (person: SealedPerson, number: number): Change => ({
  id: randomUUID(),
  number,
  trailSlot: person.trail,
  body: { kind: 'consent', act: randomUUID(), actor: 'customer', subject: person.alias, result: 'given' },
})

/** Works for one person until the keeper is gone; answers with the change that was on its way. */
async function work(
  person: SealedPerson,
  next: number,
  told: Told,
  done: () => void,
): Promise<Change | null> {
  const { client } = keeper
  let change: Change | null = null
  try {
    const grant = await takeGrant(client, [person], { most: 100_000 })
    for (let number = next; ; number++) {
      const act = randomUUID()
      // Every other one as the server reads: entered while PostgreSQL is still looking for the boxes.
      const asked = { ...grant, customer: person.customer, fields: ['email'], act }
      if (number % 2 === 0) client.announce(asked).catch(() => {})
      const [opened] = await client.open({ ...grant, fields: ['email'], items: [person.box], act })
      expect(opened!.values.email).toBeDefined()
      told.read.push(act)
      change = changeOf(person, number)
      await client.append([change])
      told.changed.push(change)
      change = null
      if (number % 5 === 0) told.leased.push(await client.lease(3))
      if (number % 7 === 0) {
        const short = await takeGrant(client, [person])
        await client.revokeGrant(short.grant, 'st_7')
        told.revoked.push(short)
      }
      done()
    }
  } catch (error) {
    expect(error).toMatchObject({ code: 'unavailable' })
    return change
  }
}

test(`a keeper killed while it works (seed ${seed}, ${rounds} times) keeps every promise it made`, {
  timeout: 240_000,
}, async () => {
  const people = await sealPeople(keeper.client, 8)
  const told: Told = { read: [], changed: [], leased: [], revoked: [] }
  const last = new Map(people.map(person => [person, 0]))
  const random = numbers(seed, 60)
  for (let round = 0; round < rounds; round++) {
    let left = 5 + random.next().value
    let killed: Promise<void> | undefined
    const done = () => {
      if (--left === 0) killed = keeper.kill()
    }
    const open = await Promise.all(people.map(person => work(person, last.get(person)! + 1, told, done)))
    await killed
    keeper = await keeper.restart()
    await finish(people, open, told, last)
  }
  await requireKept(people, told)
})

/** Repeats what was on its way, as a server would, and learns how far each subject has come. */
async function finish(
  people: SealedPerson[],
  open: (Change | null)[],
  told: Told,
  last: Map<SealedPerson, number>,
): Promise<void> {
  for (const change of open) {
    if (change === null) continue
    await keeper.client.append([change])
    told.changed.push(change)
  }
  for (const person of people) {
    const numbers = told.changed
      .filter(change => change.trailSlot === person.trail)
      .map(change => change.number)
    last.set(person, Math.max(0, ...numbers))
  }
}

async function requireKept(people: SealedPerson[], told: Told): Promise<void> {
  const acts: unknown[] = []
  const consents: unknown[] = []
  for (const person of people) {
    const trail = await trailOf(keeper.client, person)
    trail.forEach((entry, at) => {
      expect(entry.seq).toBe(at + 1)
    })
    acts.push(...trail.filter(entry => entry.kind === 'reading').map(entry => entry.act))
    consents.push(...trail.filter(entry => entry.kind === 'consent').map(entry => entry.act))
  }
  // Each answered plaintext has its entry; each acknowledged change is there exactly once.
  const written = new Set(acts)
  expect(told.read.filter(act => !written.has(act))).toEqual([])
  expect(told.read.length).toBeGreaterThan(rounds * 5)
  expect(consents.toSorted()).toEqual(told.changed.map(change => change.body.act).toSorted())
  const numbers = told.leased.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at),
  )
  expect(new Set(numbers).size).toBe(numbers.length)
  for (const grant of told.revoked) {
    const person = people[0]!
    await expect(
      keeper.client.open({ ...grant, fields: ['email'], items: [person.box] }),
    ).rejects.toMatchObject({ code: 'grant_ended' })
  }
  expect(told.revoked.length).toBeGreaterThan(0)
}
