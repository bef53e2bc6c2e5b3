import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { BookFiles } from '../../src/keeper/book-files.ts'
import { FileCustodian } from '../../src/keeper/file-custodian.ts'
import { pageOf, slotIn } from '../../src/keeper/page.ts'
import { copyKeeper, startKeeper } from '../keeper.ts'
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

const portion = 1024 * 1024

/** Whether each of these stands in the writable memory of a process, as a debugger of the same user reads it. */
async function findInMemory(pid: number, keys: Buffer[]): Promise<boolean[]> {
  const found = keys.map(() => false)
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  const bytes = Buffer.alloc(portion + 31)
  for (const line of (await readFile(`/proc/${pid}/maps`, 'utf8')).split('\n')) {
    const [range = '', rights = ''] = line.split(' ')
    if (!rights.startsWith('rw')) continue
    const [from = 0, to = 0] = range.split('-').map(hex => Number.parseInt(hex, 16))
    for (let at = from; at < to; at += portion) {
      const length = readAt(memory, bytes, at, Math.min(bytes.length, to - at))
      keys.forEach((key, number) => {
        found[number] ||= bytes.subarray(0, length).includes(key)
      })
    }
  }
  closeSync(memory)
  return found
}

/** Pages that the system does not show, or that were given back meanwhile, count as empty. */
function readAt(memory: number, bytes: Buffer, at: number, length: number): number {
  try {
    return readSync(memory, bytes, 0, length, at)
  } catch {
    return 0
  }
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
  await expect
    .poll(
      async () => {
        for (let times = 0; times < 400; times++) await read(bea)
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
