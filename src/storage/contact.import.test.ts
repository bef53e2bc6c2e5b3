import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { signInAs } from '../../test/portal.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { decideAge } from '../collection/age-rule.ts'
import { listCatalogue } from '../collection/catalogue.ts'
import { withJobGrant } from '../use/grant.ts'
import { read } from '../use/reading.ts'
import { contactImport } from './contact.import.ts'
import { type ContactFormat, readContactFile } from './contact-file.ts'
import { proposeMapping } from './contact-mapping.ts'
import { importFile, rehearse } from './import.ts'

let house: TestHouse
let world: World
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-contacts-'))
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

const header = [
  ...[
    'reference',
    'first name',
    'last name',
    'email',
    'phone',
    'birth_date',
    'street',
    'city',
    'postal code',
  ],
  ...['province', 'country', 'purposes', 'consent_date', 'consent_source', 'consent_fields'],
].join(',')

const evidence = 'service,2025-05-31,till-form'
const plain = (who: string) => `${who},Ada,Corvo,${who}@example.org,,,,,,,,${evidence},`
const full = (who: string, named = 'birth_date postal_address') =>
  `${who},Ada,Corvo,${who}@example.org,333 1234567,1985-04-12,Via Roma,Torino,10100,TO,Italia,${evidence},${named}`

async function requestOf(text: string, format: ContactFormat = 'csv', source = 'crm') {
  const path = join(folder, `contacts.${format}`)
  await writeFile(path, text)
  const file = await readContactFile(path, format)
  const catalogue = await listCatalogue(house.house.database)
  const mapping = proposeMapping(file.headers, catalogue)
  const today = house.clock.now().toISOString().slice(0, 10)
  return { adapter: contactImport(file, mapping, catalogue, today), file: path, source }
}

const told = ({
  kept,
  known,
  refused,
}: {
  kept: number
  known: number
  refused: { line: number; code: string }[]
}) => ({
  ...{ kept, known, refused: refused.map(one => `${one.line} ${one.code}`) },
})

const bringIn = async (lines: string[], source?: string) =>
  told(await importFile(house.house, await requestOf([header, ...lines].join('\n'), 'csv', source)))

const rowCounts = () =>
  house.owner.one(
    `select (select count(*) from subject) as subjects, (select count(*) from box) as boxes,
            (select count(*) from import) as imports, (select count(*) from outbox) as outbox,
            (select count(*) from address) as addresses, (select count(*) from import_position) as positions`,
  )

async function valuesOf(reference: string): Promise<Record<string, unknown>> {
  const { subject } = await house.owner.one<{ subject: string }>(
    'select subject from customer_reference where reference = $1',
    [reference],
  )
  const what = { fields: ['*'], compartments: ['identity', 'contact'] }
  const boxes = await withJobGrant(
    house.house,
    { ...what, subjects: [subject], purpose: 'access', minutes: 1, most: 10 },
    grant => read(house.house, grant, subject, what),
  )
  return Object.fromEntries(
    boxes.flatMap(box => Object.entries(box.values).map(([code, { value }]) => [code, value])),
  )
}

test('every kind of value that the evidence names is kept in its one spelling', async () => {
  expect(await bringIn([full('full')])).toEqual({ kept: 1, known: 0, refused: [] })
  expect(await valuesOf('full')).toEqual({
    ...{ name: 'Ada Corvo', email: 'full@example.org', phone: '+393331234567', birth_date: '1985-04-12' },
    postal_address: { country: 'IT', street: 'Via Roma', postal_code: '10100', city: 'Torino', region: 'TO' },
  })
})

test('a field that the evidence does not name is refused with its line, and nothing of the line is kept', async () => {
  expect(await bringIn([full('unnamed', 'postal_address'), plain('named')])).toEqual({
    ...{ kept: 1, known: 0, refused: ['2 not_agreed'] },
  })
})

test('a dry run says what the import then does, and leaves no row and no entry', async () => {
  await world.join({ email: 'held@example.org' })
  await bringIn([plain('known')])
  const lines = [
    ...[plain('known'), plain('held'), plain('new'), plain('new'), plain('new-2')],
    `twin,Ada,Corvo,NEW@example.org,,,,,,,,${evidence},`,
    `late,Ada,Corvo,late@example.org,,,,,,,,service,2099-01-01,till-form,`,
    `none,Ada,Corvo,none@example.org,,,,,,,,,,,`,
    `born,Ada,Corvo,born@example.org,,2031-02-30,,,,,,${evidence},birth_date`,
    `addr,Ada,Corvo,addr@example.org,,,Via Roma,Torino,1,TO,Italia,${evidence},postal_address`,
    `nobody,,,nobody@example.org,,,,,,,,${evidence},`,
  ]
  const text = [header, ...lines].join('\n')
  const before = [await rowCounts(), (await house.keeper.pendingShreds()).length]
  const rehearsed = told(await rehearse(house.house, await requestOf(text)))
  expect([await rowCounts(), (await house.keeper.pendingShreds()).length]).toEqual(before)
  expect(rehearsed).toEqual({
    ...{ kept: 2, known: 1 },
    refused: [
      ...['3 address_taken', '5 repeated_address', '7 repeated_address', '8 consent_date', '9 no_evidence'],
      ...['10 birth_date.no_such_date', '11 postal_address.postal_code.postal_code', '12 name.required'],
    ],
  })
  expect(told(await importFile(house.house, await requestOf(text)))).toEqual(rehearsed)
})

