import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { CustodianProcess } from '../custodian.ts'
import { FakeKms } from '../fakes/kms.ts'
import { FakeVault } from '../fakes/vault.ts'
import { type KeeperProcess, startKeeper } from '../keeper.ts'
import { type SealedPerson, sealPeople, takeGrant } from '../sealed-person.ts'
import { makeSoftHsm } from '../softhsm.ts'

// A company with a custodian of every kind, of which one after the other is lost, or is the only one left.

const slow = { timeout: 120_000 }
const kinds = ['file', 'pkcs11', 'vault-transit', 'aws-kms'] as const
type Kind = (typeof kinds)[number]

const processes = new Map<Kind, CustodianProcess>()
const after: (() => unknown)[] = []
let keeper: KeeperProcess
let people: SealedPerson[]
let leaver: SealedPerson
/** Why there is no token here, if there is none. */
let noToken: string | null = null

beforeAll(async () => {
  const vault = await FakeVault.start()
  const kms = await FakeKms.start()
  const token = await makeSoftHsm()
  vault.makeKey('custode')
  after.push(
    () => vault.end(),
    () => kms.end(),
  )
  const environments: [Kind, Record<string, string>][] = [
    ['vault-transit', await vault.environment()],
    ['aws-kms', kms.environment],
  ]
  if ('reason' in token) noToken = token.reason
  else {
    environments.push(['pkcs11', token.environment])
    after.push(() => token.remove())
  }
  for (const [kind, environment] of environments) processes.set(kind, new CustodianProcess(kind, environment))
  keeper = await startKeeper()
  await keeper.stop()
  await startWithAll()
  const [first, ...rest] = await sealPeople(keeper.client, 4)
  leaver = first!
  people = rest
  await keeper.client.shred({
    ...{ act: randomUUID(), actor: 'customer', slots: [leaver.contact], reason: 'withdrawal' },
    subject: { trailSlot: leaver.trail, alias: leaver.alias },
  })
  // What all of them hold now is not the epoch that the company began with.
  await keeper.client.roll()
}, 120_000)

afterEach(() => startWithAll(), 60_000)

afterAll(async () => {
  await keeper.kill()
  for (const process of processes.values()) await process.end()
  for (const end of after) await end()
})

async function startWithAll(): Promise<void> {
  await keeper.kill()
  for (const process of processes.values()) {
    await process.end()
    if (!(await process.start())) throw new Error(process.said)
  }
  keeper = await startKeeper({ folder: keeper.folder, custodians: words() })
}

const words = () => [
  `file:${join(keeper.folder, 'custodian')}`,
  ...[...processes].map(([kind, { socket }]) => `${kind}@${socket}`),
]

/** The company starts again, all custodians in its settings, after these were lost. */
async function startWithout(lost: readonly Kind[]): Promise<void> {
  await keeper.kill()
  if (lost.includes('file')) await rm(join(keeper.folder, 'custodian'), { recursive: true })
  for (const kind of lost) await processes.get(kind)?.end('SIGKILL')
  keeper = await startKeeper({ folder: keeper.folder, custodians: words() })
  // A folder that is gone is made anew and given the key; what does not answer is named.
  const silent = lost.filter(kind => processes.has(kind)).map(kind => `custodian/${kind}`)
  expect([...(await keeper.client.status()).unreached].sort()).toEqual(silent.sort())
}

/** Everybody can be read but whoever was erased. */
async function requireEverything(): Promise<void> {
  const grant = await takeGrant(keeper.client, people, { actorSlot: people[0]!.trail })
  const items = people.map(person => person.box)
  expect(await keeper.client.open({ ...grant, fields: ['email'], items })).toHaveLength(people.length)
  const hers = await takeGrant(keeper.client, [leaver])
  const opened = keeper.client.open({ ...hers, fields: ['email'], items: [leaver.box] })
  await expect(opened).rejects.toMatchObject({ code: 'erased' })
}

it.for(kinds)('when the custodian %s is lost, the others open everything', slow, async (kind, context) => {
  if (kind === 'pkcs11' && noToken !== null) return context.skip(noToken)
  await startWithout([kind])
  await requireEverything()
})

it.for(kinds)('when %s is the only custodian left, it opens everything', slow, async (kind, context) => {
  if (kind === 'pkcs11' && noToken !== null) return context.skip(noToken)
  await startWithout(kinds.filter(other => other !== kind))
  await requireEverything()
})

it('when every custodian is lost, nothing is opened', slow, async () => {
  await keeper.kill()
  const { folder } = keeper
  await Promise.all([...processes.values()].map(process => process.end('SIGKILL')))
  const nobody = startKeeper({ folder, custodians: words().slice(1) })
  await expect(nobody).rejects.toThrow(/custodian/)
})
