import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newCustomer, newEmployee, newSession, openCompany, type Person } from '../../test/people.ts'
import { newToken, sha256 } from '../core/ids.ts'
import { findSession, type Session } from '../identity/session.ts'
import { endGrant, endSession, type Grant, makeGrant, type Wanted, withJobGrant } from './grant.ts'
import { type Key, read } from './reading.ts'

let test: TestHouse
let ana: Person
let dora: Person
let ben: Person

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, { name: 'Ana Moretti', email: 'ana.moretti@example.org' })
  dora = await newCustomer(test, { name: 'Dora Conti', email: 'dora@example.org' })
  ben = await newEmployee(test)
})
afterAll(() => test.close())

const wanted = (about: Person, session: Wanted['session'] = null): Wanted => ({
  ...{ kind: 'job', session, actor: 'system', subjects: [about.id], fields: ['name'] },
  ...{ compartments: ['identity'], purpose: 'service', minutes: 5, most: 1000 },
})
const asked = { fields: ['name'], compartments: ['identity'] }
const readName = async (key: Key, whose: Person) => read(test.house, key, whose.id, asked)

async function sessionOf(person: Person): Promise<Session> {
  const session = await findSession(
    test.house.database,
    test.clock.now(),
    'work',
    person.cookies.custode_work!,
  )
  return session!
}

/** Rows of the table itself, as the server's role, inside a transaction that has entered with this credential. */
function selected(
  key: { grant: string; secret: string } | null,
  sql = 'select * from box',
  values: unknown[] = [],
) {
  return test.house.database.transaction(async tx => {
    if (key !== null) await tx.query('select enter($1, $2)', [key.grant, key.secret])
    return tx.query<{ subject: string; compartment: string }>(sql, values)
  })
}

describe('PostgreSQL on its own', () => {
  let grant: Grant
  beforeAll(async () => {
    grant = await makeGrant(test.house, wanted(ana))
  })

  it('shows the server no box without a grant', async () => {
    expect(await selected(null)).toEqual([])
    expect(await test.owner.query('select 1 from box')).not.toEqual([])
  })

  it('shows under a grant the boxes of its customer and compartments alone', async () => {
    const rows = await selected(grant)
    expect(rows.map(row => [row.subject, row.compartment])).toEqual([[ana.id, 'identity']])
  })

  it('shows nothing for a wrong secret, a hash in place of the secret, or another grant’s secret', async () => {
    const other = await makeGrant(test.house, wanted(dora))
    for (const secret of [newToken(), '', sha256(grant.secret).toString('hex'), other.secret]) {
      expect(await selected({ grant: grant.id, secret })).toEqual([])
      expect(await readName({ grant: grant.id, secret }, ana)).toEqual([])
    }
  })

  it('is not impressed by forged settings', async () => {
    for (const [grantText, secret] of [
      ['', ''],
      [grant.id, "' or true --"],
    ])
      await test.house.database.transaction(async tx => {
        await tx.query(
          `select set_config('custode.grant', $1, true), set_config('custode.secret', $2, true)`,
          [grantText, secret],
        )
        expect(await tx.query('select 1 from box')).toEqual([])
      })
    for (const sql of [
      'set local row_security = off',
      'set role custode_owner',
      'set session authorization postgres',
    ])
      await expect(
        test.house.database.transaction(async tx => {
          await tx.query(sql)
          await tx.query('select 1 from box')
        }),
      ).rejects.toThrow()
  })

  it('lets the server neither look into the functions’ tables as their owner nor change what guards them', async () => {
    const attempts = [
      'alter table box no force row level security',
      'alter table box disable row level security',
      'drop policy box_seen on box',
      'create policy mine on box for select using (true)',
      'create or replace function entered(whose uuid, what text) returns boolean language sql as $$ select true $$',
      'create function pg_temp.now_open() returns boolean language sql as $$ select true $$; grant custode_owner to custode_server',
      `update grants set secret_hash = sha256('x')`,
      `update grants set until = now() + interval '1 year'`,
      `update grant_subject set subject = gen_random_uuid()`,
      'delete from grants',
      'truncate box',
    ]
    for (const sql of attempts) await expect(test.house.database.query(sql), sql).rejects.toThrow()
  })

  it('neither changes nor removes a box outside the grant', async () => {
    const changed = await selected(grant, `update box set bytes = bytes where subject = $1 returning *`, [
      dora.id,
    ])
    const removed = await selected(grant, `delete from box where subject = $1 returning *`, [dora.id])
    expect([changed, removed]).toEqual([[], []])
  })

  it('keeps the credential for one transaction only', async () => {
    await selected(grant)
    for (let connection = 0; connection < 12; connection++) expect(await selected(null)).toEqual([])
  })

  it('shows nothing under a grant whose time is over, nor under one that has ended', async () => {
    const short = await makeGrant(test.house, { ...wanted(ana), minutes: 1 })
    await test.owner.query(`update grants set until = clock_timestamp() - interval '1 ms' where id = $1`, [
      short.id,
    ])
    expect(await selected(short)).toEqual([])
    expect(await readName(short, ana)).toEqual([])
    const ended = await makeGrant(test.house, wanted(ana))
    expect(await selected(ended)).toHaveLength(1)
    await endGrant(test.house, ended.id, 'system')
    expect(await selected(ended)).toEqual([])
    expect(await readName(ended, ana)).toEqual([])
  })

  it('hands out through boxes() no other customer, and no other compartment, than the grant’s', async () => {
    expect(await readName(grant, dora)).toEqual([])
    const rows = await test.house.database.query('select * from boxes($1, $2, $3, $4, $5)', [
      ...[[grant.id], [grant.secret], [ana.id], ['identity,contact,messages,purchases'], [null]],
    ])
    expect(rows).toHaveLength(1)
  })
})