test('a file that is imported again stores no line twice, also without references of its own', async () => {
  const text = `name,email,purposes,consent_date,consent_source\nAda,anonymous@example.org,${evidence}\n`
  expect(told(await importFile(house.house, await requestOf(text)))).toMatchObject({ kept: 1, known: 0 })
  expect(told(await importFile(house.house, await requestOf(text)))).toMatchObject({ kept: 0, known: 1 })
})

test('cards are kept like lines, and one without evidence is refused', async () => {
  const card = (...rows: string[]) => ['BEGIN:VCARD', 'VERSION:3.0', ...rows, 'END:VCARD'].join('\r\n')
  const proof = ['X-CONSENT-PURPOSES:service offers', 'X-CONSENT-DATE:2025-05-31', 'X-CONSENT-SOURCE:fair']
  const rows = ['FN:Bea Corvo', 'EMAIL:bea@example.org']
  const text = [
    card(...rows, 'UID:bea', ...proof),
    card('FN:Cleo', 'UID:cleo', 'EMAIL:cleo@example.org'),
  ].join('\r\n')
  expect(told(await importFile(house.house, await requestOf(text, 'vcard')))).toEqual({
    ...{ kept: 1, known: 0, refused: ['15 no_evidence'] },
  })
  expect(await valuesOf('bea')).toEqual({ name: 'Bea Corvo', email: 'bea@example.org' })
})

test('many lines go in several transactions, each customer whole, with an entry each', async () => {
  const lines = Array.from({ length: 120 }, (_, at) => full(`many-${at}`))
  expect(await bringIn(lines, 'many')).toEqual({ kept: 120, known: 0, refused: [] })
  const counts = await house.owner.one<Record<string, number>>(
    `select count(distinct r.subject)::integer as people, count(distinct a.token)::integer as addresses,
            (select count(*)::integer from box b join customer_reference q using (subject) where q.source = 'many') as boxes
       from customer_reference r join address a using (subject) where r.source = 'many'`,
  )
  expect(counts).toEqual({ people: 120, addresses: 120, boxes: 240 })
  expect(await house.owner.query('select id from outbox')).toEqual([])
})

test('no value of a file is left in plain anywhere in the database or the temporary folder', async () => {
  await bringIn([`mark,Xanthippe,Quillfeather,xanthippe@example.org,,,,,,,,${evidence},`])
  const tables = await house.owner.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  for (const { name } of tables) {
    const rows = await house.owner.query(
      `select 1 from "${name}" t where t::text ilike '%xanthippe%' or t::text ilike '%quillfeather%'`,
    )
    expect({ name, rows }).toEqual({ name, rows: [] })
  }
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['contacts.csv']))
})

test('two customers who are given the same alias are no end of the import', async () => {
  await house.owner.query('create sequence alias_try')
  await house.owner.query(`
    create function repeat_alias_once() returns trigger language plpgsql security definer as $$
    begin
      if nextval('public.alias_try') = 2 then
        select alias into new.alias from public.subject limit 1;
      end if;
      return new;
    end $$`)
  await house.owner.query(
    'create trigger alias_once before insert on subject for each row execute function repeat_alias_once()',
  )
  const lines = [plain('alias-1'), plain('alias-2'), plain('alias-3')]
  expect(await bringIn(lines, 'alias')).toEqual({ kept: 3, known: 0, refused: [] })
  expect(await house.owner.one('select last_value::integer as tries from alias_try')).toEqual({ tries: 4 })
  await house.owner.query('drop trigger alias_once on subject')
})

test('a run that is cut off goes on where it was, and keeps nobody twice', async () => {
  const lines = Array.from({ length: 230 }, (_, at) => plain(`cut-${at}`))
  const text = [header, ...lines].join('\n')
  const cut = { ...(await requestOf(text, 'csv', 'cut')) }
  const progress = (done: number) => {
    if (done >= 50) throw new Error('the process ends here')
  }
  await expect(importFile(house.house, { ...cut, progress })).rejects.toThrow('the process ends here')
  const kept = () =>
    house.owner.one(`select count(*)::integer as n from customer_reference where source = 'cut'`)
  expect(await kept()).not.toEqual({ n: 230 })
  const report = await importFile(house.house, await requestOf(text, 'csv', 'cut'))
  expect({ ...told(report), resumed: report.resumed }).toEqual({
    kept: 230,
    known: 0,
    refused: [],
    resumed: true,
  })
  expect(await kept()).toEqual({ n: 230 })
})

test('whoever was brought in signs in for the first time and keeps all that was brought', async () => {
  expect(await bringIn([full('first')])).toMatchObject({ kept: 1 })
  const before = await valuesOf('first')
  expect(before.postal_address).toBeDefined()
  await signInAs(house, 'first@example.org')
  expect(await valuesOf('first')).toEqual(before)
})

test('an address is nobody’s number: a reference that is one is refused, since it would lie there in plain', async () => {
  expect(await bringIn([plain('kid@example.org').replace('kid@example.org@', 'kid@')])).toMatchObject({
    ...{ kept: 0, refused: ['2 reference'] },
  })
})

test('whoever was too young to agree on the day of the evidence is refused, once the age is decided', async () => {
  const born = (who: string, day: string) => full(who).replace('1985-04-12', day)
  expect(await bringIn([born('child', '2011-06-01')])).toEqual({ kept: 1, known: 0, refused: [] })
  const pia = { subject: world.pia.id, actor: world.pia.pseudonym }
  await decideAge(house.house, pia, { after: 1, least: 14 })
  expect(await bringIn([born('younger', '2011-06-01'), born('of-age', '2011-05-31')])).toEqual({
    ...{ kept: 1, known: 0, refused: ['2 under_age'] },
  })
})
