import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAge } from '../../src/collection/age-rule.ts'
import { giveConsent } from '../../src/collection/consent.ts'
import { change, drain } from '../../src/core/outbox.ts'
import { withdrawOne } from '../../src/disposal/consent-withdrawal.ts'
import { findOlder } from '../../src/disposal/database-age.ts'
import type { Restoration } from '../../src/disposal/restoration.ts'
import { resumeErasures } from '../../src/disposal/resumption.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { customerImport } from '../../src/storage/customer.import.ts'
import { inviteEmployee } from '../../src/storage/employment.ts'
import { importFile } from '../../src/storage/import.ts'
import { replace } from '../../src/storage/keeping.ts'
import { ana, joinCustomer } from '../../src/supervisor/demo-company.ts'
import { rebuildAddresses } from '../../src/use/address-index.ts'
import { depart } from '../../src/use/departure.ts'
import { withJobGrant } from '../../src/use/grant.ts'
import { read } from '../../src/use/reading.ts'
import { codeAt } from '../authenticator.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { type Leaver, newLeaver, rowsWith, slotsOf } from '../leaver.ts'
import { SoftwareAuthenticator } from '../passkey.ts'
import { newSession } from '../people.ts'
import { backUp, loadInto, removeBackup, reopen } from '../restored-house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../world.ts'

// A backup is made, much happens, and the backup is brought back: nothing of what ended since may live again.

let before: TestHouse
let world: World
let folder: string
let house: TestHouse
let restored: Restoration

let leaver: Leaver
let asker: Leaver
let corrected: CustomerInWorld
let younger: CustomerInWorld
let olderSlots: number[]
let passkeyId: string
let erased: { act: string; slots: number[]; link: string | null }[]

const post = (url: string, payload: object, cookies: Record<string, string>, at = house) =>
  at.app.inject({ method: 'POST', url: `/api/v1${url}`, payload, cookies })
const get = (url: string, cookies: Record<string, string>, at = house) =>
  at.app.inject({ url: `/api/v1${url}`, cookies })

/** The next version of somebody's name and address in place of the first. */
async function correct(at: TestHouse, subject: string): Promise<void> {
  const wanted = {
    ...{ subjects: [subject], fields: ['email', 'phone'], compartments: ['contact'] },
    ...{ purpose: 'service', minutes: 1, most: 5 },
  }
  await withJobGrant(at.house, wanted, async grant => {
    const [box] = await read(at.house, grant, subject, wanted)
    await change(at.house, async (tx, note) => {
      await tx.query('select enter($1, $2)', [grant.id, grant.secret])
      const basis = { fields: ['email', 'phone'] }
      const floor = await replace(tx, at.house, basis, { ...box!, subject }, box!.values)
      await note(subject, { kind: 'correction' as never, actor: 'customer', result: 'done' }, [floor])
    })
  })
}

const passkey = new SoftwareAuthenticator()
const authenticatorHere = { origin: 'http://localhost:8080', rpId: 'localhost', verified: true }

/** Ana's passkey, which the backup then holds and which she removes after it: the one on a telephone that was stolen. */
async function addPasskey(): Promise<void> {
  const { cookies } = world.ana
  const { id: challenge, options } = (await post('/portal/passkey-challenges', {}, cookies, before)).json()
  const response = passkey.register(options, authenticatorHere)
  const added = await post('/portal/passkeys', { challenge, kept_on: 'phone', response }, cookies, before)
  expect(added.statusCode, added.body).toBe(201)
  passkeyId = added.json().id
}
async function removePasskey(): Promise<void> {
  const url = `/api/v1/portal/passkeys/${passkeyId}`
  const removed = await before.app.inject({ method: 'DELETE', url, cookies: world.ana.cookies })
  expect(removed.statusCode).toBe(204)
}
const enterByPasskey = async (at: TestHouse) => {
  const { id: challenge, options } = (await post('/portal/passkey-sessions/challenges', {}, {}, at)).json()
  const response = passkey.sign(options, authenticatorHere)
  return (await post('/portal/passkey-sessions', { challenge, response }, {}, at)).statusCode
}

const consentTo = async (at: TestHouse, subject: string, purpose: string) =>
  (
    await at.owner.one<{ id: string }>(
      `select id from consent where subject = $1 and purpose = $2 order by given_at desc limit 1`,
      [subject, purpose],
    )
  ).id

const many = 300