describe('the keeper on its own', () => {
  /** The boxes as somebody holds them who has the whole database and the server's place. */
  async function stolen(whose: Person, compartment: string) {
    const [box] = await test.owner.query<{ row: string; version: number; bytes: Buffer }>(
      'select row, version, bytes from box where subject = $1 and compartment = $2',
      [whose.id, compartment],
    )
    return { customer: whose.id, compartment, row: box!.row, version: box!.version, box: box!.bytes }
  }
  const open = async (key: Key, whose: Person, compartment: string, fields: string[]) =>
    test.keeper.open({
      ...{ grant: key.grant, secret: key.secret, fields },
      items: [await stolen(whose, compartment)],
    })

  it('opens nothing outside the grant: another customer, compartment or field, a wrong secret', async () => {
    const grant = await makeGrant(test.house, wanted(ana))
    expect(await open(grant, ana, 'identity', ['name'])).toMatchObject([{ values: { name: {} } }])
    await expect(open(grant, dora, 'identity', ['name'])).rejects.toMatchObject({ code: 'outside_grant' })
    await expect(open(grant, ana, 'contact', ['name'])).rejects.toMatchObject({ code: 'outside_grant' })
    await expect(open(grant, ana, 'identity', ['email'])).rejects.toMatchObject({ code: 'outside_grant' })
    const forged = { grant: grant.id, secret: newToken() }
    await expect(open(forged, ana, 'identity', ['name'])).rejects.toMatchObject({ code: 'no_grant' })
  })

  it('opens nothing after the end, even for a server that overlooks it', async () => {
    const grant = await makeGrant(test.house, wanted(ana))
    await endGrant(test.house, grant.id, 'system')
    await test.owner.query('update grants set ended_at = null where id = $1', [grant.id])
    await expect(readName(grant, ana)).rejects.toMatchObject({ code: 'grant_ended' })
  })
})

