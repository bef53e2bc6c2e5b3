import { hash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asRefusal } from '../../src/core/http.ts'
import { newId } from '../../src/core/ids.ts'
import { resumeErasures } from '../../src/disposal/resumption.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { addAddress, addressToken } from '../../src/identity/address.ts'
import { findSession, type Session } from '../../src/identity/session.ts'
import { KeeperRefusal } from '../../src/keeper/client.ts'
import { takeOver } from '../../src/use/merge-value.ts'
import { makeMergeWord } from '../../src/use/merge-word.ts'
import { merge, undoMerge } from '../../src/use/merging.ts'
import { readOwnData } from '../../src/use/own-data.ts'
import { changeOwn } from '../../src/use/own-values.ts'
import { everyStep } from '../every-step.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { newCustomer, type Person } from '../people.ts'
import { call, codeFor, openForCustomers } from '../portal.ts'

// Two records become one and two again while their person signs in at either, changes and takes over values, and leaves from either:
// whatever comes first, nobody rests beside nobody, nobody who left is there, and no grant opens what is not its person's.

const pairs = everyStep ? 2_000 : 60
const atOnce = 6
const seed = process.env.CUSTODE_SEED ?? randomUUID()

let shop: TestHouse
beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop?.close())

let rolled = 0
const dice = (below: number): number =>
  hash('sha256', `${seed} ${rolled++}`, 'buffer').readUInt32BE(0) % below

interface Two {
  stays: Person & { email: string }
  rests: Person & { email: string }
  task: string
}

async function newRecord(name: string): Promise<Person & { email: string }> {
  const email = `${newId()}@example.org`
  const person = await newCustomer(shop, { name, email, phone: '+393475550000' }, ['service', 'offers'])
  const token = await addressToken(shop.house, 'email', email)
  await shop.house.database.transaction(async tx => {
    const { number: slot } = await tx.one<{ number: number }>(
      `select number from slot where subject = $1 and compartment = 'contact'`,
      [person.id],
    )
    await addAddress(tx, 'email', token, { subject: person.id, compartment: 'contact', slot })
  })
  return { ...person, email }
}

/** Two records of whom somebody has decided that they are one person. */
async function newTwo(): Promise<Two> {
  const [stays, rests] = [await newRecord('Livia Corvo'), await newRecord('Lvia Corvo')]
  const task = newId()
  const [one, other] = [stays.id, rests.id].sort()
  await shop.owner.query(
    `insert into task (id, type, subject, slot, made_at, due_at)
     select $1, 'duplicate_review', subject, number, now(), now() from slot where subject = $2 and compartment = 'messages'`,
    [task, one],
  )
  await shop.owner.query(
    `insert into duplicate (task, subject, slot, other, other_slot, found_at)
     select $1, a.subject, a.number, b.subject, b.number, now() from slot a, slot b
      where a.subject = $2 and a.compartment = 'identity' and b.subject = $3 and b.compartment = 'identity'`,
    [task, one, other],
  )
  await shop.owner.query(
    `insert into task_closure (task, by, outcome, at) values ($1, null, 'same', now())`,
    [task],
  )
  return { stays, rests, task }
}

const sessionOf = async ({ session }: Person): Promise<Session> => {
  const found = await findSession(shop.house.database, shop.clock.now(), 'portal', session.token)
  if (found === null) throw new Error('no session any more')
  return found
}

/** The records of which a signed-in person was told that they have left, by the id of the record they asked in. */
const left = new Set<string>()
const fates = new Map<string, number>()

async function leave(person: Person): Promise<void> {
  const session = await sessionOf(person)
  await withdraw(shop.house, session)
  left.add(person.id)
}

async function signInAt(email: string): Promise<void> {
  const asked = await call(shop, 'POST', '/portal/codes', { body: { email, language: 'en' } })
  const code = await codeFor(shop, email)
  const { cookie } = await call(shop, 'POST', '/portal/sessions', { body: { code_id: asked.body.id, code } })
  if (cookie !== undefined) await call(shop, 'GET', '/portal/data', { cookie })
}

