import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { keyOf } from './cipher.ts'
import type { Custodian } from './custodian.ts'
import { bookKeyPlace, type DirectoryPage, encodeDirectory, openDirectory, readHead } from './directory.ts'
import { destroyFile, findFile, syncFolder, unfinished, writeDurably } from './durable-file.ts'
import { openPage, type PageName, sealPage } from './page.ts'
import { KeeperRefusal } from './refusal.ts'

/** A directory as it was read: its pages are numbered from 0. */
export interface Book {
  organisation: string
  epoch: number
  pages: DirectoryPage[]
}

/**
 * The keybook on disk: `directory-EPOCH` and `pages/NUMBER-GENERATION`. A page file never changes; a directory is
 * replaced whole. Nothing here is readable without a custodian, so a copy may lie beside any backup.
 */
export class BookFiles {
  readonly #folder: string
  readonly #pages: string
  readonly #custodians: Custodian[]

  private constructor(folder: string, custodians: Custodian[]) {
    this.#folder = folder
    this.#pages = join(folder, 'pages')
    this.#custodians = custodians
  }

  static async open(folder: string, custodians: Custodian[]): Promise<BookFiles> {
    const files = new BookFiles(folder, custodians)
    await mkdir(files.#pages, { recursive: true, mode: 0o700 })
    for (const place of [files.#folder, files.#pages]) {
      for (const name of await readdir(place)) {
        if (name.endsWith(unfinished)) await destroyFile(join(place, name))
      }
    }
    return files
  }

  #directoryPath(epoch: number): string {
    return join(this.#folder, `directory-${epoch}`)
  }

  #pagePath(number: number, generation: number): string {
    return join(this.#pages, `${number}-${generation}`)
  }

  /** The epochs of which a directory lies here, oldest first. */
  async epochs(): Promise<number[]> {
    const found = (await readdir(this.#folder)).map(name => /^directory-([1-9][0-9]{0,8})$/.exec(name)?.[1])
    return found
      .filter(epoch => epoch !== undefined)
      .map(Number)
      .sort((a, b) => a - b)
  }

  /** Writes the directory of an epoch under a fresh book key, wrapped by every custodian; durable when it resolves. */
  async writeDirectory(book: Book): Promise<void> {
    const bookKey = randomBytes(32)
    const place = bookKeyPlace(book.organisation, book.epoch)
    const wraps = await Promise.all(
      this.#custodians.map(async custodian => ({
        custodian: custodian.id,
        blob: await custodian.wrap(book.epoch, bookKey, place),
      })),
    )
    const head = { organisation: book.organisation, epoch: book.epoch, wraps }
    await writeDurably(this.#directoryPath(book.epoch), encodeDirectory(head, book.pages, keyOf(bookKey)))
  }

  /** Reads a directory through one custodian. Refuses when the file or the epoch's key is gone or does not fit. */
  async readDirectory(epoch: number, custodian: Custodian): Promise<Book> {
    const bytes = await findFile(this.#directoryPath(epoch))
    if (bytes === null)
      throw new KeeperRefusal('unavailable', { why: `there is no directory of epoch ${epoch}` })
    const { head } = readHead(bytes)
    const wrap = head.wraps.find(one => one.custodian === custodian.id)
    if (wrap === undefined || head.epoch !== epoch) {
      throw new KeeperRefusal('unavailable', {
        why: `the directory of epoch ${epoch} is not for this custodian`,
      })
    }
    const bookKey = await custodian.unwrap(epoch, wrap.blob, bookKeyPlace(head.organisation, epoch))
    return { organisation: head.organisation, epoch, pages: openDirectory(bytes, keyOf(bookKey)) }
  }

  /** Writes pages; their names are durable when it resolves. */
  async writePages(pages: { name: PageName; key: Buffer; slots: Buffer }[]): Promise<void> {
    for (const { name, key, slots } of pages) {
      const bytes = sealPage(key, name, slots)
      await writeDurably(this.#pagePath(name.number, name.generation), bytes, { later: true })
    }
    await syncFolder(this.#pages)
  }

  async readPage(book: Book, number: number): Promise<Buffer> {
    const page = book.pages[number]
    const bytes = page === undefined ? null : await findFile(this.#pagePath(number, page.generation))
    if (page === undefined || bytes === null) {
      throw new KeeperRefusal('unavailable', { why: `page ${number} of the keybook is missing` })
    }
    return openPage(page.key, { organisation: book.organisation, number, generation: page.generation }, bytes)
  }

  async removeDirectory(epoch: number): Promise<void> {
    await destroyFile(this.#directoryPath(epoch))
  }

  /** Removes every page file that the book does not name: what a roll replaced, or began and did not finish. */
  async removeStrayPages(book: Book): Promise<void> {
    for (const name of await readdir(this.#pages)) {
      const [number, generation] = name.split('-').map(Number)
      if (book.pages[number ?? -1]?.generation !== generation) await destroyFile(join(this.#pages, name))
    }
  }

  async missingPages(book: Book): Promise<number[]> {
    const names = new Set(await readdir(this.#pages))
    return book.pages.flatMap((page, number) => (names.has(`${number}-${page.generation}`) ? [] : [number]))
  }
}