describe('the end of a grant', () => {
  it('is the end of its readings: none is answered after it is acknowledged, however many are on their way', async () => {
    for (let round = 0; round < 4; round++) {
      const grant = await makeGrant(test.house, wanted(ana))
      let ended = false
      let late = 0
      let answered = 0
      const reader = async () => {
        for (;;) {
          const begunAfter = ended
          const boxes = await readName(grant, ana).catch(() => null)
          if (boxes === null || boxes.length === 0) return
          answered++
          if (begunAfter) late++
        }
      }
      const readers = Array.from({ length: 6 }, reader)
      while (answered < 5) await new Promise(resolve => setImmediate(resolve))
      await endGrant(test.house, grant.id, 'system')
      ended = true
      await Promise.all(readers)
      expect(late).toBe(0)
    }
  })

  it('comes with the end of a job, also of one that fails', async () => {
    let used: Grant | undefined
    const { kind: _kind, session: _session, actor: _actor, ...job } = wanted(ana)
    const failing = withJobGrant(test.house, job, async grant => {
      used = grant
      throw new Error('the job fails')
    })
    await expect(failing).rejects.toThrow('the job fails')
    expect(await readName(used!, ana)).toEqual([])
  })

  it('can be asked for twice', async () => {
    const grant = await makeGrant(test.house, wanted(ana))
    await endGrant(test.house, grant.id, 'system')
    await expect(endGrant(test.house, grant.id, 'system')).resolves.toBeUndefined()
  })
})

describe('a grant inside a session', () => {
  it('opens nothing outside it: the secret comes from the cookie, which nobody else has', async () => {
    const grant = await makeGrant(test.house, wanted(ana, await sessionOf(ben)))
    expect(await readName(grant, ana)).toHaveLength(1)
    const stored = await test.owner.query('select * from grants where id = $1', [grant.id])
    expect(JSON.stringify(stored)).not.toContain(grant.secret)
    expect(JSON.stringify(await test.owner.query('select * from session'))).not.toContain(ben.session.token)
  })

  it('cannot be made in a session that has ended', async () => {
    const other = await newSession(test, 'work', ben)
    const session = await sessionOf(other)
    await endSession(test.house, session.id, 'st_1')
    await expect(makeGrant(test.house, wanted(ana, session))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('ends with the session, whichever of the two comes first', async () => {
    for (let round = 0; round < 4; round++) {
      const other = await newSession(test, 'work', ben)
      const session = await sessionOf(other)
      const making = Array.from({ length: 4 }, () => makeGrant(test.house, wanted(ana, session)))
      const made = Promise.allSettled(making)
      await endSession(test.house, session.id, 'st_1')
      const grants = (await made).flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
      for (const grant of grants) expect(await readName(grant, ana)).toEqual([])
      const live = await test.owner.query('select 1 from grants where session = $1 and ended_at is null', [
        session.id,
      ])
      expect(live).toEqual([])
    }
  })

  it('leaves no grant alive in the keeper either', async () => {
    const before = (await test.keeper.status()).grants
    const session = await sessionOf(await newSession(test, 'work', ben))
    await Promise.all([1, 2, 3].map(() => makeGrant(test.house, wanted(ana, session))))
    expect((await test.keeper.status()).grants).toBe(before + 3)
    await endSession(test.house, session.id, 'st_1')
    expect((await test.keeper.status()).grants).toBe(before)
  })
})

describe('a grant that cannot be', () => {
  it('is refused about somebody who does not exist', async () => {
    const nobody = { ...ana, id: crypto.randomUUID() }
    await expect(makeGrant(test.house, wanted(nobody))).rejects.toMatchObject({ code: 'not_found' })
  })

  it('leaves a row that has ended when the keeper refuses it', async () => {
    const before = await test.owner.query('select 1 from grants where ended_at is null')
    await expect(makeGrant(test.house, { ...wanted(ana), most: 0 })).rejects.toMatchObject({
      code: 'malformed',
    })
    expect(await test.owner.query('select 1 from grants where ended_at is null')).toHaveLength(before.length)
  })
})