/** Hundreds of customers whom nothing happens to. */
async function importMany(at: TestHouse): Promise<void> {
  const file = join(tmpdir(), `custode-many-${process.pid}.csv`)
  const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
  const lines = Array.from(
    { length: many },
    (_, i) => `c${i},Persona Numero ${i},persona.${i}@example.org,,service,2025-05-31,till-form`,
  )
  await writeFile(file, `${[header, ...lines].join('\n')}\n`)
  await importFile(at.house, { adapter: customerImport, file, source: 'till' })
  await rm(file)
}

const allSlots = async (at: TestHouse) =>
  (await at.owner.query<{ number: number }>('select number from slot')).map(row => row.number)

async function whatHappenedSince(): Promise<void> {
  expect(await enterByPasskey(before)).toBe(201)
  await removePasskey()
  await withdraw(before.house, leaver.session)
  await withdrawOne(before.house, world.ana.session, await consentTo(before, world.ana.id, 'offers'))
  expect((await post(`/work/tasks/${asker.task}/grants`, {}, world.ben.cookies, before)).statusCode).toBe(201)
  const closing = { outcome: 'answered' }
  expect(
    (await post(`/work/tasks/${asker.task}/closures`, closing, world.ben.cookies, before)).statusCode,
  ).toBe(201)
  await correct(before, corrected.id)
  younger = await world.join()
  const pia = { subject: world.pia.id, actor: world.pia.pseudonym }
  await decideAge(before.house, pia, { after: 1, least: 18 })
  await inviteEmployee(before.house, world.pia.pseudonym, {
    ...{ name: 'Dario Neri', email: 'dario@example.org', role: 'employee', language: 'it' },
  })
  await depart(before.house, { subject: world.pia.id, actor: world.pia.pseudonym }, world.ben.id)
}

beforeAll(async () => {
  before = await openHouse()
  world = await buildWorld(before)
  leaver = await newLeaver(before, world, { name: 'Zaira Quondamatteo', email: 'zaira@example.org' })
  asker = await newLeaver(before, world)
  corrected = await world.join()
  await importMany(before)
  await addPasskey()
  folder = await backUp(before)
  await whatHappenedSince()
  erased = await before.owner.query(
    `select act, slots, encode(link_hash, 'hex') as link from erasure order by entry`,
  )
  olderSlots = [...(await allSlots(before)), ...erased.flatMap(one => one.slots)]
  ;({ house, restored } = await reopen(folder, before))
}, 120_000)
afterAll(async () => {
  await house?.close()
  await before.app.close()
  await removeBackup(folder)
})

it('a restored database asks for the age that was decided last, though the backup knew another', async () => {
  const asked = await house.owner.one('select version, least from age_rule order by version desc limit 1')
  expect(asked).toEqual({ version: 2, least: 18 })
})

describe('before the log is replayed', () => {
  it('a loaded backup is known to be older than the log, and the real database is not', async () => {
    const old = await loadInto(folder)
    expect(await findOlder(old.server, house.keeper)).toBe('unknown_trail')
    await old.drop()
  })
})

