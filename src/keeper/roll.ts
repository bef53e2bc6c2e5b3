import { randomBytes } from 'node:crypto'
import { setImmediate as letOthersCome } from 'node:timers/promises'
import { type Book, type BookFiles, newBookKey } from './book-files.ts'
import { type Custodian, Unreachable } from './custodian.ts'
import { reach } from './failpoint.ts'
import type { Keybook } from './keybook.ts'
import { isSameSlot, pageOf, slotIn, slotLength, slotsPerPage } from './page.ts'
import { KeeperRefusal } from './refusal.ts'
import type { CustodianEvidence } from './requests.ts'

/** Raised when the keybook is between two epochs and only a new start can tell which one counts. */
export class Halt extends Error {
  override readonly name = 'Halt'
}

/** The keybook is the new one, but somebody could not be made to forget the old one yet: to be finished later. */
export class CutOff extends Error {
  override readonly name = 'CutOff'
}

const stopped = (why: string) => new KeeperRefusal('unavailable', { why: `the roll stopped: ${why}` })

/**
 * Replaces exactly these slots and destroys the epoch that could still open them (DESIGN 4.1). The intent must be
 * durable in the log before, and the caller holds the keybook's turn. Refuses with `unavailable`, having undone
 * everything, when anything fails before the first destruction; after it throws `CutOff` when a custodian fails, and
 * `Halt` for anything else.
 * Never touches a slot that is not named, free ones included: somebody may just be taking it.
 */
export async function roll(keybook: Keybook, slots: number[]): Promise<CustodianEvidence[]> {
  const old = keybook.book
  const touched = Map.groupBy(slots, pageOf)
  let next: Book
  try {
    next = await prepare(keybook, old, touched)
    await readBack(keybook, old, next.epoch, slots)
    for (const { files } of keybook.places)
      await readBack(keybook, old, next.epoch, slots, { files, custodians: keybook.custodians })
  } catch (error) {
    await undo(keybook, old, error)
    if (error instanceof KeeperRefusal) throw error.code === 'unavailable' ? error : stopped(error.message)
    throw stopped(error instanceof Unreachable ? error.message : 'the new keybook could not be written')
  }
  reach('roll.verified')
  try {
    keybook.replace(next, touched.keys(), slots)
    return await settle(keybook, 'roll')
  } catch (error) {
    if (error instanceof Unreachable || error instanceof KeeperRefusal) throw new CutOff(error.message)
    throw new Halt('a roll failed after its first destruction', { cause: error })
  }
}

/** Epoch e+1 at every custodian, the touched pages under new keys, the new directory. */
async function prepare(keybook: Keybook, old: Book, touched: Map<number, number[]>): Promise<Book> {
  keybook.requireInStep()
  const epoch = old.epoch + 1
  for (const custodian of keybook.custodians) await custodian.createEpoch(epoch)
  reach('roll.epoch-created')
  const pages = [...old.pages]
  const rewritten: Parameters<Keybook['writePages']>[0] = []
  for (const [number, erased] of touched) {
    const generation = (old.pages[number]?.generation ?? 0) + 1
    const key = randomBytes(32)
    const fresh = Buffer.from(await keybook.page(number))
    for (const slot of erased) slotIn(fresh, slot).set(randomBytes(slotLength))
    pages[number] = { key, generation }
    rewritten.push({ name: { organisation: old.organisation, number, generation }, key, slots: fresh })
  }
  await keybook.writePages(rewritten)
  for (const page of rewritten) page.slots.fill(0)
  reach('roll.pages-written')
  const keys = await newBookKey(old.organisation, epoch, keybook.custodians, keybook.recoveries())
  const next = { organisation: old.organisation, epoch, pages, ...keys }
  await keybook.writeDirectory(next)
  reach('roll.directory-written')
  return next
}

/**
 * Reads the keybook of this epoch from one folder through each custodian and compares it with the old one: the erased
 * slots differ, all others are what they were. Refuses with `unavailable` when anything else is found.
 */
