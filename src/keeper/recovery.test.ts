import { spawn } from 'node:child_process'
import { generateKeyPairSync, hash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPeople, takeGrant } from '../../test/sealed-person.ts'
import { keeperArguments } from './client.ts'
import { x25519PublicBytes } from './hpke.ts'

// Each of these starts the keeper several times.
const slow = { timeout: 90_000 }
const day = 24 * 3_600_000

let keeper: KeeperProcess

beforeEach(async () => {
  keeper = await startKeeper()
})

afterEach(() => keeper.kill())

function newSecret() {
  const { privateKey } = generateKeyPairSync('x25519')
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('hex')
  const key = x25519PublicBytes(privateKey)
  return { id: hash('sha256', key).slice(0, 16), secret, key: key.toString('base64') }
}

/** Runs the keeper for one act; what it said on its error stream and with which code it ended. */
async function runKeeper(
  folder: string,
  args: string[],
  stdin = '',
): Promise<{ code: number; said: string }> {
  const sockets = await mkdtemp(join(tmpdir(), 'sock-'))
  onTestFinished(() => rm(sockets, { recursive: true }))
  const command = [...keeperArguments({ folder, socket: join(sockets, 'keeper') }), ...args]
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  child.stdin.end(stdin)
  return new Promise(resolve => child.on('close', code => resolve({ code: code ?? -1, said })))
}

async function addRecovery(until = Date.now() + 30 * day) {
  const { secret, ...recovery } = newSecret()
  await keeper.stop()
  const request = JSON.stringify({ ...recovery, until, shares: 5, threshold: 3 })
  const { code, said } = await runKeeper(keeper.folder, ['--recovery-add', request])
  expect({ code, said }).toEqual({ code: 0, said: '' })
  keeper = await keeper.restart()
  return { id: recovery.id, secret, until }
}

async function requireOpen(person: SealedPerson): Promise<void> {
  const grant = await takeGrant(keeper.client, [person])
  await keeper.client.open({ ...grant, fields: ['email'], items: [person.box] })
}

const shred = (person: SealedPerson) =>
  keeper.client.shred({
    ...{ act: randomUUID(), subject: { trailSlot: person.trail, alias: person.alias } },
    ...{ actor: 'customer', slots: [person.contact], reason: 'withdrawal' },
  })

test('when every custodian is lost, the recovery secret opens the keybook for a new one', slow, async () => {
  const [ana, bea] = await sealPeople(keeper.client, 2)
  const recovery = await addRecovery()
  await shred(ana!)
  await keeper.client.roll()
  await keeper.client.lease(20_000)
  await keeper.stop()
  await rm(join(keeper.folder, 'custodian'), { recursive: true })
  await expect(startKeeper({ folder: keeper.folder })).rejects.toThrow('no custodian opens the keybook')
  const wrong = await runKeeper(keeper.folder, ['--recovery-open'], newSecret().secret)
  expect(wrong).toMatchObject({ code: 1, said: expect.stringContaining('no custodian opens the keybook') })
  const right = await runKeeper(keeper.folder, ['--recovery-open'], recovery.secret)
  // The custodian that was lost is not known to be destroyed.
  expect(right).toMatchObject({ code: 0, said: expect.stringContaining('the custodian file was left out') })
  keeper = await startKeeper({ folder: keeper.folder })
  await requireOpen(bea!)
  await expect(requireOpen(ana!)).rejects.toMatchObject({ code: 'erased' })
  expect(await readdir(join(keeper.folder, 'custodian'))).toContain('epoch-2')
})

test(
  'an erasure names the recovery copies that end later, and with their end those that ended, as their shares may be there still',
  slow,
  async () => {
    const [ana, bea] = await sealPeople(keeper.client, 2)
    const soon = await addRecovery(Date.now() + 10_000)
    const later = await addRecovery()
    await shred(ana!)
    const { custodians } = await keeper.client.roll()
    const copies = custodians.filter(one => one.kind === 'recovery')
    expect(copies).toEqual(
      expect.arrayContaining([
        {
          ...{
            id: `recovery/${later.id}`,
            kind: 'recovery',
            state: 'scheduled',
            method: 'shares-expire-then',
          },
          at: new Date(later.until).toISOString(),
        },
      ]),
    )
    await expect.poll(() => Date.now() > soon.until, { timeout: 20_000 }).toBe(true)
    await shred(bea!)
    const next = await keeper.client.roll()
    const named = next.custodians.filter(one => one.kind === 'recovery')
    expect(named.map(({ id, at, method }) => [id, at, method])).toEqual([
      [`recovery/${soon.id}`, new Date(soon.until).toISOString(), 'shares-were-to-be-destroyed-then'],
      [`recovery/${later.id}`, new Date(later.until).toISOString(), 'shares-expire-then'],
    ])
    expect((await keeper.client.status()).recoveries).toEqual(
      [soon, later].map(({ id, until }) => ({ id, until: new Date(until).toISOString() })),
    )
  },
)

test('a recovery without an end, or with a key that is none, is not registered', slow, async () => {
  await keeper.stop()
  const { secret: _, ...recovery } = newSecret()
  const good = { ...recovery, until: Date.now() + day, shares: 5, threshold: 3 }
  const bad = [
    { ...good, until: Date.now() - 1 },
    { ...good, until: Date.now() + 800 * day },
    { ...good, key: 'AAAA' },
    { ...good, shares: 2 },
    { ...good, threshold: 1 },
    {},
  ]
  for (const one of bad) {
    const { code, said } = await runKeeper(keeper.folder, ['--recovery-add', JSON.stringify(one)])
    expect(code).toBe(1)
    expect(said.trim().split('\n')).toHaveLength(1)
  }
  keeper = await keeper.restart()
})
