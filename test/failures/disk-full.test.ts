import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KeeperRefusal } from '../../src/keeper/client.ts'
import { verifyLog } from '../../src/keeper/verify.ts'
import { type KeeperProcess, startKeeper } from '../keeper.ts'
import { type SealedPerson, sealPerson, takeGrant, trailOf } from '../sealed-person.ts'

/** Files of the keeper may take so many KiB: the log's segment is the first that needs more. */
const mostKib = 64
// What a full disk answers a write with is EFBIG here, and ENOSPC there: the keeper is told of a write that failed.
const full = ['sh', '-c', `trap "" XFSZ; ulimit -f ${mostKib * 2}; exec "$@"`, 'sh']

type Taken = Awaited<ReturnType<typeof takeGrant>>

/** Reads until the keeper refuses; answers how often it gave the value, and the refusal. */
async function readOn(keeper: KeeperProcess, ana: SealedPerson, grant: Taken) {
  for (let answered = 0; ; answered++) {
    try {
      const [opened] = await keeper.client.open({ ...grant, fields: ['email'], items: [ana.box] })
      expect(opened?.values.email).toBeDefined()
    } catch (error) {
      return { answered, refusal: error as KeeperRefusal }
    }
  }
}

test('a keeper whose disk is full gives no value without its entry, loses none, and goes on when there is room', async () => {
  const keeper = await startKeeper({ under: full })
  const ana = await sealPerson(keeper.client)
  const grant = await takeGrant(keeper.client, [ana], { fields: ['email'], most: 10_000 })
  const { answered, refusal } = await readOn(keeper, ana, grant)
  expect(answered).toBeGreaterThan(20)
  expect(refusal).toBeInstanceOf(KeeperRefusal)
  expect(refusal.code).toBe('unavailable')
  // It halts: from there on nobody gets anything, neither on this connection nor on another.
  expect(await keeper.ended).not.toBe(0)
  expect(keeper.said()).toMatch(/the log could not be written|EFBIG|ENOSPC/)

  const again = await keeper.restart({ under: [] })
  const readings = (await trailOf(again.client, ana)).filter(entry => entry.kind === 'reading')
  // Every value that was given has its entry; the one that was refused may have one too, and nothing else.
  const mine = readings.filter(entry => JSON.stringify(entry.fields) === '["email"]')
  expect(mine.length).toBeGreaterThanOrEqual(answered)
  expect(mine.length).toBeLessThanOrEqual(answered + 1)
  expect((await readOnce(again, ana, grant)).email).toBeDefined()
  expect(await verifyLog(join(again.folder, 'log'))).toMatchObject({ ok: true })
  await again.stop()
})

async function readOnce(keeper: KeeperProcess, ana: SealedPerson, grant: Taken) {
  const [opened] = await keeper.client.open({ ...grant, fields: ['email'], items: [ana.box] })
  return opened!.values
}

test('a keeper that starts on a full disk says what is wrong, and starts once there is room', async () => {
  const keeper = await startKeeper({ under: full })
  const ana = await sealPerson(keeper.client)
  await readOn(keeper, ana, await takeGrant(keeper.client, [ana], { fields: ['email'], most: 10_000 }))
  await keeper.ended
  const started = await keeper.restart({ under: full }).then(
    async still => {
      const grant = await takeGrant(still.client, [ana], { fields: ['email'] }).catch(error => error)
      const refused = grant instanceof KeeperRefusal ? grant : (await readOn(still, ana, grant)).refusal
      return refused.code
    },
    () => 'unavailable',
  )
  expect(started).toBe('unavailable')
  const again = await keeper.restart({ under: [] })
  expect((await again.client.status()).size).toBeGreaterThan(20)
  await again.stop()
})
