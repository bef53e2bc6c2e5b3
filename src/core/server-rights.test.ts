import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { newDatabase, type TestDatabase } from '../../test/database.ts'

// What somebody who holds the server's role, and nothing else, cannot make PostgreSQL take.

let database: TestDatabase
beforeAll(async () => {
  database = await newDatabase()
})
afterAll(() => database.drop())

let last = 1000

/** A subject of a kind with its trail, as the server makes one. */
async function newSubject(kind: string): Promise<{ id: string; trail: number }> {
  const subject = { id: randomUUID(), trail: ++last }
  await database.server.transaction(async tx => {
    await tx.query('insert into subject (id, kind, alias, trail, made_at) values ($1, $2, $3, $4, now())', [
      ...[subject.id, kind, `K7-${subject.trail}`, subject.trail],
    ])
    await tx.query(`insert into slot (subject, compartment, number) values ($1, 'trail', $2)`, [
      ...[subject.id, subject.trail],
    ])
  })
  return subject
}

const addCustomer = (id: string) =>
  database.server.query('insert into customer (id, joined_at) values ($1, now())', [id])

const addEmployee = (id: string) =>
  database.server.query(
    `insert into employee (id, pseudonym, name, role, language, invited_at)
     values ($1, $2, 'Eva', 'officer', 'en', now())`,
    [id, `st_${++last}`],
  )

const refused = (code: string, constraint?: string) =>
  expect.objectContaining({ code, ...(constraint === undefined ? {} : { constraint }) })

describe('a consent', () => {
  it('names no field that its purpose does not use', async () => {
    const { id } = await newSubject('customer')
    await addCustomer(id)
    const consent = randomUUID()
    await database.server.query(
      `insert into consent (id, subject, purpose, evidence, source, given_at, recorded_at)
       values ($1, $2, 'offers', 'import', 'shop', now(), now())`,
      [consent, id],
    )
    const name = (purpose: string, field: string) =>
      database.server.query('insert into consent_field (consent, purpose, field) values ($1, $2, $3)', [
        ...[consent, purpose, field],
      ])
    await name('offers', 'email')
    await expect(name('offers', 'phone')).rejects.toEqual(
      refused('23503', 'consent_field_purpose_field_fkey'),
    )
    await expect(name('service', 'phone')).rejects.toEqual(
      refused('23503', 'consent_field_consent_purpose_fkey'),
    )
  })
})

describe('a field', () => {
  it('is for a purpose only by a version of the catalogue, and what is sealed for its own alone', async () => {
    await expect(
      database.server.query(`insert into purpose_field (purpose, field) values ('service', 'allergies')`),
    ).rejects.toEqual(refused('42501'))
    const decide = (field: string, purposes: string) =>
      database.server.query(
        `insert into field_version (field, version, label, editor, retention, asked, purposes)
         values ($1, 100, '{}', 'customer', 'agreement', 'portal', $2)`,
        [field, purposes],
      )
    for (const [field, purposes] of [
      ['allergies', '{service}'],
      ['allergies', '{care,service}'],
      ['iban', '{care}'],
      ['phone', '{service,care}'],
    ] as const)
      await expect(decide(field, purposes)).rejects.toEqual(refused('23514', 'sealed_for_its_own_purpose'))
  })

  it('does not change what it was, nor does a version', async () => {
    for (const sql of [
      `update field set compartment = 'health' where code = 'phone'`,
      `update field_version set purposes = '{service}' where field = 'phone'`,
      `delete from field_version where field = 'phone'`,
    ])
      await expect(database.server.query(sql)).rejects.toEqual(refused('42501'))
  })
})

describe('a subject', () => {
  it('is a customer or an employee, and never both', async () => {
    for (const kind of ['customer', 'applicant', 'former'])
      await expect(addEmployee((await newSubject(kind)).id)).rejects.toEqual(refused('23503'))
    for (const kind of ['employee', 'applicant', 'former'])
      await expect(addCustomer((await newSubject(kind)).id)).rejects.toEqual(refused('23503'))
    await addEmployee((await newSubject('employee')).id)
    await addCustomer((await newSubject('customer')).id)
  })
})

describe('the count of a subject’s changes', () => {
  it('goes up by one and nowhere else, so that an entry taken out of the outbox leaves a gap', async () => {
    const { id } = await newSubject('customer')
    const set = (role: 'server' | 'worker', change: string) =>
      database[role].query(`update subject set last_change = ${change} where id = $1`, [id])
    for (const role of ['server', 'worker'] as const) {
      await set(role, 'last_change + 1')
      for (const change of ['last_change - 1', 'last_change', '0', 'last_change + 2'])
        await expect(set(role, change)).rejects.toEqual(refused('23514', 'change_after_change'))
    }
  })
})

