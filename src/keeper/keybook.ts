import { type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import type { Book, BookFiles } from './book-files.ts'
import { keyOf } from './cipher.ts'
import type { Custodian } from './custodian.ts'
import { reach } from './failpoint.ts'
import { newSlots, pageOf, slotIn, slotsPerPage } from './page.ts'
import { Recent } from './recent.ts'
import { KeeperRefusal } from './refusal.ts'
import { firstIssued } from './reserved.ts'
import { Turn } from './turn.ts'

/** Free slots that are always ready, in pages: 4,096 slots. */
const headroom = 16
/** Pages held open in memory (8 KiB each) and keys made from them. */
const mostPages = 4096
const mostKeys = 65_536

const nothing = (why: string) => new KeeperRefusal('unavailable', { why })

/**
 * The slots. Knows nothing of whom a slot belongs to, which numbers were issued or which were shredded: that is in
 * the log. Whoever changes the files takes `turn`.
 */
export class Keybook {
  readonly files: BookFiles
  readonly custodians: Custodian[]
  readonly turn = new Turn()
  #book: Book
  readonly #pages = new Recent<number, Buffer>(mostPages)
  readonly #keys = new Recent<number, KeyObject>(mostKeys)
  /** The organisation's own keys never make room for others. */
  readonly #reserved = new Map<number, KeyObject>()

  private constructor(files: BookFiles, custodians: Custodian[], book: Book) {
    this.files = files
    this.custodians = custodians
    this.#book = book
  }

  /** Makes a keybook where none was: a random organisation, epoch 1, the reserved page and the first free ones. */
  static async create(files: BookFiles, custodians: Custodian[]): Promise<Keybook> {
    for (const custodian of custodians) {
      // What a first start left behind that was cut off before its directory was written.
      for (const epoch of await custodian.list()) await custodian.destroy(epoch)
      await custodian.createEpoch(1)
    }
    reach('start.epoch-created')
    const keybook = new Keybook(files, custodians, { organisation: randomUUID(), epoch: 1, pages: [] })
    await keybook.#grow(1 + headroom)
    return keybook
  }

  /**
   * Opens the keybook of an epoch through the first custodian that can. Refuses when none can, or when a page file
   * is missing; a keybook that does not open is never replaced by a new one.
   */
  static async load(files: BookFiles, custodians: Custodian[], epoch: number): Promise<Keybook> {
    for (const custodian of custodians) {
      const book = await files.readDirectory(epoch, custodian).catch(error => {
        if (error instanceof KeeperRefusal) return null
        throw error
      })
      if (book === null) continue
      const missing = await files.missingPages(book)
      if (missing.length > 0) throw nothing(`page ${missing[0]} of the keybook is missing`)
      return new Keybook(files, custodians, book)
    }
    throw nothing(`no custodian opens the keybook of epoch ${epoch}`)
  }

  get organisation(): string {
    return this.#book.organisation
  }

  get epoch(): number {
    return this.#book.epoch
  }

  get book(): Book {
    return this.#book
  }

  /** Slots from 0 to below this number are in the book. */
  get capacity(): number {
    return this.#book.pages.length * slotsPerPage
  }

  /** From now on this is the book. Whatever was held of the replaced pages and slots is forgotten. */
  replace(book: Book, touched: Iterable<number>, replaced: Iterable<number>): void {
    this.#book = book
    for (const number of touched) {
      this.#pages.find(number)?.fill(0)
      this.#pages.forget(number)
    }
    for (const slot of replaced) this.#keys.forget(slot)
  }

  /** Keys of shredded slots are not kept until the roll. */
  forget(slots: Iterable<number>): void {
    for (const slot of slots) this.#keys.forget(slot)
  }

  /** Makes sure that the pages of all slots up to `last`, and some more, are durable. */
  async grow(last: number): Promise<void> {
    const wanted = pageOf(last) + 1
    if (this.#book.pages.length >= wanted + headroom / 2) return
    await this.turn.take(() => this.#grow(wanted + headroom))
  }

  async #grow(pages: number): Promise<void> {
    const { organisation, epoch } = this.#book
    const before = this.#book.pages
    if (before.length >= pages) return
    const fresh = Array.from({ length: pages - before.length }, (_, at) => ({
      name: { organisation, number: before.length + at, generation: 1 },
      key: randomBytes(32),
      slots: newSlots(),
    }))
    await this.files.writePages(fresh)
    reach('grow.pages-written')
    const added = fresh.map(({ key, name }) => ({ key, generation: name.generation }))
    const book = { organisation, epoch, pages: [...before, ...added] }
    await this.files.writeDirectory(book)
    reach('grow.directory-written')
    this.#book = book
    for (const { slots } of fresh) slots.fill(0)
  }

  async page(number: number): Promise<Buffer> {
    const held = this.#pages.find(number)
    if (held !== undefined) return held
    const book = this.#book
    const slots = await this.files.readPage(book, number)
    // A roll may have replaced this page while it was read.
    if (book.pages[number] !== this.#book.pages[number]) return this.page(number)
    this.#pages.keep(number, slots)
    return slots
  }

  /** The key of a slot if it is at hand. */
  keyAtHand(slot: number): KeyObject | undefined {
    return slot < firstIssued ? this.#reserved.get(slot) : this.#keys.find(slot)
  }

  /** The key of a slot. Refuses with `unknown_slot` a number beyond the book. */
  async key(slot: number): Promise<KeyObject> {
    const held = this.keyAtHand(slot)
    if (held !== undefined) return held
    if (!Number.isSafeInteger(slot) || slot < 0 || slot >= this.capacity) {
      throw new KeeperRefusal('unknown_slot')
    }
    const slots = await this.page(pageOf(slot))
    // A roll may have come between: then these slots are wiped already.
    if (this.#pages.find(pageOf(slot)) !== slots) return this.key(slot)
    const key = keyOf(Buffer.from(slotIn(slots, slot)))
    if (slot < firstIssued) this.#reserved.set(slot, key)
    else this.#keys.keep(slot, key)
    return key
  }

  /** The bytes of a reserved slot, for a signing key. */
  async seed(slot: number): Promise<Buffer> {
    if (slot >= firstIssued) throw new KeeperRefusal('unknown_slot')
    return Buffer.from(slotIn(await this.page(pageOf(slot)), slot))
  }
}