describe('a restored database', () => {
  it('is as new as the log', async () => {
    expect(await findOlder(house.owner, house.keeper)).toBe(null)
  })

  it('has nothing of who has left but the trail that is kept', async () => {
    expect(await rowsWith(house.owner, leaver.id)).toEqual({ slot: 1, subject: 1 })
    expect(await slotsOf(house.owner, leaver.id)).toEqual({ trail: leaver.trail })
  })

  it('has every destruction record again, with the link that its receipt holds', async () => {
    const rows = await house.owner.query(
      `select act, slots, encode(link_hash, 'hex') as link from erasure order by entry`,
    )
    expect(rows).toEqual(erased)
    await resumeErasures(house.house)
    const open = await house.owner.query('select act from erasure where t1 is null')
    expect(open).toEqual([])
    const kept = await house.owner.query('select trail from erasure where kept_until is not null')
    expect(kept).toEqual([{ trail: leaver.trail }])
  })

  it('lets nobody in with a session of before', async () => {
    for (const cookies of [leaver.cookies, asker.cookies, world.ana.cookies])
      expect((await get('/portal/data', cookies)).statusCode).toBe(401)
    expect((await get('/work/tasks', world.ben.cookies)).statusCode).toBe(401)
    expect((await get('/office/employees', world.pia.cookies)).statusCode).toBe(401)
    expect(restored.counts.sessions).toBeGreaterThan(0)
  })

  it('lets nobody in with a passkey of before, which may have been removed since, and counts them', async () => {
    expect(await enterByPasskey(house)).toBe(401)
    expect(restored.counts.passkeys).toBe(1)
    expect(await house.owner.query('select 1 from passkey')).toEqual([])
  })

  it('does not bring back a colleague who has left, and gives their name in the log to nobody else', async () => {
    const { ended_at, password_hash } = await house.owner.one<{ ended_at: Date | null; password_hash: null }>(
      'select ended_at, password_hash from employee where id = $1',
      [world.ben.id],
    )
    expect(ended_at).not.toBe(null)
    expect(password_hash).toBe(null)
    const hired = await inviteEmployee(house.house, world.pia.pseudonym, {
      ...{ name: 'Emma Blu', email: 'emma@example.org', role: 'employee', language: 'it' },
    }).catch((error: { code: string }) => error)
    // The address index is lost with every backup.
    expect(hired).toMatchObject({ code: 'search_rebuilding' })
    await rebuildAddresses(house.house)
    const { employee } = await inviteEmployee(house.house, world.pia.pseudonym, {
      ...{ name: 'Emma Blu', email: 'emma@example.org', role: 'employee', language: 'it' },
    })
    expect(['st_1', 'st_2', 'st_3']).not.toContain(employee.pseudonym)
  })

  it('lets an officer sign in anew, but not with a code of the second factor that may have been used', async () => {
    const { email, password, totpSecret } = world.pia
    const signIn = () =>
      post('/office/sessions', { email, password, code: codeAt(totpSecret, house.clock.now()) }, {})
    expect((await signIn()).statusCode).toBe(401)
    house.clock.advance(90_000)
    expect((await signIn()).statusCode).toBe(201)
  })

  it('keeps a consent that was taken back so, and every other', async () => {
    const live = await house.owner.query<{ purpose: string }>(
      `select purpose from consent c where subject = $1
          and not exists (select 1 from consent_withdrawal w where w.consent = c.id)`,
      [world.ana.id],
    )
    expect(live).toEqual([{ purpose: 'service' }])
    expect(restored.counts.withdrawals).toBe(1)
  })

  it('opens no task that was closed', async () => {
    const closed = await house.owner.query('select outcome, by from task_closure where task = $1', [
      asker.task,
    ])
    expect(closed).toEqual([{ outcome: 'answered', by: world.ben.id }])
  })

  it('drops a value that was corrected since, and notes that it must be asked for', async () => {
    const boxes = await house.owner.query('select compartment from box where subject = $1', [corrected.id])
    expect(boxes).toEqual([{ compartment: 'identity' }])
    const lost = await house.owner.query('select compartment, row from lost_value where subject = $1', [
      corrected.id,
    ])
    expect(lost).toEqual([{ compartment: 'contact', row: corrected.id }])
    expect(restored.counts.unclear).toEqual({ correction: 1 })
    const { cookies } = await newSession(house, 'portal', corrected)
    const data = (await get('/portal/data', cookies)).json()
    expect(data.lost).toMatchObject([{ compartment: 'contact' }])
    expect(JSON.stringify(data.values)).not.toContain(corrected.email)
  })

  it('says how many people it does not know any more, and by which trails the log knows them', async () => {
    const { unknown } = await house.owner.one<{ unknown: number[] }>('select unknown from restoration')
    expect(unknown).toContain(younger.trail)
    // She herself, the applicant she was, and a colleague who was invited since.
    expect(restored.counts.lost.people).toBe(3)
    expect(await findOlder(house.owner, house.keeper)).toBe(null)
  })

  it('goes on counting changes where the log is', async () => {
    const session = (await newSession(house, 'portal', world.ana)).cookies
    const asked = await post(
      '/portal/questions',
      { type: 'delivery_question', text: 'Am I still here?' },
      session,
    )
    expect(asked.statusCode).toBe(201)
    await change(house.house, async (tx, note) => {
      const evidence = { evidence: 'portal' as const, version: 1, language: 'it' as const }
      await giveConsent(tx, house.house, world.ana.id, 'offers', evidence)
      await note(world.ana.id, { kind: 'consent', actor: 'customer', result: 'done' })
    })
    expect(await drain(house.house)).toEqual({})
  })

  it('gives no slot number a second time', async () => {
    const known = new Set(olderSlots)
    const { subject } = await joinCustomer(house.house, { ...ana, email: 'new.customer@example.org' })
    const fresh = Object.values(await slotsOf(house.owner, subject))
    expect(fresh.filter(slot => known.has(slot))).toEqual([])
  })

  it('opens everybody else as before', async () => {
    const { count } = await house.owner.one<{ count: number }>(
      'select count(*)::integer as count from customer_reference where source = $1',
      ['till'],
    )
    expect(count).toBe(many)
    const session = (await newSession(house, 'portal', world.ana)).cookies
    const data = await get('/portal/data', session)
    expect(data.statusCode).toBe(200)
    expect(data.body).toContain(world.ana.name)
    expect(data.body).toContain('Lampada da tavolo Aurora')
  })
})
