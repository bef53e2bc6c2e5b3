import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedDatabase, socketFolder, startEmbeddedDatabase } from './embedded-database.ts'

let folder: string
let running: EmbeddedDatabase | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-pg-'))
})

afterEach(async () => {
  await running?.stop()
  running = undefined
  await rm(folder, { recursive: true })
})

const at = () => ({ folder: join(folder, 'db'), sockets: join(folder, 's'), log: join(folder, 'log') })

async function ask(database: EmbeddedDatabase, sql: string): Promise<unknown[]> {
  const client = new pg.Client(database.as('postgres', 'postgres'))
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('a half-made cluster does not count, and a made one keeps its rows', async () => {
  await mkdir(join(folder, 'db.tmp'))
  await writeFile(join(folder, 'db.tmp', 'PG_VERSION'), '15')
  running = await startEmbeddedDatabase(at())
  await ask(running, 'create table kept (n integer); insert into kept values (7)')
  await running.stop()
  running = await startEmbeddedDatabase(at())
  expect(await ask(running, 'select n from kept')).toEqual([{ n: 7 }])
})

test('it is reached through its socket alone, and writes to disk before it answers', async () => {
  running = await startEmbeddedDatabase(at())
  const rows = await ask(
    running,
    `select name, setting from pg_settings where name in ('listen_addresses', 'fsync', 'synchronous_commit',
       'full_page_writes', 'data_checksums', 'unix_socket_permissions') order by name`,
  )
  expect(rows).toEqual([
    { name: 'data_checksums', setting: 'on' },
    { name: 'fsync', setting: 'on' },
    { name: 'full_page_writes', setting: 'on' },
    { name: 'listen_addresses', setting: '' },
    { name: 'synchronous_commit', setting: 'on' },
    { name: 'unix_socket_permissions', setting: '0700' },
  ])
})

test('its log holds no value and no statement, whatever fails', async () => {
  running = await startEmbeddedDatabase(at())
  const value = 'ana.very.private'
  const client = new pg.Client(running.as('postgres', 'postgres'))
  await client.connect()
  await client.query('create table person (email text primary key, age integer check (age > 0))')
  await client.query('insert into person values ($1, 1)', [value])
  await expect(client.query('insert into person values ($1, 1)', [value])).rejects.toThrow(/duplicate/)
  await expect(client.query('insert into person values ($1, -1)', [value])).rejects.toThrow(/violates check/)
  await expect(client.query('select $1::text::integer', [value])).rejects.toThrow(/invalid input/)
  await expect(client.query(`select * from person where email = '${value}' and nonsense`)).rejects.toThrow()
  await client.end()
  await running.stop()
  const log = await readFile(join(folder, 'log'), 'utf8')
  expect(log).toContain('ready to accept connections')
  expect(log).not.toContain(value)
})

const holder = (paths: object) => `
  import { startEmbeddedDatabase } from ${JSON.stringify(join(import.meta.dirname, 'embedded-database.ts'))}
  await startEmbeddedDatabase(${JSON.stringify(paths)})
  console.log('up')
  setInterval(() => {}, 1000)
`

test('a supervisor that is killed takes it along, and it starts again at once', async () => {
  await writeFile(join(folder, 'holder.mts'), holder(at()))
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [join(folder, 'holder.mts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })
    const [line] = await new Promise<string[]>(resolve =>
      lines.once('line', (text: string) => resolve([text])),
    )
    expect(line).toBe('up')
    child.kill('SIGKILL')
  }
  running = await startEmbeddedDatabase(at())
  expect(await ask(running, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('the folder of its sockets is short and the same for the same data', () => {
  const deep = `/${'deep/'.repeat(60)}data`
  expect(socketFolder(deep)).toBe(socketFolder(`${deep}/../data`))
  expect(socketFolder(deep)).not.toBe(socketFolder('/data'))
  expect(Buffer.byteLength(join(socketFolder(deep), 'keeper', 'keeper.sock'))).toBeLessThanOrEqual(107)
})
