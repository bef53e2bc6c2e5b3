import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Database } from '../../src/core/database.ts'
import { socketFolder } from '../../src/core/embedded-database.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { ana, joinCustomer, openSampleCompany } from '../../src/supervisor/demo-company.ts'
import { runningAccess } from '../../src/supervisor/embedded.ts'
import { withHouse } from '../../src/supervisor/restored-database.ts'
import { everyStep } from '../every-step.ts'
import { Program } from '../program.ts'

// The commands as they are typed, on an installation that really runs.

let program: Program
let sockets: string
const customers: { id: string; session: Awaited<ReturnType<typeof joinCustomer>> }[] = []

const inHouse = async <T>(work: Parameters<typeof withHouse<T>>[2]) =>
  withHouse<T>(
    await runningAccess(folder('data'), 'custode_server'),
    join(sockets, 'keeper', 'keeper.sock'),
    work,
  )
const folder = (name: string) => join(program.folder, name)

/** As the superuser of the running embedded PostgreSQL. */
async function ask<Row>(database: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(await runningAccess(folder('data'), 'postgres', database))
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
const countOf = async (table: string) =>
  Number((await ask<{ count: string }>('custode', `select count(*) from ${table}`))[0]?.count)

beforeAll(async () => {
  program = await Program.make()
  if (!(await program.start())) throw new Error(program.output)
  sockets = socketFolder(folder('data'))
  await inHouse(async house => {
    await openSampleCompany(house)
    for (let at = 0; at < 12; at++) {
      const session = await joinCustomer(house, { ...ana, phone: null, email: `customer.${at}@example.org` })
      customers.push({ id: session.subject, session })
    }
  })
}, 120_000)
afterAll(() => program.remove())

describe('custode backup', () => {
  it('writes a whole backup while everybody works, into a folder that only we can enter', async () => {
    const { code, output } = await program.run(['backup', 'b1'])
    expect(output).toMatch(/b1 holds \d+ rows of \d+ tables, \d+ bytes/)
    expect(code).toBe(0)
    expect((await stat(folder('b1'))).mode & 0o777).toBe(0o700)
    const names = await readdir(folder('b1'))
    expect(names).toContain('box.copy')
    expect(names.filter(name => /^address(_generation)?\.|migration|graphile|job/.test(name))).toEqual([])
    for (const name of names) {
      const bytes = await readFile(join(folder('b1'), name))
      expect(bytes.includes('customer.1@example.org') || bytes.includes(ana.name), name).toBe(false)
    }
  })

  it('refuses a folder that holds something, and leaves it as it was', async () => {
    await mkdir(folder('full'))
    await writeFile(join(folder('full'), 'mine'), '')
    const { code, output } = await program.run(['backup', 'full'])
    expect([code, output]).toEqual([1, `${folder('full')} is not empty: name a new folder\n`])
    expect(await readdir(folder('full'))).toEqual(['mine'])
  })

  it('cannot be restored while Custode runs', async () => {
    const { code, output } = await program.run(['restore', 'b1'])
    expect(output).toContain(`data is in use by process ${program.pid}`)
    expect(code).toBe(1)
  })

  it('cannot be restored when one byte was changed, or when the log does not know it', async () => {
    await inHouse(house => withdraw(house, customers[0]!.session))
    await program.end()
    const { code } = await program.run(['backup', 'b2'])
    expect(code).toBe(0)
    const path = join(folder('b2'), 'employee.copy')
    const bytes = await readFile(path)
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(path, bytes)
    expect((await program.run(['restore', 'b2'])).output).toContain('is not as it was written')
    const manifest = join(folder('b2'), 'manifest.json')
    const text = await readFile(manifest, 'utf8')
    const told = JSON.parse(text) as { tables: { name: string; sha256: string }[] }
    for (const table of told.tables)
      if (table.name === 'employee') table.sha256 = createHash('sha256').update(bytes).digest('hex')
    await writeFile(manifest, JSON.stringify(told))
    const forged = await program.run(['restore', 'b2'])
    expect(forged.output).toContain('the log knows no such backup')
    expect(forged.code).toBe(1)
  })
})

describe('custode restore', () => {
  it('brings back everybody but who has left, and keeps the database of before until it is dropped', async () => {
    const { code, output } = await program.run(['restore', 'b1'])
    expect(output).toContain('is in use')
    expect(output).toMatch(/kept: the database of before, as custode_before_restore_\d{14}/)
    expect(code).toBe(0)
    expect(await program.start()).toBe(true)
    expect(program.output).not.toContain('older than the log')
    expect(await countOf('customer')).toBe(11)
    expect(await countOf('session where ended_at is null')).toBe(0)
    const kept = /custode_before_restore_\d{14}/.exec(output)![0]
    for (const role of ['custode_server', 'custode_owner'] as const)
      await expect(
        new Database(await runningAccess(folder('data'), role, kept)).query('select 1'),
      ).rejects.toMatchObject({ code: '42501' })
    await program.end()
    expect((await program.run(['restore', '--discard'])).output).toBe(`dropped ${kept}\n`)
  })

  it('leaves the one database or the other in use, whole, whatever step is cut off', async () => {
    // The steps between take as long again: `npm run test:full` cuts at each.
    const between = everyStep ? ['replaying the log: values', 'putting it in use'] : []
    const steps = ['loading the backup', ...between, 'dropping the old']
    const found: string[] = []
    expect(await program.start(), program.output).toBe(true)
    for (const [at, step] of steps.entries()) {
      // Somebody of whom the backup knows nothing, so that the two databases can be told apart.
      const email = `later.${at}@example.org`
      await inHouse(house => joinCustomer(house, { ...ana, phone: null, email }))
      const before = await state()
      await program.end()
      const { output } = await program.run(['restore', 'b1', '--discard'], (said, child) => {
        if (said.includes(step)) child.kill('SIGKILL')
      })
      expect(output).toContain(step)
      expect(await program.start(), `${step}\n${program.output}`).toBe(true)
      expect(program.output).not.toContain('older than the log')
      const after = await state()
      expect([before, restored]).toContainEqual(after)
      found.push(after.customers === restored.customers ? 'restored' : 'before')
    }
    await program.end()
    expect(found).toContain('before')
    expect(found).toContain('restored')
    const again = await program.run(['restore', 'b1', '--discard'])
    expect(again.output).toContain('is in use')
    expect(await program.start()).toBe(true)
    expect(await state()).toEqual(restored)
    const left = await ask<{ name: string }>('postgres', 'select datname as name from pg_database')
    expect(left.map(row => row.name).filter(name => name.includes('restoring'))).toEqual([])
    await program.end()
  }, 300_000)
})

const restored = { customers: 11, sessions: 0 }
const state = async () => ({
  customers: await countOf('customer'),
  sessions: await countOf('session where ended_at is null'),
})
