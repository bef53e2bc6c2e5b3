import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/core/database.ts'
import { newId, newToken, sha256 } from '../../src/core/ids.ts'
import { change } from '../../src/core/outbox.ts'
import { replace } from '../../src/storage/keeping.ts'
import type { Value } from '../../src/storage/record.ts'
import { makeGrant } from '../../src/use/grant.ts'
import { type Key, read } from '../../src/use/reading.ts'
import { newDatabase } from '../database.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { startKeeper } from '../keeper.ts'
import { newCustomer, openCompany, type Person } from '../people.ts'
import { trailOf } from '../portal.ts'

// What PostgreSQL's superuser can do with everything that lies in it, and no key of the keeper's.

let test: TestHouse
let admin: Database
let ana: Person
let dora: Person

const names = { ana: 'Ana Moretti', dora: 'Dora Conti' }

beforeAll(async () => {
  const database = await newDatabase()
  admin = database.admin
  test = await openHouse({ on: { database, keeper: await startKeeper() } })
  await openCompany(test)
  ana = await newCustomer(test, { name: names.ana, email: 'ana.moretti@example.org' })
  dora = await newCustomer(test, { name: names.dora, email: 'dora@example.org' })
})
afterAll(() => test.close())

interface Row {
  subject: string
  compartment: string
  row: string
  version: number
  bytes: Buffer
}

let kept: Row[] = []
afterEach(async () => {
  for (const box of kept.splice(0)) await put(box)
})

const boxOf = (whose: Person, compartment = 'identity') =>
  admin.one<Row>(
    'select subject, compartment, row, version, bytes from box where subject = $1 and compartment = $2',
    [whose.id, compartment],
  )

const put = ({ subject, compartment, row, version, bytes }: Row) =>
  admin.query(
    'update box set version = $4, bytes = $5 where subject = $1 and compartment = $2 and row = $3',
    [subject, compartment, row, version, bytes],
  )

const grantFor = (whose: Person) =>
  makeGrant(test.house, {
    ...{ kind: 'job', session: null, actor: 'system', subjects: [whose.id], fields: ['name', 'email'] },
    ...{ compartments: ['identity', 'contact'], purpose: 'service', minutes: 5, most: 1000 },
  })

const readAll = (key: Key, whose: Person, compartments = ['identity', 'contact']) =>
  read(test.house, key, whose.id, { fields: ['name', 'email'], compartments })

const ownData = (whose: Person) =>
  test.app.inject({ method: 'GET', url: '/api/v1/portal/data', cookies: whose.cookies })

describe('a box', () => {
  it('in another’s place is shown to nobody, neither its owner nor the other', async () => {
    const [hers, theirs] = [await boxOf(ana), await boxOf(dora)]
    kept = [hers, theirs]
    await put({ ...hers, bytes: theirs.bytes })
    await put({ ...theirs, bytes: hers.bytes })
    for (const who of [ana, dora]) {
      // A box states under its seal whose it is and to whose trail its readings belong.
      await expect(readAll(await grantFor(who), who)).rejects.toMatchObject({ code: 'outside_grant' })
      const { statusCode, body } = await ownData(who)
      expect(statusCode).toBeGreaterThanOrEqual(400)
      for (const name of Object.values(names)) expect(body).not.toContain(name)
    }
  })

  it('in another row or compartment of the same customer is shown to nobody', async () => {
    const [identity, contact] = [await boxOf(ana), await boxOf(ana, 'contact')]
    kept = [identity, contact]
    await put({ ...contact, bytes: identity.bytes })
    await expect(readAll(await grantFor(ana), ana)).rejects.toMatchObject({ code: 'bad_box' })
    await put(contact)
    await admin.query('update box set row = $2 where subject = $1 and compartment = $3', [
      ...[ana.id, newId(), 'contact'],
    ])
    await expect(readAll(await grantFor(ana), ana)).rejects.toMatchObject({ code: 'bad_box' })
    await admin.query(`update box set row = $2 where subject = $1 and compartment = 'contact'`, [
      ...[ana.id, contact.row],
    ])
  })

  it('of an older version is not shown again, whatever version the row states', async () => {
    const key = await grantFor(dora)
    const old = await boxOf(dora, 'contact')
    const { slot } = await admin.one<{ slot: number }>('select slot from box where bytes = $1', [old.bytes])
    const email: Value = { value: 'dora@example.com', source: 'customer', at: '2026-11-24T09:00:00.000Z' }
    await change(test.house, async (tx, note) => {
      await tx.query('select enter($1, $2)', [key.grant, key.secret])
      const floor = await replace(tx, test.house, { fields: ['email'] }, { ...old, slot }, { email })
      await note(dora.id, { kind: 'setup', actor: 'customer', result: 'done' }, [floor])
    })
    const current = await boxOf(dora, 'contact')
    kept = [current]
    await put(old)
    await expect(readAll(key, dora)).rejects.toMatchObject({ code: 'superseded' })
    await put({ ...old, version: current.version })
    await expect(readAll(key, dora)).rejects.toMatchObject({ code: 'bad_box' })
    await put(current)
    expect((await readAll(key, dora)).some(box => box.values.email?.value === 'dora@example.com')).toBe(true)
  })
})

