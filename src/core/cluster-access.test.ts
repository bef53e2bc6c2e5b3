import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findPassword, newClusterPasswords, writePasswords } from './cluster-access.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.ts'
import { makeRoles, roles } from './roles.ts'

let folder: string
let running: EmbeddedDatabase | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-access-'))
})

afterEach(async () => {
  await running?.stop()
  running = undefined
  await rm(folder, { recursive: true })
})

const at = () => ({ folder: join(folder, 'db'), sockets: join(folder, 's'), log: join(folder, 'log') })

async function ask(access: pg.PoolConfig, sql: string): Promise<unknown[]> {
  const client = new pg.Client(access)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const asSuperuser = (sql: string) => ask(running!.as('postgres', 'postgres'), sql)

/** Why each role is not let in with each of these passwords; one that is let in is missing. */
async function refusals(passwords: (string | undefined)[]): Promise<unknown[]> {
  const found: unknown[] = []
  for (const user of ['postgres', ...roles])
    for (const password of passwords) {
      const { host, port } = running!.as(user, 'postgres')
      const access = {
        host,
        port,
        user,
        database: 'postgres',
        ...(password === undefined ? {} : { password }),
      }
      await ask(access as pg.PoolConfig, 'select 1').catch(error =>
        found.push((error as { code?: string }).code ?? (error as Error).message),
      )
    }
  return found
}

test('nobody connects without the password of the role: neither the superuser, nor the owner, nor a stranger', async () => {
  running = await startEmbeddedDatabase(at())
  await makeRoles(await connected(), running.passwords)
  const { postgres, ...others } = running.passwords
  for (const role of roles)
    expect(await ask(running.as(role, 'postgres'), 'select current_user as name')).toEqual([{ name: role }])
  const { rows } = await (await connected()).query('select rolpassword from pg_authid where rolcanlogin')
  expect(rows).toHaveLength(4)
  expect(rows.every(row => /^SCRAM-SHA-256\$4096:/.test(row.rolpassword))).toBe(true)
  // What the server has in hand, tried on the two who may do more than it.
  const inHand = [undefined, '', 'postgres', others.custode_server, others.custode_worker]
  for (const user of ['postgres', 'custode_owner'])
    for (const password of inHand)
      await expect(
        ask({ ...running.as(user, 'postgres'), password: password as string }, 'select 1'),
      ).rejects.toThrow(/password/)
  await expect(ask(running.as('custode_server', 'postgres'), 'set role custode_owner')).rejects.toThrow(
    /permission denied/,
  )
  expect(postgres).toMatch(/^[\w-]{43}$/)
  await Promise.all(clients.splice(0).map(client => client.end()))
  await running.stop()
  const log = await readFile(join(folder, 'log'), 'utf8')
  for (const secret of [...Object.values(running.passwords), 'SCRAM-SHA-256$'])
    expect(log).not.toContain(secret)
})

const clients: pg.Client[] = []

async function connected(): Promise<pg.Client> {
  const client = new pg.Client(running!.as('postgres', 'postgres'))
  await client.connect()
  clients.push(client)
  return client
}

/** The cluster as it was made before there were passwords: it trusts whoever reaches its socket. */
async function makeTrusting(): Promise<void> {
  running = await startEmbeddedDatabase(at())
  const admin = await connected()
  await makeRoles(admin, running.passwords)
  await admin.query('create table kept (n integer)')
  await admin.query('insert into kept values (7)')
  for (const role of ['postgres', ...roles]) await admin.query(`alter role ${role} password null`)
  await Promise.all(clients.splice(0).map(client => client.end()))
  await running.stop()
  const rules = join(at().folder, 'pg_hba.conf')
  const { uid, gid } = await stat(rules)
  await writeFile(rules, 'local all all trust\nlocal replication all trust\n')
  await chown(rules, uid, gid)
}

/** Of an owner that has no password yet, and of a superuser whose password is another. */
async function requireChangedOver(): Promise<void> {
  expect(await refusals([undefined, 'postgres'])).toHaveLength(8)
  expect(await asSuperuser('select n from kept')).toEqual([{ n: 7 }])
}

test('a cluster that trusted everybody trusts nobody from its next start on', async () => {
  await makeTrusting()
  running = await startEmbeddedDatabase(at())
  await requireChangedOver()
})

test('a setting that names other rules, kept from before, is not followed', async () => {
  await makeTrusting()
  const other = join(at().folder, 'other.conf')
  await writeFile(other, 'local all all trust\n', { mode: 0o644 })
  const own = join(at().folder, 'postgresql.auto.conf')
  const { uid, gid } = await stat(own)
  await writeFile(own, `hba_file = '${other}'\n`)
  await chown(own, uid, gid)
  running = await startEmbeddedDatabase(at())
  await requireChangedOver()
})

const holder = `
  import { startEmbeddedDatabase } from ${JSON.stringify(join(import.meta.dirname, 'embedded-database.ts'))}
  await startEmbeddedDatabase(JSON.parse(process.argv[2]))
  console.log('up')
  setInterval(() => {}, 1000)
`

async function startAndKill(when: () => boolean): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(folder, 'holder.mts'), JSON.stringify(at())], {
    stdio: 'ignore',
  })
  const gone = new Promise(resolve => child.once('exit', resolve))
  await vi.waitUntil(when, { timeout: 20_000, interval: 1 })
  child.kill('SIGKILL')
  await gone
  return child
}

const rulesNow = () => readFileSync(join(at().folder, 'pg_hba.conf'), 'utf8')
/** PostgreSQL may remove it between two looks. */
const lockNow = () => {
  try {
    return readFileSync(join(at().folder, 'postmaster.pid'), 'utf8')
  } catch {
    return ''
  }
}

test.each([
  ['once the rules are written', () => rulesNow().includes('scram')],
  ['while the password is being set', () => lockNow().startsWith('-')],
  ['while it begins to serve', () => /^\d/.test(lockNow())],
])(
  'a supervisor that is killed %s leaves a cluster that starts again, and trusts nobody',
  async (_when, reached) => {
    await makeTrusting()
    await writeFile(join(folder, 'holder.mts'), holder)
    const child = await startAndKill(reached)
    expect(child.signalCode).toBe('SIGKILL')
    running = await startEmbeddedDatabase(at())
    await requireChangedOver()
  },
  60_000,
)

test('the passwords lie in a file that its owner alone reads, as PostgreSQL’s programs take it', async () => {
  const passwords = newClusterPasswords()
  expect(await findPassword(folder, 'postgres')).toBeNull()
  await writePasswords(folder, passwords)
  await writePasswords(folder, passwords)
  const path = join(folder, 'database.pgpass')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readFile(path, 'utf8')).toContain(`*:*:*:custode_owner:${passwords.custode_owner}\n`)
  expect(await findPassword(folder, 'custode_owner')).toBe(passwords.custode_owner)
  expect(new Set(Object.values(passwords)).size).toBe(4)
})
