import { afterAll, beforeAll, expect, it } from 'vitest'
import { findUsableConsent } from '../../src/collection/consent.ts'
import { resumeErasures } from '../../src/disposal/resumption.ts'
import { rebuildAddresses } from '../../src/use/address-index.ts'
import { hearClaims } from '../../src/use/dispute.ts'
import { decideAnew } from '../catalogue.ts'
import { askGuardian, joinChild, newFamily, yearsAgo } from '../family.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { call, openForCustomers, signInAs } from '../portal.ts'
import { backUp, removeBackup, reopen } from '../restored-house.ts'
import { ask } from '../twice.ts'

// A backup is made, guardians begin and end, what they agreed to lapses, somebody is found too young, and the backup is brought back.

type Family = Awaited<ReturnType<typeof newFamily>>
let before: TestHouse
let house: TestHouse
let folder: string
let version: number
/** Old enough after the backup; and taken over in part with the rest lapsed; and all lapsed. */
let grown: Family
let lapsed: Family
let gone: Family
/** Whose guardian agreed after the backup. */
let begun: Awaited<ReturnType<typeof askGuardian>>
let begunAlias: string
let found: { id: string }
let settled: { id: string }

const days = 86_400_000
const both = { purposes: ['service', 'offers'] }
const agreed = () => ({ notice_version: version, language: 'en' })
const almost = (inDays: number) => ({ born: yearsAgo(before, 16, inDays), ...agreed(), ...both })

async function joinAlone(email: string): Promise<{ id: string; cookie: string }> {
  const { cookie } = await signInAs(before, email)
  const joined = await call(before, 'POST', '/portal/joins', {
    cookie,
    body: {
      ...{ name: 'Ida Neri', phone: '+393471112223', ...agreed(), said_age: 16 },
      ...both,
    },
  })
  expect(joined.status, joined.response.body).toBe(201)
  const { id } = await before.owner.one<{ id: string }>('select id from subject where alias = $1', [
    joined.body.alias,
  ])
  const one = { id, cookie: joined.cookie! }
  const born = await ask(before, one, 'POST', '/portal/values', { values: { birth_date: '1990-03-12' } })
  expect(born.status, born.response.body).toBe(200)
  return one
}
const findTooYoung = ({ id }: { id: string }) =>
  hearClaims(
    before.house,
    { subject: id, actor: 'system', method: 'import' },
    new Map([
      ['birth_date', { value: '2020-05-01', source: 'import', at: before.clock.now().toISOString() }],
    ]),
  )

beforeAll(async () => {
  before = await openHouse()
  await openForCustomers(before)
  await decideAnew(before, 'birth_date', { asked: 'portal', editor: 'customer' })
  version = (await call(before, 'GET', '/notice')).body.version
  ;[lapsed, gone, grown] = [
    await newFamily(before, almost(1)),
    await newFamily(before, almost(1)),
    await newFamily(before, almost(35)),
  ]
  begun = await askGuardian(before)
  const [one, other] = [await joinAlone('found@example.org'), await joinAlone('settled@example.org')]
  found = one
  settled = other
  folder = await backUp(before)

  await findTooYoung(one)
  await findTooYoung(other)
  const settling = { field: 'birth_date', claim: null }
  expect((await ask(before, other, 'POST', '/portal/dispute-settlements', settling)).status).toBe(201)
  const joined = await joinChild(before, begun.token, agreed())
  expect(joined.status).toBe(201)
  begunAlias = joined.body.alias
  await before.work()
  before.clock.advance(8 * days)
  await resumeErasures(before.house)
  const kid = await signInAs(before, lapsed.child)
  const service = lapsed.consents.find((one: { purpose: string }) => one.purpose === 'service').id
  const taken = await call(before, 'POST', `/portal/consents/${service}/renewals`, {
    ...{ cookie: kid.cookie, body: agreed() },
  })
  expect(taken.status, taken.response.body).toBe(201)
  before.clock.advance(31 * days)
  await resumeErasures(before.house)
  expect(await before.owner.query('select subject from guardianship where of_age_at is null')).toHaveLength(1)
  house = (await reopen(folder, before)).house
  await rebuildAddresses(house.house)
}, 180_000)
afterAll(async () => {
  await house.close()
  await before.app.close()
  await removeBackup(folder)
})

const guardianship = ({ id }: { id: string }) =>
  house.owner.maybe<{ of_age_at: Date | null; lapse_at: Date | null }>(
    'select of_age_at, lapse_at from guardianship where subject = $1',
    [id],
  )
const liveOf = async ({ id }: { id: string }) =>
  (
    await house.owner.query<{ purpose: string }>(
      `select purpose from consent c where subject = $1
          and not exists (select 1 from consent_withdrawal w where w.consent = c.id) order by 1`,
      [id],
    )
  ).map(one => one.purpose)

it('lets in no guardian whose time was over, by no session, code or alias', async () => {
  for (const { alias, parent, guardian } of [grown, lapsed, gone]) {
    expect((await call(house, 'GET', '/portal/consents', { cookie: parent })).status).toBe(401)
    await call(house, 'POST', '/portal/guardian-codes', { body: { alias, language: 'en' } })
    await house.work()
    expect(house.post.list().filter(mail => mail.to === guardian)).toEqual([])
  }
})

it('ends the time of a guardian as the log has it, with the day on which the rest lapses', async () => {
  const then = await before.owner.one<{ lapse_at: Date }>(
    'select lapse_at from guardianship where subject = $1',
    [grown.id],
  )
  expect(await guardianship(grown)).toEqual({ ...then, of_age_at: expect.any(Date) })
  expect(await guardianship(lapsed)).toBeNull()
  const boxes = await house.owner.query(
    `select 1 from box b where b.subject = $1 and b.compartment = 'messages' and b.row <> b.subject`,
    [lapsed.id],
  )
  expect(boxes).toEqual([])
})

it('brings back nothing that a guardian had agreed to and that lapsed', async () => {
  expect(await liveOf(lapsed)).toEqual(['service'])
  expect(await house.owner.query('select 1 from customer where id = $1', [gone.id])).toEqual([])
})

it('lets what is left lapse on its day: nothing of the older database keeps it', async () => {
  house.clock.advance(31 * days + 8 * days + 31 * days)
  await resumeErasures(house.house)
  expect(await house.owner.query('select 1 from customer where id = $1', [grown.id])).toEqual([])
})

it('knows nobody for whom a guardian agreed only afterwards, and neither the link nor the alias lets in', async () => {
  expect((await joinChild(house, begun.token)).status).toBe(404)
  await call(house, 'POST', '/portal/guardian-codes', { body: { alias: begunAlias, language: 'en' } })
  await house.work()
  expect(house.post.list().filter(mail => mail.to === begun.guardian)).toEqual([])
  expect((await signInAs(house, begun.child)).kind).toBe('applicant')
})

it('uses nobody for what is optional who was found too young since, and again who has settled it', async () => {
  expect(await findUsableConsent(house.house.database, found.id, 'offers')).toBeNull()
  expect(await findUsableConsent(house.house.database, settled.id, 'offers')).not.toBeNull()
})
