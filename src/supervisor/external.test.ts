import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Database } from '../core/database.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../core/embedded-database.ts'
import { migrate } from '../core/migrations.ts'
import { roles } from '../core/roles.ts'
import { DatabaseRefused, type External, reachExternal } from './external.ts'
import { findLogFaults } from './log-settings.ts'

// A cluster of its own: roles belong to a whole cluster, and here they are made from nothing, with real passwords.
let folder: string
let cluster: EmbeddedDatabase
let admin: pg.Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-external-'))
  const at = { folder: join(folder, 'db'), sockets: join(folder, 's'), log: join(folder, 'log') }
  cluster = await startEmbeddedDatabase({ ...at, durable: false })
  admin = new pg.Client(cluster.as('postgres', 'postgres'))
  await admin.connect()
  await admin.query("create role maker login createrole password 'm'")
  await admin.query("create role stranger login createrole password 's'")
  await admin.query('create database crm owner maker')
})

afterAll(async () => {
  await admin.end()
  await cluster.stop()
  await rm(folder, { recursive: true })
})

const url = (user: string, password: string, database = 'crm') =>
  `postgres://${user}:${password}@localhost/${database}?host=${encodeURIComponent(join(folder, 's'))}`

const newFolder = () => mkdtemp(join(folder, 'data-'))

async function whoIs(config: pg.PoolConfig): Promise<string> {
  const database = new Database({ ...config, max: 1 })
  try {
    return (await database.one<{ name: string }>('select current_user as name')).name
  } finally {
    await database.end()
  }
}

const namesOf = async ({ server, worker, owner }: External) =>
  Promise.all([whoIs(server), whoIs(worker), owner === null ? null : whoIs(owner)])

test('a user who may make roles but does not own the database is refused, and leaves no role behind', async () => {
  const data = await newFolder()
  await expect(reachExternal(url('stranger', 's'), null, data)).rejects.toThrow(
    /make it the database’s owner/,
  )
  const { rows } = await admin.query('select rolname from pg_roles where rolname = any ($1)', [roles])
  expect(rows).toEqual([])
})

test('the first start makes the roles; from then on everything goes by them', async () => {
  const data = await newFolder()
  const made = await reachExternal(url('maker', 'm'), null, data)
  expect(await namesOf(made)).toEqual(['custode_server', 'custode_worker', 'custode_owner'])
  expect((await stat(join(data, 'database.json'))).mode & 0o777).toBe(0o600)

  const owner = new Database({ ...made.owner, max: 3 })
  expect((await migrate(owner)).length).toBeGreaterThan(0)
  await owner.end()
  const may = await admin.query(
    `select has_database_privilege('custode_server', 'crm', 'temporary') as own_tables`,
  )
  expect(may.rows).toEqual([{ own_tables: false }])

  await admin.query('alter role maker nologin')
  expect(await reachExternal(url('maker', 'm'), null, data)).toEqual(made)
  await admin.query('alter role maker login')

  // A start that ended between writing the passwords down and making the roles is gone on with.
  const kept = JSON.parse(await readFile(join(data, 'database.json'), 'utf8'))
  await writeFile(join(data, 'database.json'), JSON.stringify({ ...kept, made: false }))
  expect(await namesOf(await reachExternal(url('maker', 'm'), null, data))).toEqual(await namesOf(made))
})

test('roles that another installation made are never given new passwords', async () => {
  const refused = reachExternal(url('maker', 'm'), null, await newFolder())
  await expect(refused).rejects.toThrow(/has the role custode_\w+ already/)
})

test('the server’s own URL needs the worker’s beside it', async () => {
  await admin.query("alter role custode_server password 'a'; alter role custode_worker password 'b'")
  const data = await newFolder()
  await expect(reachExternal(url('custode_server', 'a'), null, data)).rejects.toThrow(/DATABASE_WORKER_URL/)
  const given = await reachExternal(url('custode_server', 'a'), url('custode_worker', 'b'), data)
  expect(await namesOf(given)).toEqual(['custode_server', 'custode_worker', null])
})

test.each([
  ['a wrong password', () => url('maker', 'wrong'), 'the password is not right'],
  ['a missing database', () => url('maker', 'm', 'nowhere'), 'no such database'],
  ['nobody there', () => 'postgres://maker:m@127.0.0.1:1/crm', 'nothing listens there'],
])('%s is told in one line without the password', async (_what, place, reason) => {
  const error = await reachExternal(place(), null, await newFolder()).catch((error: unknown) => error)
  if (!(error instanceof DatabaseRefused)) throw error
  expect(error.message).toContain(`cannot be reached (${reason})`)
  expect(error.message).toMatch(/^[^\n]+$/)
  expect(error.message).not.toMatch(/:(m|wrong)@/)
})

test('the doctor names each line under which PostgreSQL could log a value', async () => {
  expect(await findLogFaults(admin)).toEqual([])
  await admin.query(
    "set log_min_duration_statement = 100; set log_parameter_max_length = -1; set log_statement = 'all'",
  )
  expect(await findLogFaults(admin)).toEqual([
    expect.stringMatching(/^postgresql\.conf: log_min_duration_statement = -1 \(is 100: /),
    expect.stringMatching(/^postgresql\.conf: log_parameter_max_length = 0 \(is -1: /),
    expect.stringMatching(/^postgresql\.conf: log_statement = none \(is all: /),
  ])
  await admin.query('reset all')
})
