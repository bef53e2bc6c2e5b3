import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newEmployee, newSession } from '../../test/people.ts'
import { decidePair, mergeSessions } from '../../test/twice.ts'
import { buildWorld, type CustomerInWorld, send, type World } from '../../test/world.ts'
import { undoImport } from '../disposal/import-undo.ts'
import { customerImport } from '../storage/customer.import.ts'
import { importFile } from '../storage/import.ts'
import { restrictedFields } from '../storage/restriction.ts'
import { settleOwn } from './dispute.ts'
import { hearingImports } from './imported-claim.ts'
import { takeOver } from './merge-value.ts'
import type { Value } from './reading.ts'
import { rewriting } from './value-rewriting.ts'

let house: TestHouse
let world: World
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-claims-'))
  house = await openHouse()
  world = await buildWorld(house)
  house.clock.advance(10 * 86_400_000)
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

const dayBefore = (days: number) =>
  new Date(house.clock.now().getTime() - days * 86_400_000).toISOString().slice(0, 10)

interface Line {
  reference: string
  name?: string
  email: string
  phone?: string
  day: string
}

async function importing(...lines: Line[]) {
  const path = join(folder, 'customers.csv')
  const rows = lines.map(
    ({ reference, name = 'Ada Corvo', email, phone = '', day }) =>
      `${reference},${name},${email},${phone},service,${day},till-form`,
  )
  const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
  await writeFile(path, [header, ...rows].join('\n'))
  const hear = hearingImports(house.house, { source: 'till', actor: 'system' })
  const { id, kept, known, disputed, refused } = await importFile(house.house, {
    ...{ adapter: customerImport, file: path, source: 'till', hear },
  })
  return { id, told: { kept, known, disputed, refused: refused.map(({ code }) => code) } }
}

const held = (subject: string, code: string): Promise<Value | undefined> =>
  rewriting(house.house, subject, [code], async ({ values }) => values[code])

const restricted = ({ id }: { id: string }) => restrictedFields(house.database, id)

const readings = async (subject: string) =>
  (await house.owner.query('select 1 from grant_subject where subject = $1', [subject])).length

const joinedEarlier = async (email: string): Promise<CustomerInWorld> => {
  const joined = await world.join({ email, name: 'Ada Corvo' })
  house.clock.advance(5 * 86_400_000)
  return joined
}

test('what newer evidence says otherwise stands beside the held value, which is closed to tasks and never overwritten', async () => {
  const ada = await joinedEarlier('beside@example.org')
  const line = { reference: 'b-1', email: 'beside@example.org', name: 'Ada Merlo', day: dayBefore(1) }
  const { id, told } = await importing(line)
  expect(told).toEqual({ kept: 0, known: 0, disputed: 1, refused: ['address_taken'] })
  expect(await held(ada.id, 'name')).toMatchObject({
    value: 'Ada Corvo',
    disputed: {
      claims: [
        {
          ...{ value: 'Ada Merlo', source: 'import' },
          brought: {
            import: id,
            source: 'till',
            proof: 'till-form',
            agreed: expect.stringContaining(line.day),
          },
        },
      ],
    },
  })
  expect(await restricted(ada)).toEqual(['name'])
  expect((await importing(line)).told).toMatchObject({ disputed: 0 })
  const data = (await send(house, 'GET', '/portal/data', await newSession(house, 'portal', ada))).body
  const shown = data.values.find((one: { field: string }) => one.field === 'name').disputed.claims
  expect(shown).toMatchObject([
    { value: 'Ada Merlo', brought: { source: 'till', proof: 'till-form', day: line.day } },
  ])
  expect(JSON.stringify(shown)).not.toContain(id)
})

test('evidence that is not newer than what is held says nothing, and nothing is opened for it', async () => {
  const ada = await joinedEarlier('older@example.org')
  const before = await readings(ada.id)
  const line = { reference: 'o-1', email: 'older@example.org', name: 'Ada Merlo', day: dayBefore(30) }
  expect((await importing(line)).told).toMatchObject({ disputed: 0 })
  expect(await readings(ada.id)).toBe(before)
  expect(await restricted(ada)).toEqual([])
})

