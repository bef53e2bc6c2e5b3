import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { socketFolder } from '../../src/core/embedded-database.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { ana, hireBen, joinCustomer, openSampleCompany } from '../../src/supervisor/demo-company.ts'
import { runningAccess } from '../../src/supervisor/embedded.ts'
import { withHouse } from '../../src/supervisor/restored-database.ts'
import { depart } from '../../src/use/departure.ts'
import { Program } from '../program.ts'

// An operator puts PostgreSQL's own base backup back, by himself, and starts Custode as always.

const run = promisify(execFile)
/** Of the same major version as the embedded PostgreSQL. */
const [program15] = globSync('/usr/lib/postgresql/15/bin/pg_basebackup')
let program: Program
let sockets: string
const data = () => join(program.folder, 'data')

beforeAll(async () => {
  program = await Program.make()
  if (!(await program.start())) throw new Error(program.output)
  sockets = socketFolder(data())
}, 120_000)
afterAll(() => program.remove())

const inHouse = async <T>(work: Parameters<typeof withHouse<T>>[2]) =>
  withHouse<T>(await runningAccess(data(), 'custode_server'), join(sockets, 'keeper', 'keeper.sock'), work)

async function ask<Row>(sql: string): Promise<Row[]> {
  const client = new pg.Client(await runningAccess(data(), 'postgres'))
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

it('is found to be older than the log, and nobody who left is back when the doors open', async ctx => {
  if (program15 === undefined) return ctx.skip('no pg_basebackup of PostgreSQL 15 is installed here')
  const copy = join(program.folder, 'base')
  const people = await inHouse(async house => {
    const officer = await openSampleCompany(house)
    const ben = await hireBen(house, officer.employee.pseudonym)
    const leaver = await joinCustomer(house, { ...ana, email: 'leaver@example.org' })
    const stayer = await joinCustomer(house, { ...ana, email: 'stayer@example.org' })
    return { officer: officer.employee, ben: ben.employee, leaver, stayer }
  })
  const env = { ...process.env, PGPASSFILE: join(data(), 'database.pgpass') }
  await run(program15, ['-h', sockets, '-U', 'postgres', '-D', copy, '-X', 'stream', '-c', 'fast'], { env })
  await inHouse(async house => {
    await withdraw(house, people.leaver)
    await depart(house, { subject: people.officer.id, actor: people.officer.pseudonym }, people.ben.id)
  })
  await program.end()
  await rm(join(program.folder, 'data', 'db'), { recursive: true })
  await rename(copy, join(program.folder, 'data', 'db'))

  expect(await program.start(), program.output).toBe(true)
  expect(program.output).toContain('the database is older than the log')
  expect(program.output).toContain('1 departures')
  expect(await ask('select id from customer')).toEqual([{ id: people.stayer.subject }])
  expect(await ask('select 1 from employee where ended_at is not null')).toHaveLength(1)
  expect(await ask('select 1 from session where ended_at is null')).toEqual([])
  await program.end()
  expect(await program.start(), program.output).toBe(true)
  expect(program.output).not.toContain('older than the log')
}, 180_000)

it('an empty database beside a log that is not is no new company', async () => {
  await program.end()
  await rm(join(program.folder, 'data'), { recursive: true })
  // What belongs to a company lies in the keeper's folder still.
  expect(existsSync(join(program.folder, 'keeper', 'log'))).toBe(true)
  const started = await program.start()
  if (program15 === undefined) return expect(started).toBe(true)
  expect(started).toBe(false)
  expect(program.output).toContain('bring a backup back with custode restore DIR')
}, 120_000)