describe('a grant', () => {
  it('that was made in PostgreSQL alone gives boxes, which no keeper opens', async () => {
    const key = { grant: newId(), secret: newToken() }
    await admin.query(
      `insert into grants (id, kind, actor, secret_hash, purpose, fields, compartments, made_at, until)
       values ($1, 'job', 'system', $2, 'service', '{name,email}', '{identity,contact}', now(),
               now() + interval '1 hour')`,
      [key.grant, sha256(key.secret)],
    )
    await admin.query('insert into grant_subject (grant_id, subject) values ($1, $2)', [key.grant, ana.id])
    const boxes = await admin.query('select * from boxes($1, $2, $3, $4, $5)', [
      ...[[key.grant], [key.secret], [ana.id], ['identity,contact'], [null]],
    ])
    expect(boxes).toHaveLength(2)
    expect(boxes.some(box => JSON.stringify(box).includes(names.ana))).toBe(false)
    await expect(readAll(key, ana)).rejects.toMatchObject({ code: 'no_grant' })
  })

  it('that was widened in PostgreSQL opens what it opened before, and no more', async () => {
    const key = await grantFor(ana)
    await admin.query(
      `update grants set fields = '{*}', compartments = '{identity,contact,messages}'
                       where id = $1`,
      [key.grant],
    )
    await admin.query('insert into grant_subject (grant_id, subject) values ($1, $2)', [key.grant, dora.id])
    await expect(readAll(key, dora)).rejects.toMatchObject({ code: 'outside_grant' })
    expect(await readAll(key, ana)).toHaveLength(2)
  })

  it('whose secret was replaced by one that the administrator knows opens nothing', async () => {
    const { grant } = await grantFor(ana)
    const secret = newToken()
    await admin.query('update grants set secret_hash = $2 where id = $1', [grant, sha256(secret)])
    await expect(readAll({ grant, secret }, ana)).rejects.toMatchObject({ code: 'no_grant' })
  })

  it('that has ended stays so, whatever its row says', async () => {
    const key = await grantFor(ana)
    await test.house.keeper.revokeGrant(key.grant, 'system')
    await admin.query(`update grants set ended_at = null, until = now() + interval '30 days' where id = $1`, [
      key.grant,
    ])
    await expect(readAll(key, ana)).rejects.toMatchObject({ code: 'grant_ended' })
  })
})

describe('without row security, policies, triggers and the functions that check', () => {
  it('every box lies open to the server, sealed, and a grant opens its own alone', async () => {
    await admin.query('alter table box no force row level security')
    await admin.query('alter table box disable row level security')
    await admin.query('drop policy box_seen on box')
    for (const table of ['slot', 'consent', 'consent_field', 'consent_withdrawal', 'subject', 'erasure'])
      await admin.query(`alter table ${table} disable trigger user`)
    await admin.query(`create or replace function grant_covers(which uuid, secret text, whose uuid, what text)
      returns boolean language sql as $$ select true $$`)
    const boxes = await test.house.database.query<{ bytes: Buffer }>('select bytes from box')
    expect(boxes.length).toBeGreaterThanOrEqual(4)
    for (const { bytes } of boxes)
      for (const name of Object.values(names)) expect(bytes.includes(name)).toBe(false)
    const key = await grantFor(ana)
    const box = await boxOf(dora)
    const opened = test.house.keeper.open({
      ...{ grant: key.grant, secret: key.secret, fields: ['name'] },
      items: [{ ...box, customer: dora.id, box: box.bytes }],
    })
    await expect(opened).rejects.toMatchObject({ code: 'outside_grant' })
  })
})

describe('what was read', () => {
  it('stays in the customer’s trail when every table that could tell of it is emptied', async () => {
    await readAll(await grantFor(ana), ana)
    const readings = async () =>
      (await trailOf(test, ana.id)).filter(({ kind, actor }) => kind === 'reading' && actor === 'system')
        .length
    const before = await readings()
    expect(before).toBeGreaterThan(0)
    await readAll(await grantFor(ana), ana)
    await admin.query('truncate outbox, grants, grant_subject cascade')
    expect(await readings()).toBe(before + 1)
  })

  it('or changed leaves a gap when its row is taken out of the outbox: the next change is refused', async () => {
    const noted = { kind: 'setup' as const, actor: 'customer', result: 'done' }
    await change(test.house, async (_tx, note) => note(dora.id, noted))
    // A change that is committed and not yet in the log, whose row the administrator removes.
    await admin.query('update subject set last_change = last_change + 1 where id = $1', [dora.id])
    const next = change(test.house, async (_tx, note) => note(dora.id, noted))
    await expect(next).rejects.toMatchObject({ code: 'unavailable', cause: { code: 'change_gap' } })
  })
})
