import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Logger, run } from 'graphile-worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../../test/database.ts'
import { dueMigrations, MigrationError, migrate, migrationFolder, readMigrations } from './migrations.ts'

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await newDatabase()
  folder = await mkdtemp(join(tmpdir(), 'custode-migrations-'))
  await cp(migrationFolder, folder, { recursive: true })
})

afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const next = async () => String((await readMigrations(folder)).length + 1).padStart(4, '0')

test('a second run applies nothing', async () => {
  expect(await migrate(database.owner)).toEqual([])
  expect(await dueMigrations(database.owner)).toEqual([])
  expect(await dueMigrations(database.server)).toEqual([])
})

test('a new file is applied once, in a transaction of its own', async () => {
  const name = `${await next()}-count-sheep.sql`
  await writeFile(
    join(folder, name),
    'create table sheep (n integer primary key); insert into sheep values (1);',
  )
  expect(await migrate(database.owner, folder)).toEqual([name])
  expect(await migrate(database.owner, folder)).toEqual([])
  expect(await database.owner.query('select n from sheep')).toEqual([{ n: 1 }])
})

test('a file that fails leaves nothing of itself and is tried again', async () => {
  const name = `${await next()}-count-goats.sql`
  await writeFile(join(folder, name), 'create table goat (n integer); select 1 / 0;')
  await expect(migrate(database.owner, folder)).rejects.toThrow(/count-goats\.sql failed: division by zero/)
  expect(await database.owner.query("select to_regclass('goat') as goat")).toEqual([{ goat: null }])
  await writeFile(join(folder, name), 'create table goat (n integer);')
  expect(await migrate(database.owner, folder)).toEqual([name])
})

test('an applied file that changed is refused, and one that is missing too', async () => {
  const [name] = (await readMigrations(folder)).map(file => file.name)
  if (name === undefined) throw new Error('no migrations')
  const path = join(folder, name)
  await cp(path, `${path}.kept`)
  await writeFile(path, 'select 1;')
  await expect(migrate(database.owner, folder)).rejects.toThrow(MigrationError)
  await rename(`${path}.kept`, path)
  expect(await migrate(database.owner, folder)).toEqual([])

  const [last] = (await readMigrations(folder)).map(file => file.name).reverse()
  if (last === undefined) throw new Error('no migrations')
  await rename(join(folder, last), join(folder, 'kept'))
  await expect(migrate(database.owner, folder)).rejects.toThrow(/made by another version/)
  await rename(join(folder, 'kept'), join(folder, last))
})

test('a gap in the numbers is refused', async () => {
  await writeFile(join(folder, '0999-jump.sql'), 'select 1;')
  await expect(readMigrations(folder)).rejects.toThrow(/without gaps/)
  await rm(join(folder, '0999-jump.sql'))
})

test('two processes that migrate at once apply each file once', async () => {
  const name = `${await next()}-count-cows.sql`
  await writeFile(join(folder, name), 'create table cow (n integer); select pg_sleep(0.1);')
  const applied = await Promise.all([migrate(database.owner, folder), migrate(database.owner, folder)])
  expect(applied.flat()).toEqual([name])
})

test('the server adds a job and the worker’s role works it off', async () => {
  await database.server.query("select add_job('greet', $1, null, 'once')", ['{"id":"1"}'])
  await expect(database.server.query('select * from graphile_worker.jobs')).rejects.toThrow(
    /permission denied/,
  )
  const seen: unknown[] = []
  const done = Promise.withResolvers<void>()
  const runner = await run({
    pgPool: database.worker.pool,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    taskList: {
      greet: payload => {
        seen.push(payload)
        done.resolve()
      },
    },
  })
  await done.promise
  await runner.stop()
  expect(seen).toEqual([{ id: '1' }])
})

test('the server’s role makes and alters nothing and bypasses nothing', async () => {
  await expect(database.server.query('create table mine (n integer)')).rejects.toThrow(/permission denied/)
  await expect(database.server.query('alter table box disable row level security')).rejects.toThrow(
    /must be owner/,
  )
  await expect(database.server.query('set role custode_owner')).rejects.toThrow(/permission denied/)
  const strong = await database.admin.query(
    `select rolname from pg_roles where rolname like 'custode%' and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication)`,
  )
  expect(strong).toEqual([])
})
