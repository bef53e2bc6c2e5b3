import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterPasswords } from '../../src/core/cluster-access.ts'
import { socketFolder } from '../../src/core/embedded-database.ts'
import { FakeVault } from '../fakes/vault.ts'
import { findInMemory } from '../process-memory.ts'
import { Program } from '../program.ts'

// Whoever runs JavaScript of his own in the server of an installation that really runs: what can he reach beyond it?

const run = promisify(execFile)
const linux = process.platform === 'linux'
const where = 'looks at processes through /proc, on Linux alone'
let vault: FakeVault
let program: Program
let sockets: string
const passwords: Partial<ClusterPasswords> = {}

beforeAll(async () => {
  vault = await FakeVault.start()
  vault.makeKey('custode')
  program = await Program.make({ CUSTODE_CUSTODIANS: 'file,vault-transit', ...(await vault.environment()) })
  if (!(await program.start())) throw new Error(program.output)
  sockets = socketFolder(join(program.folder, 'data'))
  const lines = (await readFile(passwordFile(), 'utf8')).trim().split('\n')
  for (const line of lines) {
    const [role = '', password = ''] = line.split(':').slice(3)
    passwords[role as keyof ClusterPasswords] = password
  }
}, 120_000)
afterAll(async () => {
  await program.remove()
  await vault.end()
})

const passwordFile = () => join(program.folder, 'data', 'database.pgpass')

/** What code says that runs under the flags of the very server that runs, in its folder. */
async function inServer(code: string): Promise<unknown> {
  const pid = program.child('supervisor/serve.ts')
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const flags = command.filter(word => word.startsWith('--'))
  const told = `${code}.then(said => console.log(JSON.stringify(said ?? null)))`
  const { stdout } = await run(process.execPath, [...flags, '--input-type=module', '--eval', told], {
    cwd: join(import.meta.dirname, '..', '..', 'policies'),
  })
  return JSON.parse(stdout) as unknown
}

/** Who somebody is in PostgreSQL who connects with these, or the code with which he is refused. */
const whoIs = (user: string, password: string | undefined) =>
  inServer(`(async () => {
    const { default: pg } = await import(${JSON.stringify(import.meta.resolve('pg'))})
    const client = new pg.Client(${JSON.stringify({ host: sockets, port: 5432, user, database: 'custode', password })})
    try {
      await client.connect()
      return (await client.query('select current_user as name')).rows[0].name
    } catch (error) {
      return error.code ?? error.message
    } finally {
      await client.end().catch(() => {})
    }
  })()`)

describe('the embedded PostgreSQL', () => {
  it('knows the server as itself alone, whatever it says and with whatever it has', async ctx => {
    if (!linux) return ctx.skip(where)
    const { custode_server, custode_worker } = passwords
    expect(await whoIs('custode_server', custode_server)).toBe('custode_server')
    for (const user of ['postgres', 'custode_owner'])
      for (const password of [undefined, 'postgres', custode_server, custode_worker])
        expect(await whoIs(user, password)).toMatch(/^28P01$|password must be a string/)
  })

  it('has the passwords of its owner and superuser in a file that the server cannot read', async ctx => {
    if (!linux) return ctx.skip(where)
    expect((await stat(passwordFile())).mode & 0o777).toBe(0o600)
    expect(
      await inServer(`import('node:fs/promises').then(fs => fs.readFile(${JSON.stringify(passwordFile())}))
        .then(() => 'read', error => error.code)`),
    ).toBe('ERR_ACCESS_DENIED')
  })

  it('gave the server nothing of them: they stand neither in its memory nor on any command line', async ctx => {
    if (!linux) return ctx.skip(where)
    const [own, worker, owner, superuser] = (
      ['custode_server', 'custode_worker', 'custode_owner', 'postgres'] as const
    ).map(role => Buffer.from(passwords[role] ?? ''))
    const sought = [own!, worker!, owner!, superuser!]
    expect(sought.map(one => one.length)).toEqual([43, 43, 43, 43])
    const server = program.child('supervisor/serve.ts')
    expect(await findInMemory(server, sought)).toEqual([true, true, false, false])
    for (const pid of [program.pid, ...program.children('')])
      for (const part of ['cmdline', 'environ']) {
        const text = readFileSync(`/proc/${pid}/${part}`)
        expect(sought.some(one => text.includes(one))).toBe(false)
      }
    const log = await readFile(join(program.folder, 'data', 'postgres.log'))
    expect(sought.some(one => log.includes(one))).toBe(false)
  })
})

/** What a custodian's process answers to these lines over one connection, until it ends. */
const asked = (lines: object[]) =>
  inServer(`new Promise(resolve => import('node:net').then(({ connect }) => {
    const socket = connect(${JSON.stringify(join(sockets, 'custodians', 'vault-transit.sock'))})
    let heard = ''
    socket.setEncoding('utf8').on('data', text => { heard += text })
    socket.on('error', error => { heard += error.code }).on('close', () => resolve(heard))
    socket.write(${JSON.stringify(lines.map(line => `${JSON.stringify(line)}\n`).join(''))})
    setTimeout(() => socket.destroy(), 3000)
  }))`)

describe('a custodian', () => {
  it('destroys no epoch for the server, and does nothing else for it', async ctx => {
    if (!linux) return ctx.skip(where)
    const before = vault.calls.length
    const destroy = { id: 2, op: 'destroy', epoch: 1 }
    const greetings = [
      [],
      [{ id: 1, op: 'hello', protocol: 1 }],
      [{ id: 1, op: 'hello', protocol: 2 }],
      [{ id: 1, op: 'hello', protocol: 2, token: 'A'.repeat(43) }],
    ]
    for (const greeting of greetings) expect(await asked([...greeting, destroy])).not.toContain('"ok"')
    expect(vault.calls.slice(before).filter(call => /trim|config/.test(call))).toEqual([])
    expect(program.output).toContain('the custodian vault-transit: turned away')
  })
})
