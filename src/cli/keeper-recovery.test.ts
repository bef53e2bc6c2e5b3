import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CustodianProcess } from '../../test/custodian.ts'
import { FakeVault } from '../../test/fakes/vault.ts'
import { startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPerson, takeGrant } from '../../test/sealed-person.ts'

// Each of these starts the keeper several times.
const slow = { timeout: 120_000 }

let root: string
let settings: Record<string, string>
let ana: SealedPerson

const site = () => ({
  folder: join(root, 'keeper'),
  places: [join(root, 'place')],
  custodians: [`file:${join(root, 'keys')}`],
})

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'recovery-'))
  settings = {
    CUSTODE_DATA: join(root, 'data'),
    CUSTODE_KEEPER: join(root, 'keeper'),
    CUSTODE_PLACES: join(root, 'place'),
    CUSTODE_CUSTODIANS: `file:${join(root, 'keys')}`,
  }
  const keeper = await startKeeper(site())
  ana = await sealPerson(keeper.client)
  await keeper.stop()
})

afterEach(() => rm(root, { recursive: true }))

const main = join(import.meta.dirname, '../main.ts')

/** `custode keeper …` as an operator types it. */
const keeperCommand = (...args: string[]): Promise<{ code: number; said: string }> =>
  promisify(execFile)(process.execPath, [main, 'keeper', ...args], {
    env: { PATH: process.env.PATH, ...settings },
  })
    .then(({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }))
    .catch(({ code, stdout, stderr }) => ({ code, said: stdout + stderr }))

async function requireOpen(custodians = site().custodians): Promise<void> {
  const keeper = await startKeeper({ ...site(), custodians })
  try {
    const grant = await takeGrant(keeper.client, [ana])
    await keeper.client.open({ ...grant, fields: ['email'], items: [ana.box] })
  } finally {
    await keeper.stop()
  }
}

test(
  'with every disk but one place lost, and every custodian, shares bring everything back',
  slow,
  async () => {
    const folder = join(root, 'shares')
    const made = await keeperCommand('recovery', 'create', folder)
    expect(made).toMatchObject({
      code: 0,
      said: expect.stringContaining('any 3 of these 5 open the keybook'),
    })
    const shares = (await readdir(folder)).sort().map(name => join(folder, name))
    expect(shares).toHaveLength(5)
    expect(await readFile(shares[0]!, 'utf8')).toContain('1 of 5')
    for (const lost of ['keeper', 'keys']) await rm(join(root, lost), { recursive: true })
    const refused = await keeperCommand('recover', join(root, 'place'))
    expect(refused).toMatchObject({
      code: 1,
      said: expect.stringContaining('no custodian opens the keybook'),
    })
    expect(await readdir(join(root, 'keeper'))).not.toContain('book')
    const together = await keeperCommand('recover', join(root, 'place'), ...shares.slice(2))
    expect(together).toMatchObject({ code: 0 })
    await requireOpen()
  },
)

test('shares open the keybook for a custodian that is a process, and knows its keeper', slow, async () => {
  const folder = join(root, 'shares')
  await keeperCommand('recovery', 'create', folder)
  const shares = (await readdir(folder)).sort().map(name => join(folder, name))
  await rm(join(root, 'keys'), { recursive: true })
  const vault = await FakeVault.start()
  vault.makeKey('custode')
  const environment = await vault.environment()
  settings = { ...settings, CUSTODE_CUSTODIANS: 'vault-transit', ...environment }
  expect(await keeperCommand('recovery', 'restore', ...shares.slice(0, 3))).toMatchObject({ code: 0 })
  const custodian = new CustodianProcess('vault-transit', environment)
  await custodian.start()
  await requireOpen([`vault-transit@${custodian.socket}`])
  await custodian.end()
  await vault.end()
})

test(
  'a place that holds all begins the keeper’s folder anew, while the custodian is there',
  slow,
  async () => {
    await rm(join(root, 'keeper'), { recursive: true })
    expect(await keeperCommand('recover', join(root, 'place'))).toMatchObject({ code: 0 })
    await requireOpen()
    const again = await keeperCommand('recover', join(root, 'place'))
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining('still holds book and log') })
  },
)

test('a place that is behind is refused, and nothing of it stays', slow, async () => {
  const keeper = await startKeeper({ ...site(), places: [] })
  await sealPerson(keeper.client)
  await keeper.stop()
  await rm(join(root, 'keeper'), { recursive: true })
  const behind = await keeperCommand('recover', join(root, 'place'))
  expect(behind).toMatchObject({
    code: 1,
    said: expect.stringMatching(/the log ends here, but .+ knows \d+ entries/),
  })
  expect((await readdir(join(root, 'keeper'))).filter(name => name !== 'lock')).toEqual([])
})

test(
  'too few shares, another’s share and a mistyped one open nothing, each with its reason',
  slow,
  async () => {
    const mine = join(root, 'shares')
    const others = join(root, 'others')
    await keeperCommand('recovery', 'create', mine, '--shares', '3', '--threshold', '2')
    await keeperCommand('recovery', 'create', others, '--shares', '3', '--threshold', '2', '--days', '7')
    const [first, second] = (await readdir(mine)).sort().map(name => join(mine, name))
    const [foreign] = (await readdir(others)).sort().map(name => join(others, name))
    await rm(join(root, 'keys'), { recursive: true })
    const typed = join(root, 'typed.txt')
    const text = await readFile(second!, 'utf8')
    await writeFile(typed, text.replace(/([A-Z0-9]{4})\n$/, 'ZZZZ\n'))
    for (const shares of [
      [first!],
      [first!, first!],
      [first!, foreign!],
      [first!, typed],
      [first!, '/nowhere'],
    ]) {
      const { code, said } = await keeperCommand('recovery', 'restore', ...shares)
      expect(code).not.toBe(0)
      expect(said.trim().split('\n')).toHaveLength(1)
    }
    expect(await keeperCommand('recovery', 'restore', first!, second!)).toMatchObject({ code: 0 })
    await requireOpen()
  },
)

test(
  'a recovery is refused for numbers that make no sense, into a folder that is not empty, and twice over',
  slow,
  async () => {
    const folder = join(root, 'shares')
    for (const options of [
      ['--shares', '1'],
      ['--threshold', '9'],
      ['--days', '0'],
      ['--days', '400'],
      ['--shares', 'many'],
    ]) {
      const { code, said } = await keeperCommand('recovery', 'create', folder, ...options)
      expect(code).not.toBe(0)
      expect(said.trim().split('\n')).toHaveLength(1)
    }
    expect(await keeperCommand('recovery', 'create', root)).toMatchObject({
      ...{ code: 1, said: expect.stringContaining('is not empty') },
    })
  },
)