export async function readBack(
  keybook: Keybook,
  old: Book,
  epoch: number,
  slots: number[],
  { files, custodians }: { files: BookFiles; custodians: readonly Custodian[] } = keybook,
): Promise<void> {
  const erased = new Set(slots)
  const touched = new Set(slots.map(pageOf))
  for (const custodian of custodians) {
    const read = await files.readDirectory(epoch, custodian)
    if (read.pages.length !== old.pages.length) throw stopped('a custodian reads another directory')
    for (const [number, page] of read.pages.entries()) {
      if (touched.has(number)) {
        await comparePage(keybook, files, { old, read, number, erased })
        // Pages are read at once: readings must not wait for all of them.
        await letOthersCome()
      } else if (!page.key.equals(old.pages[number]!.key)) throw stopped(`page ${number} was not to change`)
    }
  }
}

async function comparePage(
  keybook: Keybook,
  files: BookFiles,
  { old, read, number, erased }: { old: Book; read: Book; number: number; erased: Set<number> },
): Promise<void> {
  const before = await keybook.files.readPage(old, number)
  const after = await files.readPage(read, number)
  for (let slot = number * slotsPerPage; slot < (number + 1) * slotsPerPage; slot++) {
    if (isSameSlot(before, after, slot) === erased.has(slot)) {
      throw stopped(`slot ${slot} is not as it must be`)
    }
  }
  before.fill(0)
  after.fill(0)
}

/** Removes every trace of the epoch after this book's. Throws `Halt` when it cannot. */
export async function undo(keybook: Keybook, old: Book, cause: unknown): Promise<void> {
  try {
    await keybook.files.removeDirectory(old.epoch + 1)
    await keybook.files.removeStrayPages(old)
    // Whoever cannot be reached now is brought in step before the next roll.
    for (const place of keybook.places) await place.change(files => files.removeOthers(old)).catch(() => {})
    // Without a directory the epoch's key opens nothing; the next start sweeps what a custodian cannot destroy now.
    for (const custodian of keybook.custodians) await custodian.destroy(old.epoch + 1).catch(() => null)
  } catch {
    throw new Halt('a roll could not be undone', { cause })
  }
}

/**
 * Destroys every epoch but the current one, requires of each custodian that no other can be used (the sweep), and
 * removes what those epochs sealed. Every place must be in step before. Idempotent: a start after a crash calls it as
 * well. Throws `Unreachable` for a custodian that does not answer, having asked all others.
 */
export async function settle(keybook: Keybook, during: 'roll' | 'start'): Promise<CustodianEvidence[]> {
  const evidence: CustodianEvidence[] = []
  let failure: unknown
  for (const custodian of keybook.custodians) {
    const destroyed = await destroyOthers(custodian, keybook.epoch).catch(error => {
      failure ??= error
      return []
    })
    evidence.push(...destroyed)
    reach(`${during}.custodian-destroyed`)
  }
  if (failure !== undefined) throw failure
  reach(`${during}.epoch-destroyed`)
  for (const custodian of keybook.custodians) await requireOnly(custodian, keybook.epoch)
  reach(`${during}.swept`)
  await keybook.files.removeOthers(keybook.book)
  for (const place of keybook.places)
    await place.change(files => files.removeOthers(keybook.book)).catch(() => {})
  reach(`${during}.settled`)
  return evidence
}

async function destroyOthers(custodian: Custodian, current: number): Promise<CustodianEvidence[]> {
  const evidence: CustodianEvidence[] = []
  for (const epoch of await custodian.list()) {
    if (epoch === current) continue
    const destroyed = await custodian.destroy(epoch)
    evidence.push({ id: custodian.id, kind: custodian.kind, ...destroyed })
  }
  return evidence
}

async function requireOnly(custodian: Custodian, current: number): Promise<void> {
  const usable = await custodian.list()
  if (usable.length !== 1 || usable[0] !== current) {
    throw stopped(`custodian ${custodian.id} can still use an epoch other than ${current}`)
  }
}
