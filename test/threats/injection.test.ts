import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Grant, makeGrant } from '../../src/use/grant.ts'
import { Searcher } from '../failures/disguise.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { newCustomer, newEmployee, newPurchase, openCompany, type Person } from '../people.ts'

// Whatever somebody gets into a statement of the server's role, beside one customer whose grant is live.

const doras = { name: 'Dora Quondamatteo', email: 'dora.quondamatteo@example.org', phone: '+393201987654' }
const bought = 'Cinghie di Zanzibar'
const searcher = new Searcher([...Object.values(doras), bought, 'Ana Moretti', 'ana.moretti@example.org'])

let test: TestHouse
let ana: Person
let dora: Person
let ben: Person
let grant: Grant
/** The sealed boxes, in hex. */
let boxes: { ana: string[]; dora: string[] }

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, { name: 'Ana Moretti', email: 'ana.moretti@example.org' })
  dora = await newCustomer(test, doras)
  ben = await newEmployee(test)
  await newPurchase(test, dora, 'F-1', bought)
  grant = await makeGrant(test.house, {
    ...{ kind: 'job', session: null, actor: 'system', subjects: [ana.id], fields: ['name'] },
    ...{ compartments: ['identity'], purpose: 'service', minutes: 5, most: 1000 },
  })
  boxes = { ana: await boxesOf(ana), dora: await boxesOf(dora) }
  expect(boxes.dora.length).toBeGreaterThan(2)
  // What the planner remembers of a table is a copy of its values.
  await test.owner.query('analyze')
})
afterAll(() => test.close())

const boxesOf = async ({ id }: Person) =>
  (
    await test.owner.query<{ hex: string }>(
      `select encode(bytes, 'hex') as hex from box where subject = $1`,
      [id],
    )
  ).map(row => row.hex)

/** All that a statement shows, in one text; what it refuses is nothing, and what it changes is taken back. */
async function shown(sql: string, entered: boolean, as = test.house.database): Promise<string> {
  let text = ''
  const looked = as.transaction(async tx => {
    if (entered) await tx.query('select enter($1, $2)', [grant.grant, grant.secret])
    text = JSON.stringify(await tx.query(sql), (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : value,
    )
    throw new Error('taken back')
  })
  await looked.catch(() => {})
  return text
}

const holds = (text: string, hex: string) =>
  text.includes(hex) || text.replaceAll(/\\[nr]|\s/g, '').includes(Buffer.from(hex, 'hex').toString('base64'))

const everything = `array['identity,contact,messages,purchases']`
const readings = () => [
  'select * from box',
  'table box',
  'select * from only box',
  'select * from box tablesample system (100)',
  'select * from box where false or true',
  `select * from box where subject = '${dora.id}' or '' = ''`,
  `select * from box where compartment = 'identity' union all select * from box`,
  'select * from box for key share',
  'select json_agg(box) from box',
  'select box::text from box',
  `select string_agg(encode(bytes, 'hex'), ',') from box`,
  `select query_to_xml('select * from box', true, false, '')::text as said`,
  `select database_to_xml(true, false, '')::text as said`,
  'select * from box b join slot s on s.number = b.slot',
  `with all_of as materialized (select * from box) select * from all_of`,
  `select b.* from subject s, lateral boxes(array['${grant.grant}'::uuid], array['${grant.secret}'], array[s.id], ${everything}, array[null]) b`,
  `select b.* from grants g, subject s, lateral boxes(array[g.id], array['${grant.secret}'], array[s.id], ${everything}, array[null]) b`,
  `select b.* from grants g, lateral boxes(array[g.id], array[encode(g.secret_hash, 'hex')], array['${dora.id}'::uuid], ${everything}, array[null]) b`,
  `select b.* from boxes(array[null::uuid], array[null], array['${dora.id}'::uuid], ${everything}, array[null]) b`,
  // A live grant beside a reading that has none lends it nothing.
  `select b.* from boxes(array['${grant.grant}'::uuid, null], array['${grant.secret}', null], array['${ana.id}'::uuid, '${dora.id}'::uuid],
     ${everything} || ${everything}, array[null, null]) b where b.at <> 1`,
  `select set_config('custode.grant', id::text, true), (select json_agg(box) from box) from grants`,
  `select set_config('search_path', 'pg_temp', true), (select json_agg(b) from public.box b) as said`,
  `select * from pg_stats where tablename = 'box'`,
  'select * from pg_statistic',
  'select * from pg_stat_activity',
  `update box set version = version returning *`,
  `delete from box returning *`,
  `insert into box select * from box on conflict (subject, compartment, row) do update set bytes = excluded.bytes returning *`,
]

describe('a statement that was injected', () => {
  it('shows no box of anybody when no grant was entered', async () => {
    for (const sql of readings()) {
      const text = await shown(sql, false)
      // `boxes` carries its own credential, which is Ana's alone.
      const secret = sql.includes(grant.secret)
      for (const hex of secret ? boxes.dora : [...boxes.ana, ...boxes.dora])
        expect([sql, holds(text, hex)]).toEqual([sql, false])
    }
  })

  it('would show them to whoever owns the table: every one of these that reads it is a statement', async () => {
    const plain = readings().filter(sql => !/boxes\(|pg_stat|set_config/.test(sql))
    expect(plain.length).toBeGreaterThan(15)
    for (const sql of plain) {
      const text = await shown(sql, false, test.owner)
      expect([sql, holds(text, boxes.dora[0]!)]).toEqual([sql, true])
    }
  })

  it('shows under a grant the boxes of its own customer and compartments, and of nobody else', async () => {
    expect(await shown('select * from box', true)).toContain(
      (
        await test.owner.one<{ hex: string }>(
          `select encode(bytes, 'hex') as hex from box where subject = $1 and compartment = 'identity'`,
          [ana.id],
        )
      ).hex,
    )
    for (const sql of readings()) {
      const text = await shown(sql, true)
      for (const hex of boxes.dora) expect([sql, holds(text, hex)]).toEqual([sql, false])
    }
  })

  it.each([
    'set role custode_owner',
    'set local session authorization postgres',
    'set local row_security = off; select * from box',
    'select * from pg_authid',
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('.')",
    `copy box to program 'cat'`,
    `copy box to '/dev/null'`,
    `copy field from '/etc/passwd'`,
    'create extension dblink',
    'create function public.mine() returns integer language sql as $$ select 1 $$',
    'create view public.mine as select * from box',
    'create rule mine as on select to box do instead select * from subject',
    "alter system set log_statement = 'all'",
    'alter role custode_server bypassrls',
    'alter database postgres set row_security = off',
    "set local log_statement = 'all'",
    'set local session_replication_role = replica',
    'grant custode_owner to custode_server',
    "select lo_from_bytea(0, '\\x00')",
    'truncate box',
    'drop table box',
    'delete from subject',
    'delete from slot',
    'delete from consent',
    'update consent set purpose = purpose',
    'update slot set number = number',
  ])('does not carry out: %s', async sql => {
    await expect(test.house.database.query(sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000|22023|55P02|42704|42809)$/),
    })
  })

  it('finds no value of anybody in any table that the server may read', async () => {
    const tables = await test.house.database.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
          and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')`,
    )
    expect(tables.length).toBeGreaterThan(20)
    for (const { name } of tables) {
      const text = await shown(`select json_agg(t)::text as rows from ${name} t`, true)
      expect([name, searcher.in(Buffer.from(text))]).toEqual([name, []])
    }
  })
})

