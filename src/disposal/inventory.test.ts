import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../../test/database.ts'
import { impersonalTables, personalTables } from './inventory.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await newDatabase()
})

afterAll(() => database.drop())

test('every table of the database is in the inventory, and nothing else is', async () => {
  const rows = await database.owner.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  )
  const listed = [...Object.keys(personalTables), ...Object.keys(impersonalTables)]
  expect(listed.sort()).toEqual(rows.map(row => row.name).sort())
})

test('every column of a table about a person has its reason, and no reason is left without a column', async () => {
  const rows = await database.owner.query<{ name: string; column: string }>(
    `select table_name as name, column_name as column from information_schema.columns
      where table_schema = 'public' and table_name = any ($1)`,
    [Object.keys(personalTables)],
  )
  const real = rows.map(row => `${row.name}.${row.column}`)
  const listed = Object.entries(personalTables).flatMap(([name, { columns }]) =>
    Object.keys(columns).map(column => `${name}.${column}`),
  )
  expect(listed.sort()).toEqual(real.sort())
})

test('what is said to go with another row hangs on it by a cascading foreign key', async () => {
  const rows = await database.owner.query<{ link: string }>(
    `select conrelid::regclass || ' goes with ' || confrelid::regclass as link
       from pg_constraint where contype = 'f' and confdeltype = 'c'`,
  )
  const cascades = rows.map(row => row.link)
  const claimed = Object.entries(personalTables).flatMap(([name, { erased }]) =>
    'with' in erased ? [`${name} goes with ${erased.with}`] : [],
  )
  expect(cascades).toEqual(expect.arrayContaining(claimed))
})

test('what is sealed, fingerprinted or a job about a person goes with its slot', async () => {
  const rows = await database.owner.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'slot'`,
  )
  for (const { name } of rows)
    expect({ name, ...personalTables[name]?.erased }).toEqual({ name, with: 'slot' })
})

test('no table without a person names one', async () => {
  const rows = await database.owner.query(
    `select conrelid::regclass::text as from, confrelid::regclass::text as to from pg_constraint
      where contype = 'f' and conrelid::regclass::text = any ($1) and confrelid::regclass::text = any ($2)`,
    [Object.keys(impersonalTables), Object.keys(personalTables)],
  )
  expect(rows).toEqual([])
})
