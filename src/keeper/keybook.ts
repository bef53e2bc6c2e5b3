import { type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { type Book, type BookFiles, newBookKey, sealDirectory } from './book-files.ts'
import { keyOf } from './cipher.ts'
import { type Custodian, Unreachable } from './custodian.ts'
import { bookKeyPlace } from './directory.ts'
import { several } from './durable-file.ts'
import { reach } from './failpoint.ts'
import { x25519PrivateKey } from './hpke.ts'
import { newSlots, type PageName, pageOf, sealPage, slotIn, slotsPerPage } from './page.ts'
import type { Place } from './place.ts'
import { Recent } from './recent.ts'
import { isRecoveryName, type Recovery, recoveryName, wrapFor } from './recovery.ts'
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
  /** Further copies; each is brought in step before anything here is changed. */
  places: readonly Place[] = []
  /** The cold copies that every book key is sealed to. */
  recoveries: () => readonly Recovery[] = () => []
  readonly turn = new Turn()
  #book: Book
  readonly #pages = new Recent<number, Buffer>(mostPages)
  readonly #keys = new Recent<number, KeyObject>(mostKeys)
  /** The organisation's own keys never make room for others. */
  readonly #reserved = new Map<number, KeyObject>()
  /** Counts the tries to grow that failed, so that no page file is ever written a second time. */
  #failures = 0

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
    const organisation = randomUUID()
    const keys = await newBookKey(organisation, 1, custodians)
    const keybook = new Keybook(files, custodians, { organisation, epoch: 1, pages: [], ...keys })
    await keybook.#grow(1 + headroom)
    return keybook
  }

  /**
   * Opens the keybook of an epoch through the first custodian that can. Refuses when none can, or when a page file
   * is missing; a keybook that does not open is never replaced by a new one.
   */
  static async load(
    files: BookFiles,
    custodians: Custodian[],
    epoch: number,
    opener: Custodian | null = null,
  ): Promise<Keybook> {
    for (const custodian of opener === null ? custodians : [...custodians, opener]) {
      const book = await files.readDirectory(epoch, custodian).catch(error => {
        if (error instanceof KeeperRefusal || error instanceof Unreachable) return null
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

  /** Nothing has happened since it was made: a first start that was cut off leaves such a book, without a log. */
  get isNew(): boolean {
    return this.#book.epoch === 1 && this.#book.pages.length <= 1 + headroom
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

  /**
   * Makes sure that the pages of all slots up to `last`, and some more, are durable in every place. Refuses with
   * `unavailable` when a place that is needed for it cannot be reached.
   */
  async grow(last: number): Promise<void> {
    const wanted = pageOf(last) + 1
    if (this.#book.pages.length >= wanted + headroom / 2) return
    const enough = this.#book.pages.length >= wanted
    const growing = this.turn.take(() => this.#grow(wanted + headroom))
    // There is still room: who waits for a lost place is only who comes when there is none.
    await (enough ? growing.catch(() => {}) : growing)
  }

  async #grow(pages: number): Promise<void> {
    const { organisation } = this.#book
    const before = this.#book.pages
    if (before.length >= pages) return
    this.requireInStep()
    const generation = 1 + this.#failures
    const fresh = Array.from({ length: pages - before.length }, (_, at) => ({
      name: { organisation, number: before.length + at, generation },
      key: randomBytes(32),
      slots: newSlots(),
    }))
    const added = fresh.map(({ key, name }) => ({ key, generation: name.generation }))
    const book = { ...this.#book, pages: [...before, ...added] }
    try {
      await this.writePages(fresh)
      reach('grow.pages-written')
      await this.writeDirectory(book)
      reach('grow.directory-written')
    } catch (error) {
      this.#failures += 1
      throw this.#refusal(error)
    } finally {
      for (const { slots } of fresh) slots.fill(0)
    }
    this.#book = book
  }

  /** Whether this book is still sealed to a recovery that has ended: until a roll its shares open it. */
  get outlivesRecovery(): boolean {
    const live = new Set(this.recoveries().map(({ id }) => recoveryName(id)))
    return this.#book.wraps.some(({ custodian: name }) => isRecoveryName(name) && !live.has(name))
  }

  isWrappedBy(custodian: Custodian): boolean {
    return this.#book.wraps.some(wrap => wrap.custodian === custodian.id)
  }

  /**
   * Gives the book key of this epoch to custodians that have no part in the book yet, or whose key of it is gone: they
   * were configured or replaced since; and to recoveries that a crash left out. `replaced` is told of whoever held the
   * key before. Throws `Unreachable` for one that does not answer.
   */
  async adopt(replaced: (custodian: Custodian) => Promise<void>): Promise<void> {
    const { organisation, epoch } = this.#book
    const wraps = new Map(this.#book.wraps.map(wrap => [wrap.custodian, wrap.blob]))
    let changed = false
    for (const custodian of this.custodians) {
      const wrapped = this.isWrappedBy(custodian)
      if (wrapped && (await custodian.list()).includes(epoch)) continue
      if (wrapped) await replaced(custodian)
      await custodian.createEpoch(epoch)
      const bytes = this.#book.bookKey.export()
      wraps.set(custodian.id, await custodian.wrap(epoch, bytes, bookKeyPlace(organisation, epoch)))
      bytes.fill(0)
      changed = true
    }
    for (const recovery of this.recoveries()) {
      if (wraps.has(recoveryName(recovery.id))) continue
      const bytes = this.#book.bookKey.export()
      wraps.set(recoveryName(recovery.id), wrapFor(recovery, organisation, epoch, bytes).blob)
      bytes.fill(0)
      changed = true
    }
    if (!changed) return
    const book = { ...this.#book, wraps: [...wraps].map(([custodian, blob]) => ({ custodian, blob })) }
    await this.writeDirectory(book)
    this.#book = book
  }

  /** Seals the book key of this epoch to a new recovery; durable in every place when it resolves. */
  async sealTo(recovery: Recovery): Promise<void> {
    this.requireInStep()
    const { organisation, epoch, bookKey, wraps } = this.#book
    const bytes = bookKey.export()
    const book = { ...this.#book, wraps: [...wraps, wrapFor(recovery, organisation, epoch, bytes)] }
    bytes.fill(0)
    await this.writeDirectory(book)
    this.#book = book
  }

  /** Refuses with `unavailable` while a place is behind. */
  requireInStep(): void {
    const behind = this.places.find(place => !place.inStep)
    if (behind !== undefined) throw nothing(`${behind.name} cannot be reached`)
  }

  /**
   * Writes pages in every place and here, all at once: no directory names them yet. Throws when one has failed and all
   * have ended, so that nobody writes beside whoever cleans up.
   */
  async writePages(pages: { name: PageName; key: Buffer; slots: Buffer }[]): Promise<void> {
    const sealed = pages.map(({ name, key, slots }) => ({ name, bytes: sealPage(key, name, slots) }))
    const inPlaces = this.places.map(place => async () => {
      await place.change(files => files.writePages(sealed))
      reach('place.pages-written')
    })
    await several([...inPlaces, () => this.files.writePages(sealed)], write => write())
  }

  /** Writes the directory in every place, here last: what it names lies everywhere. */
  async writeDirectory(book: Book): Promise<void> {
    const bytes = sealDirectory(book)
    for (const place of this.places) {
      await place.change(files => files.writeDirectory(book.epoch, bytes))
      reach('place.directory-written')
    }
    await this.files.writeDirectory(book.epoch, bytes)
  }

  #refusal(error: unknown): unknown {
    return error instanceof Unreachable ? nothing(error.message) : error
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

  /** A slot as an X25519 private key (RFC 7748). It is kept by the caller alone and dies with the slot. */
  async privateKey(slot: number): Promise<KeyObject> {
    if (slot < firstIssued || slot >= this.capacity) throw new KeeperRefusal('unknown_slot')
    return x25519PrivateKey(Buffer.from(slotIn(await this.page(pageOf(slot)), slot)))
  }

  /** The bytes of a reserved slot, for a signing key. */
  async seed(slot: number): Promise<Buffer> {
    if (slot >= firstIssued) throw new KeeperRefusal('unknown_slot')
    return Buffer.from(slotIn(await this.page(pageOf(slot)), slot))
  }
}
