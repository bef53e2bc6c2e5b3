import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Program } from '../../test/program.ts'

const linux = process.platform === 'linux'
let program: Program

beforeAll(async () => {
  program = await Program.make({
    AWS_SECRET_ACCESS_KEY: 'operators-secret-1',
    DATABASE_OWNER_URL: 'postgres://owner:operators-secret-2@db.example/custode',
    NODE_OPTIONS: '--no-deprecation --title=operators-secret-3',
    GRAPHILE_ENABLE_DANGEROUS_LOGS: '1',
  })
  if (!(await program.start())) throw new Error(program.output)
}, 120_000)

afterAll(() => program.remove())

const company = async () => (await fetch(`${program.url}/api/v1/company`)).json()

const isGone = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}

test('the first start prints the addresses and the way in, and nothing alarming', async () => {
  expect(program.output).toMatch(new RegExp(`http://localhost:${program.port}/office/setup#[\\w-]{43}\\n`))
  expect(program.output).not.toMatch(/warn|error|deprecat|fail/i)
  expect(await company()).toMatchObject({ open: false, demo: false })
})

test('a second start on the same folders is refused in one line', async () => {
  const second = await Program.make({ CUSTODE_DATA: `${program.folder}/data` })
  expect(await second.start()).toBe(false)
  expect(second.output).toBe(
    `data is in use by process ${program.pid}: end that one first, or set CUSTODE_DATA to another folder\n`,
  )
  await second.remove()
})

test('a port that is taken is refused in one line, before anything is made', async () => {
  const second = await Program.make({ PORT: String(program.port) })
  expect(await second.start()).toBe(false)
  expect(second.output).toBe(`port ${program.port} is taken: end what uses it, or set PORT to another one\n`)
  expect(readdirSync(`${second.folder}/data`)).toEqual([])
  await second.remove()
})

test('the keeper runs under its permissions, without network, core dumps or the server’s environment', context => {
  if (!linux) return context.skip('processes are looked at through /proc, on Linux alone')
  const keeper = program.child('keeper/main.ts')
  expect(readFileSync(`/proc/${keeper}/cmdline`, 'utf8').split('\0')).toContain('--permission')
  expect(readlinkSync(`/proc/${keeper}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'))
  expect(readFileSync(`/proc/${keeper}/limits`, 'utf8')).toMatch(/Max core file size +0 +0/)
  expect(namesIn(keeper).sort()).toEqual(['LANG', 'PATH', 'TZ'])
})

const namesIn = (pid: number) =>
  readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .map(line => line.split('=')[0] ?? '')
    .filter(name => name !== '')

test('the server runs under its permissions', context => {
  if (!linux) return context.skip('processes are looked at through /proc, on Linux alone')
  const server = program.child('supervisor/serve.ts')
  const flags = readFileSync(`/proc/${server}/cmdline`, 'utf8').split('\0')
  expect(flags).toContain('--permission')
  expect(flags.filter(flag => /--allow-(fs-write|child|worker|wasi)|=\*$/.test(flag))).toEqual([])
})

test('no child inherits what the operator’s environment holds', context => {
  if (!linux) return context.skip('processes are looked at through /proc, on Linux alone')
  const own = program.children('')
  expect(own.length).toBeGreaterThanOrEqual(3)
  for (const pid of own) {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
    expect(environment).not.toMatch(/operators-secret|AWS_|DATABASE_|NODE_OPTIONS/)
  }
  const plain = ['HOME', 'LANG', 'LC_ALL', 'NODE_ENV', 'PATH', 'TMPDIR', 'TZ', 'NODE_EXTRA_CA_CERTS']
  const server = namesIn(program.child('supervisor/serve.ts'))
  expect(server).toContain('NODE_ENV')
  // IPC: how Node tells its own child where their channel is.
  expect(server.filter(name => !plain.includes(name) && !/^NODE_CHANNEL_/.test(name))).toEqual([])
})

test('killed, PostgreSQL is started again, and asks its passwords of everybody as before', async context => {
  if (!linux) return context.skip('processes are looked at through /proc, on Linux alone')
  process.kill(program.child('bin/postgres'), 'SIGKILL')
  await vi.waitFor(() => expect(program.output).toContain('the database ended; starting it again'))
  await vi.waitFor(async () => expect(await company()).toMatchObject({ open: false }), {
    timeout: 20_000,
    interval: 100,
  })
}, 30_000)

test.each([
  ['keeper/main.ts', 'the keeper'],
  ['supervisor/serve.ts', 'the server'],
])(
  'killed, %s is started again',
  async (part, name) => {
    if (!linux) return
    const before = program.child(part)
    process.kill(before, 'SIGKILL')
    await vi.waitFor(
      async () => {
        expect(program.child(part)).not.toBe(before)
        expect(await company()).toMatchObject({ open: false })
      },
      { timeout: 20_000, interval: 100 },
    )
    expect(program.output).toContain(`${name} was ended by SIGKILL; starting it again`)
  },
  30_000,
)

test('SIGTERM ends it cleanly, nothing is left running, and it starts again on its data', async () => {
  const own = linux ? program.children('') : []
  expect(await program.end('SIGTERM')).toBe(0)
  expect(own.filter(pid => !isGone(pid))).toEqual([])
  expect(await program.start(), program.output).toBe(true)
  expect(await company()).toMatchObject({ open: false })
}, 60_000)

test('killed itself, it takes its children along, and starts again', async context => {
  if (!linux) return context.skip('children end with a killed parent on Linux alone')
  const own = program.children('')
  expect(own.length).toBeGreaterThanOrEqual(3)
  await program.end('SIGKILL')
  await vi.waitFor(() => expect(own.filter(pid => !isGone(pid))).toEqual([]), { timeout: 20_000 })
  expect(await program.start(), program.output).toBe(true)
}, 60_000)

test('a wrong setting is refused in one line, and so is --fresh without --demo', async () => {
  const wrong = await Program.make({ PUBLIC_URL: 'http://crm.example' })
  expect(await wrong.start()).toBe(false)
  expect(wrong.output).toMatch(/^PUBLIC_URL must be https[^\n]*\n$/)
  await wrong.remove()
  const fresh = await Program.make()
  expect(await fresh.start('--fresh')).toBe(false)
  expect(fresh.output).toBe('--fresh is for the demo alone: use --demo --fresh\n')
  await fresh.remove()
})

test('a database that cannot be reached, or is no database, is named in one line without its password', async () => {
  const deaf = createServer((_request, response) => response.end('no'))
  await new Promise<void>(resolve => deaf.listen(0, '127.0.0.1', resolve))
  const address = deaf.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  for (const place of ['127.0.0.1:1', `127.0.0.1:${port}`]) {
    const lost = await Program.make({ DATABASE_URL: `postgres://ben:hunter2@${place}/crm` })
    expect(await lost.start()).toBe(false)
    expect(lost.output).toMatch(new RegExp(`^PostgreSQL at ${place}/crm cannot be reached [^\\n]*\\n$`))
    expect(lost.output).not.toContain('hunter2')
    await lost.remove()
  }
  deaf.close()
}, 60_000)