async function live(two: Two): Promise<void> {
  const { house } = shop
  const { stays, rests, task } = two
  const { word } = await makeMergeWord(house, await sessionOf(rests), task)
  const acts: [string, () => Promise<unknown>][] = [
    ['merge', async () => merge(house, await sessionOf(stays), task, word)],
    ['undo', async () => undoMerge(house, await sessionOf(stays))],
    ['take', async () => takeOver(house, await sessionOf(stays), ['name'])],
    ['look', async () => readOwnData(house, await sessionOf(stays), { sensitive: true })],
    ['look there', async () => readOwnData(house, await sessionOf(rests), { sensitive: true })],
    ['change there', async () => changeOwn(house, await sessionOf(rests), { name: 'Lvia Anna Corvo' })],
    ['sign in there', () => signInAt(rests.email)],
    ['word again', async () => makeMergeWord(house, await sessionOf(rests), task)],
    ...(dice(3) === 0 ? ([['leave', () => leave(stays)]] as [string, () => Promise<unknown>][]) : []),
    ...(dice(6) === 0 ? ([['leave there', () => leave(rests)]] as [string, () => Promise<unknown>][]) : []),
  ]
  // In an order of chance, some after others and some at once.
  const order = acts
    .map(act => ({ act, at: act[0] === 'merge' ? dice(3) : dice(8) }))
    .sort((a, b) => a.at - b.at)
  const running: Promise<void>[] = []
  for (const { act } of order) {
    running.push(run(...act))
    if (dice(2) === 0) await Promise.all(running)
  }
  await Promise.all(running)
}

/** A refusal is an answer; anything else that is thrown is a bug. */
async function run(name: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
    fates.set(`${name}: done`, (fates.get(`${name}: done`) ?? 0) + 1)
  } catch (error) {
    const code =
      error instanceof KeeperRefusal
        ? error.code
        : (asRefusal(error)?.code ?? (/no session|no letter/.test(String(error)) ? 'signed out' : null))
    if (code === null) throw error
    fates.set(`${name}: ${code}`, (fates.get(`${name}: ${code}`) ?? 0) + 1)
  }
}

async function judge({ stays, rests }: Two): Promise<void> {
  const kinds = await shop.owner.query<{ id: string; kind: string }>(
    'select id, kind from subject where id = any ($1)',
    [[stays.id, rests.id]],
  )
  const kindOf = (id: string) => kinds.find(row => row.id === id)?.kind
  const merged = await shop.owner.maybe('select 1 from merge where stays = $1 and rests = $2', [
    stays.id,
    rests.id,
  ])
  if (left.has(stays.id)) expect([seed, kindOf(stays.id)]).toEqual([seed, 'former'])
  if (left.has(rests.id)) expect([seed, kindOf(rests.id)]).toEqual([seed, 'former'])
  // Who rests does so beside somebody who is here, and who is merged rests.
  expect([seed, kindOf(rests.id) === 'resting']).toEqual([seed, merged !== null])
  if (merged !== null) expect([seed, kindOf(stays.id)]).toEqual([seed, 'customer'])
  const strays = await shop.owner.query(
    `select g.kind from grants g join grant_subject s on s.grant_id = g.id left join session n on n.id = g.session
      where g.ended_at is null and g.until > now() and s.subject = any ($1) and g.kind <> 'job' and n.subject <> s.subject
        and not exists (select 1 from merge m where m.stays = n.subject and m.rests = s.subject)`,
    [[stays.id, rests.id]],
  )
  expect([seed, strays]).toEqual([seed, []])
  const beside = await shop.owner.query(
    `select 1 from box b where b.subject = $1 and b.compartment = 'identity' and b.row <> b.subject
        and not exists (select 1 from merge m where m.id = b.row)`,
    [stays.id],
  )
  expect([seed, beside]).toEqual([seed, []])
}

describe('two records that become one and two again', () => {
  it('leave nothing half, whatever else happens to them', async () => {
    for (let at = 0; at < pairs; at += atOnce) {
      const some: Two[] = []
      for (let one = 0; one < atOnce; one++) some.push(await newTwo())
      await Promise.all(some.map(live))
      await resumeErasures(shop.house)
      for (const two of some) await judge(two)
    }
    console.info(`${pairs} pairs, seed ${seed}: ${JSON.stringify(Object.fromEntries([...fates].sort()))}`)
    expect(fates.get('merge: done')).toBeGreaterThan(pairs / 4)
    expect(fates.get('undo: done')).toBeGreaterThan(0)
  }, 600_000)
})
