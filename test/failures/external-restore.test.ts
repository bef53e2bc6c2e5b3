import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type EmbeddedDatabase,
  socketFolder,
  startEmbeddedDatabase,
} from '../../src/core/embedded-database.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { ana, joinCustomer, openSampleCompany } from '../../src/supervisor/demo-company.ts'
import { reachExternal } from '../../src/supervisor/external.ts'
import { withHouse } from '../../src/supervisor/restored-database.ts'
import { Program } from '../program.ts'

// Backup and restore of a company whose PostgreSQL is somebody else's: its user owns one database and is no superuser.

let folder: string
let cluster: EmbeddedDatabase
let admin: pg.Client
let program: Program
let url: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-external-'))
  const at = { folder: join(folder, 'db'), sockets: join(folder, 's'), log: join(folder, 'log') }
  cluster = await startEmbeddedDatabase({ ...at, durable: false })
  admin = new pg.Client(cluster.as('postgres', 'postgres'))
  await admin.connect()
  await admin.query("create role maker login createrole password 'm'")
  await admin.query('create database crm owner maker')
  url = `postgres://maker:m@localhost/crm?host=${encodeURIComponent(at.sockets)}`
  program = await Program.make({ DATABASE_URL: url })
  if (!(await program.start())) throw new Error(program.output)
}, 120_000)
afterAll(async () => {
  await program.remove()
  await admin.end()
  await cluster.stop()
  await rm(folder, { recursive: true })
})

const inHouse = async <T>(work: Parameters<typeof withHouse<T>>[2]) =>
  withHouse<T>(
    (await reachExternal(url, null, join(program.folder, 'data'))).server,
    join(socketFolder(join(program.folder, 'data')), 'keeper', 'keeper.sock'),
    work,
  )

async function customers(): Promise<string[]> {
  const client = new pg.Client(cluster.as('postgres', 'crm'))
  await client.connect()
  try {
    return (await client.query('select id from customer order by joined_at')).rows.map(row => row.id)
  } finally {
    await client.end()
  }
}

it('a backup of an external database comes back under its name, without whom left and who came later', async () => {
  const [leaver, stayer] = await inHouse(async house => {
    await openSampleCompany(house)
    const first = await joinCustomer(house, { ...ana, email: 'first@example.org' })
    return [first, await joinCustomer(house, { ...ana, email: 'second@example.org' })]
  })
  expect((await program.run(['backup', 'b'])).output).toContain('b holds')
  await inHouse(async house => {
    await withdraw(house, leaver!)
    await joinCustomer(house, { ...ana, email: 'third@example.org' })
  })
  await program.end()
  const refused = await program.run(['restore', 'b'])
  expect(refused.output).toContain('whose user may make databases (CREATEDB)')
  expect(refused.code).toBe(1)

  await admin.query('alter role maker createdb')
  const restored = await program.run(['restore', 'b', '--discard'])
  expect(restored.output).toContain('is in use')
  expect(restored.code).toBe(0)
  expect(await program.start(), program.output).toBe(true)
  expect(program.output).not.toContain('older than the log')
  expect(await customers()).toEqual([stayer!.subject])
  const { rows } = await admin.query(`select datname from pg_database where datname like 'crm%'`)
  expect(rows).toEqual([{ datname: 'crm' }])
}, 180_000)
