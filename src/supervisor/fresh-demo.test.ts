import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Program } from '../../test/program.ts'
import { socketFolder } from '../core/embedded-database.ts'
import { company, openSampleCompany } from './demo-company.ts'
import { runningAccess } from './embedded.ts'
import { withHouse } from './restored-database.ts'

// A demo and a real company keep apart, whichever folders somebody has put them in.

const folderOf = (program: Program, name: 'data' | 'keeper') => join(program.folder, 'custode-demo', name)

/** The same folders, opened as those of a real company. */
const asReal = (program: Program): Program =>
  program.with({
    CUSTODE_DATA: folderOf(program, 'data'),
    CUSTODE_KEEPER: folderOf(program, 'keeper'),
  })

/** Ends it too where it was let in, so that nothing runs on. */
async function refusalOf(program: Program, ...args: string[]): Promise<string> {
  const isUp = await program.start(...args)
  await program.end()
  return isUp ? 'it was let in' : program.output
}

const shownBy = async (program: Program) => (await fetch(`${program.url}/api/v1/company`)).json()
const logKeyIn = (program: Program) => readFile(join(folderOf(program, 'keeper'), 'log', 'vkey'), 'utf8')

let demo: Program
beforeAll(async () => {
  demo = await Program.make()
  expect(await demo.start('--demo'), demo.output).toBe(true)
  await demo.end()
}, 120_000)
afterAll(() => demo.remove())

describe('a real company that was put where the demo lies', () => {
  let real: Program
  beforeAll(async () => {
    real = asReal(await Program.make())
    expect(await real.start(), real.output).toBe(true)
    const data = folderOf(real, 'data')
    const access = await runningAccess(data, 'custode_server')
    await withHouse(access, join(socketFolder(data), 'keeper', 'keeper.sock'), openSampleCompany)
    await real.end()
  }, 120_000)
  afterAll(() => real.remove())

  const requireWhole = async () => {
    expect(await real.start(), real.output).toBe(true)
    expect(await shownBy(real)).toMatchObject({ open: true, demo: false, name: company })
    await real.end()
  }

  it('is not opened with --demo', async () => {
    expect(await refusalOf(real, '--demo')).toBe(
      'this data folder holds a real company: the demo refuses to open it\n',
    )
    await requireWhole()
  }, 60_000)

  it('is not thrown away with --demo --fresh', async () => {
    expect(await refusalOf(real, '--demo', '--fresh')).toBe(
      `${folderOf(real, 'data')} holds a real company, and --fresh throws nothing away but a demo: move it elsewhere first\n`,
    )
    await requireWhole()
  }, 60_000)

  it('keeps its keys, also where its database is elsewhere or a demo’s lies in its place', async () => {
    const [data, aside] = [folderOf(real, 'data'), join(real.folder, 'aside')]
    const refusal = `${folderOf(real, 'keeper')} holds keys that are not of this demo, and --fresh throws nothing away but a demo: move them elsewhere first\n`
    await rename(data, aside)
    expect(await refusalOf(real, '--demo', '--fresh')).toBe(refusal)

    await rm(data, { recursive: true })
    await rename(folderOf(demo, 'data'), data)
    expect(await refusalOf(real, '--demo', '--fresh')).toBe(refusal)

    await rename(data, folderOf(demo, 'data'))
    await rename(aside, data)
    await requireWhole()
  }, 120_000)
})

describe('a demo', () => {
  it('is not taken for a real company without --demo', async () => {
    const real = asReal(demo)
    expect(await refusalOf(real)).toBe(
      'this data folder holds the demo: start it with --demo, or set CUSTODE_DATA to another folder\n',
    )
  }, 60_000)

  it('is not thrown away while anything lies beside it that is not its own', async () => {
    for (const name of ['data', 'keeper'] as const) {
      const notes = join(folderOf(demo, name), 'notes.txt')
      await writeFile(notes, 'mine')
      expect(await refusalOf(demo, '--demo', '--fresh')).toBe(
        `${notes} is not the demo’s, and --fresh throws nothing away but a demo: move it elsewhere first\n`,
      )
      expect(await readFile(notes, 'utf8')).toBe('mine')
      await rm(notes)
    }
  }, 60_000)

  it('is not thrown away when its database cannot be looked into', async () => {
    const version = join(folderOf(demo, 'data'), 'db', 'PG_VERSION')
    await rename(version, `${version}.away`)
    expect(await refusalOf(demo, '--demo', '--fresh')).toBe(
      `${folderOf(demo, 'data')} cannot be looked into, and --fresh throws nothing away but a demo: if it is one, remove the folder by hand\n`,
    )
    expect(existsSync(`${version}.away`)).toBe(true)
    await rename(`${version}.away`, version)
  }, 60_000)

  it('is thrown away by --fresh, which makes it anew under other keys', async () => {
    const before = await logKeyIn(demo)
    expect(await demo.start('--demo', '--fresh'), demo.output).toBe(true)
    expect(await shownBy(demo)).toMatchObject({ open: true, demo: true })
    expect(await logKeyIn(demo)).not.toBe(before)
    await demo.end()
  }, 120_000)
})