test('of whom an import brought, a later line with a later day puts another value beside it', async () => {
  const first = {
    reference: 'later',
    email: 'later@example.org',
    phone: '+39 333 1234567',
    day: '2025-05-31',
  }
  expect((await importing(first)).told).toMatchObject({ kept: 1, disputed: 0 })
  const other = { ...first, phone: '+39 333 7654321' }
  expect((await importing(other)).told).toMatchObject({ known: 1, disputed: 0 })
  expect((await importing({ ...other, day: '2025-06-30' })).told).toMatchObject({ known: 1, disputed: 1 })
})

test('the sign-in address is never claimed by a file, and what is not held is not kept', async () => {
  const first = { reference: 'address', email: 'first@example.org', day: '2025-05-31' }
  await importing(first)
  const other = { ...first, email: 'second@example.org', phone: '+39 333 1234567', day: '2025-06-30' }
  expect((await importing(other)).told).toMatchObject({ known: 1, disputed: 0 })
})

test('an undo takes back what the import said, and leaves what its customer has settled', async () => {
  const [open, settled] = [
    await joinedEarlier('open@example.org'),
    await joinedEarlier('settled@example.org'),
  ]
  const day = dayBefore(0)
  const { id, told } = await importing(
    { reference: 'u-1', email: 'open@example.org', name: 'Ada Merlo', day },
    { reference: 'u-2', email: 'settled@example.org', name: 'Ada Gazza', day },
  )
  expect(told).toMatchObject({ disputed: 2 })
  expect([await restricted(open), await restricted(settled)]).toEqual([['name'], ['name']])
  const claim = (await held(settled.id, 'name'))?.disputed?.claims[0]
  await settleOwn(house.house, settled.session, 'name', claim!.id!)
  const officer = await newEmployee(house, 'officer', 'office')
  const counted = async () =>
    (await send(house, 'GET', '/office/imports', officer)).body.items.find(
      (one: { id: string }) => one.id === id,
    ).disputed
  expect(await counted()).toBe(2)
  await undoImport(house.house, id, 'system')
  expect(await counted()).toBe(0)
  expect(await restricted(open)).toEqual([])
  const name = await held(open.id, 'name')
  expect(name).toMatchObject({ value: 'Ada Corvo' })
  expect(name).not.toHaveProperty('disputed')
  expect(await held(settled.id, 'name')).toMatchObject({ value: 'Ada Gazza', source: 'import' })
  expect(await house.owner.query('select 1 from import_claim where import = $1', [id])).toEqual([])
})

/** Two records of one person, and the task in which that was decided. */
async function twice(surname: string) {
  const phone = `+3934766001${surname.length}`
  const own = surname.toLowerCase()
  const stays = await world.join({ email: `a.${own}@example.org`, name: `Ada ${surname}`, phone })
  const rests = await world.join({ email: `b.${own}@example.org`, name: `Ada ${surname}`, phone })
  const task = await decidePair(house, [stays, rests], 'same')
  house.clock.advance(3 * 86_400_000)
  return { stays, rests, task }
}

async function mergeNow({ stays, rests, task }: Awaited<ReturnType<typeof twice>>) {
  await mergeSessions(house, [stays.session, rests.session], task)
}

test('what a file says of the address of a record that rests is said to the one that counts, and the other stays as it was', async () => {
  const two = await twice('Lampugnani')
  await mergeNow(two)
  const line = { reference: 'l-1', email: 'b.lampugnani@example.org', name: 'Ada Altra', day: dayBefore(0) }
  expect((await importing(line)).told).toMatchObject({ disputed: 1, refused: ['address_taken'] })
  expect([await restricted(two.rests), await restricted(two.stays)]).toEqual([[], ['name']])
})

test('an undo takes back what the import said of a value that was taken over since', async () => {
  const two = await twice('Bentivogli')
  const line = { reference: 'v-1', email: 'b.bentivogli@example.org', name: 'Ada Altra', day: dayBefore(0) }
  const { id, told } = await importing(line)
  expect(told).toMatchObject({ disputed: 1 })
  await mergeNow(two)
  await takeOver(house.house, two.stays.session, ['name'])
  expect(await restricted(two.stays)).toEqual(['name'])
  await undoImport(house.house, id, 'system')
  expect(await restricted(two.stays)).toEqual([])
  expect(await held(two.stays.id, 'name')).not.toHaveProperty('disputed')
})