describe('a destruction record', () => {
  const custodians = JSON.stringify([{ custodian: 'file', usable: [2] }])

  const record = (slots: number[], trail: number | null = null) =>
    database.server.query<{ act: string }>(
      `insert into erasure (act, slots, compartments, entry, t0, trail, kept_until)
       values ($1, $2, '{identity}', 7, now(), $3, $4) returning act`,
      [randomUUID(), slots, trail, trail === null ? null : new Date()],
    )

  const keepRoll = (epoch: number, slots: number[]) =>
    database.server.query('insert into roll (epoch, slots, t1, custodians) values ($1, $2, now(), $3)', [
      ...[epoch, slots, custodians],
    ])

  it('names no slot that is still there', async () => {
    const { trail } = await newSubject('applicant')
    await expect(record([999_001, trail])).rejects.toEqual(refused('23514', 'erasure_of_gone_slots'))
    await expect(record([])).rejects.toEqual(refused('23514'))
    await expect(record([999_001], 999_001)).rejects.toEqual(refused('23514'))
  })

  it('is written in the transaction in which its slots go', async () => {
    const { trail } = await newSubject('applicant')
    await database.server.transaction(async tx => {
      await tx.query(
        `insert into erasure (act, slots, compartments, entry, t0) values ($1, $2, '{trail}', 7, now())`,
        [randomUUID(), [trail]],
      )
      await tx.query('select erase_slots($1)', [[trail]])
    })
    expect(await database.server.query('select 1 from erasure where slots = $1', [[trail]])).toHaveLength(1)
  })

  it('has its t1 from a roll alone, and once', async () => {
    const [{ act }] = (await record([999_002, 999_003])) as [{ act: string }]
    const attempts = [
      `update erasure set t1 = now(), epoch = 9, custodians = '[]' where act = '${act}'`,
      `update erasure set t1 = t1 where act = '${act}'`,
      `insert into erasure (act, slots, compartments, entry, t0, t1) values (gen_random_uuid(), '{999004}', '{}', 7, now(), now())`,
      `insert into erasure (act, slots, compartments, entry, t0, epoch) values (gen_random_uuid(), '{999004}', '{}', 7, now(), 9)`,
      `delete from erasure where act = '${act}'`,
    ]
    for (const sql of attempts)
      await expect(database.server.query(sql), sql).rejects.toEqual(refused('42501'))
    const settled = async () => {
      await database.server.query('select settle_erasures()')
      return database.server.one(
        'select epoch, custodians, t1 is not null as done from erasure where act = $1',
        [act],
      )
    }
    await keepRoll(2, [999_002])
    expect(await settled()).toEqual({ epoch: null, custodians: null, done: false })
    await keepRoll(3, [999_003, 999_002, 999_009])
    const first = { epoch: 3, custodians: [{ custodian: 'file', usable: [2] }], done: true }
    expect(await settled()).toEqual(first)
    await keepRoll(4, [999_002, 999_003])
    expect(await settled()).toEqual(first)
  })

  it('has rolls that nobody changes afterwards', async () => {
    await keepRoll(5, [999_005])
    for (const sql of [`update roll set t1 = now()`, 'delete from roll', 'truncate roll'])
      await expect(database.server.query(sql), sql).rejects.toEqual(refused('42501'))
    await expect(keepRoll(0, [999_006])).rejects.toEqual(refused('23514'))
  })
})

describe('a right to enter', () => {
  it.each([
    ['portal', 1],
    ['work', 10],
    ['office', 4],
  ])('to the room %s lasts %i hours at most', async (room, hours) => {
    const { id } = await newSubject('employee')
    const add = (minutes: number) =>
      database.server.query(
        `insert into session (id, hash, room, subject, made_at, until)
         values ($1, $2, $3, $4, now(), now() + make_interval(mins => $5))`,
        [randomUUID(), randomBytes(32), room, id, minutes],
      )
    await add(hours * 60)
    await expect(add(hours * 60 + 1)).rejects.toEqual(refused('23514', 'session_is_short'))
  })

  it('by a grant lasts 31 days at most, whatever it says of its beginning', async () => {
    const add = (days: number) =>
      database.server.query(
        `insert into grants (id, kind, actor, secret_hash, purpose, fields, compartments, made_at, until)
         values ($1, 'job', 'system', $2, 'service', '{}', '{}', now() + make_interval(days => $3),
                 now() + make_interval(days => $3))`,
        [randomUUID(), randomBytes(32), days],
      )
    await add(31)
    await expect(add(32)).rejects.toEqual(refused('23514', 'grants_are_short'))
  })
})

describe('a place to put things that nobody looks after', () => {
  it('is no large object', async () => {
    const attempts = [
      'select lo_create(0)',
      'select lo_creat(-1)',
      `select lo_from_bytea(0, 'x')`,
      `select lo_put(1, 0, 'x')`,
      `select lowrite(0, 'x')`,
      'select lo_open(1, 131072)',
      `select lo_import('imported')`,
      `select lo_export(1, 'exported')`,
    ]
    for (const sql of attempts)
      await expect(database.server.query(sql), sql).rejects.toEqual(refused('42501'))
  })

  it('is no table of the server’s own, not even a temporary one', async () => {
    await expect(database.server.query('create table mine (text text)')).rejects.toEqual(refused('42501'))
    await expect(database.worker.query('create table mine (text text)')).rejects.toEqual(refused('42501'))
    // PostgreSQL copies no right on a database into its clones, so the migrated template itself is asked about.
    const rights = await database.admin.query(
      `select role from unnest('{custode_server,custode_worker}'::text[]) role
        where has_database_privilege(role, $1, 'temporary') or has_database_privilege(role, $1, 'create')
           or has_schema_privilege(role, 'public', 'create')`,
      [inject('cluster').template],
    )
    expect(rights).toEqual([])
  })
})
