import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { BookFiles } from '../../src/keeper/book-files.ts'
import { FileCustodian } from '../../src/keeper/file-custodian.ts'
import { pageOf, slotIn } from '../../src/keeper/page.ts'
import { copyKeeper, startKeeper } from '../keeper.ts'
import { findInMemory } from '../process-memory.ts'
import { type SealedPerson, sealPeople, takeGrant } from '../sealed-person.ts'

// Whoever reads the keeper's memory reads what is erased later: nothing prevents that. This is about what is erased
// before. Node cannot wipe memory that it has given back to itself, so right after a roll copies of the key may stand
// there until the work goes on; of how many, and of how long, only so much can be promised.

/** The keys of these slots, read from a copy of the folder as a thief of the whole would. */
async function keysOf(folder: string, slots: number[]): Promise<Buffer[]> {
  const copy = await copyKeeper(folder)
  const custodian = await FileCustodian.open(join(copy, 'custodian'), Date.now)
  const files = await BookFiles.open(join(copy, 'book'))
  const [epoch = 0] = await files.epochs()
  const book = await files.readDirectory(epoch, custodian)
  const read = async (slot: number) => Buffer.from(slotIn(await files.readPage(book, pageOf(slot)), slot))
  return Promise.all(slots.map(read))
}

it('a keeper that has rolled forgets the erased key, in its memory too, as it works on', {
  timeout: 240_000,
}, async context => {
  if (!existsSync('/proc/self/mem')) return context.skip('no memory of other processes to read here (Linux)')
  let keeper = await startKeeper()
  onTestFinished(() => keeper.kill())
  const [ana, bea] = (await sealPeople(keeper.client, 2)) as [SealedPerson, SealedPerson]
  const read = async (who: SealedPerson) => {
    const grant = await takeGrant(keeper.client, [who])
    await keeper.client.open({ ...grant, fields: ['email'], items: [who.box] })
  }
  await read(ana)
  await read(bea)
  const keys = await keysOf(keeper.folder, [ana.contact, bea.contact])
  expect(await findInMemory(keeper.pid, keys)).toEqual([true, true])
  await keeper.client.shred({
    ...{ act: randomUUID(), actor: 'customer', slots: [ana.contact], reason: 'withdrawal' },
    subject: { trailSlot: ana.trail, alias: ana.alias },
  })
  await keeper.client.roll()
  // One grant for all of them: what is to be seen is how memory is used again, not what a budget allows.
  const work = await takeGrant(keeper.client, [bea], { kind: 'job', most: 1_000_000 })
  const reading = { ...work, fields: ['email'], items: [bea.box] }
  await expect
    .poll(
      async () => {
        for (let times = 0; times < 40; times++)
          await Promise.all(Array.from({ length: 50 }, () => keeper.client.open(reading)))
        return findInMemory(keeper.pid, keys)
      },
      { timeout: 180_000 },
    )
    .toEqual([false, true])
  // What a new process cannot have is gone for certain, when the old one's memory is.
  keeper = await keeper.restart()
  await read(bea)
  expect(await findInMemory(keeper.pid, keys)).toEqual([false, true])
})