describe('what is sent to the server', () => {
  const attempts = [
    `' or '1'='1`,
    `'; drop table box; --`,
    `" or ""="`,
    `\\'; select pg_sleep(5); --`,
    `$$; select * from box; $$`,
    `1) union select bytes from box --`,
    `%27%20or%201=1`,
    `x' || (select string_agg(encode(bytes,'hex'),'') from box) || '`,
  ]

  it.each(attempts)('is a value and never a statement: %s', async attempt => {
    const count = () => test.owner.one('select count(*)::int as boxes from box')
    const before = await count()
    const path = encodeURIComponent(attempt)
    const asked = [
      { method: 'GET', url: `/api/v1/portal/entries?after=${path}`, cookies: ana.cookies },
      { method: 'GET', url: `/api/v1/portal/entries?limit=${path}`, cookies: ana.cookies },
      { method: 'GET', url: `/api/v1/work/tasks/${path}/customer`, cookies: ben.cookies },
      { method: 'GET', url: `/api/v1/work/tasks?after=${path}`, cookies: ben.cookies },
      { method: 'GET', url: `/api/v1/destructions/${path}` },
      { method: 'GET', url: '/api/v1/portal/data', cookies: { custode_portal: attempt } },
      { method: 'POST', url: '/api/v1/portal/codes', payload: { email: attempt, language: 'it' } },
      {
        method: 'POST',
        url: '/api/v1/portal/codes',
        payload: { email: `${attempt}@x.it`, language: attempt },
      },
      { method: 'POST', url: '/api/v1/portal/sessions', payload: { code_id: attempt, code: attempt } },
      {
        ...{ method: 'POST', url: '/api/v1/portal/questions', cookies: ana.cookies },
        payload: { type: 'delivery_question', text: attempt },
      },
    ] as const
    for (const request of asked) {
      const { statusCode, body } = await test.app.inject(request)
      expect([request.url, statusCode < 500]).toEqual([request.url, true])
      expect(searcher.in(Buffer.from(body))).toEqual([])
      for (const hex of boxes.dora) expect(body).not.toContain(hex)
    }
    const after = await count()
    // The question is kept as it was asked, in a box.
    expect(after).toEqual({ boxes: (before as { boxes: number }).boxes + 1 })
  })
})
