import { type KeyObject, randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { keyOf } from './cipher.ts'
import type { Custodian } from './custodian.ts'
import {
  bookKeyPlace,
  type DirectoryPage,
  encodeDirectory,
  openDirectory,
  readHead,
  type Wrap,
} from './directory.ts'
import {
  destroyFile,
  findFile,
  findSmallFile,
  removeFiles,
  several,
  syncFolder,
  unfinished,
  writeDurably,
} from './durable-file.ts'
import { openPage, type PageName, pageLength } from './page.ts'
import { type Recovery, wrapFor } from './recovery.ts'
import { KeeperRefusal } from './refusal.ts'

/** A directory as it was read: its pages are numbered from 0. Its key and who wrapped it belong to its epoch. */
export interface Book {
  organisation: string
  epoch: number
  bookKey: KeyObject
  wraps: Wrap[]
  pages: DirectoryPage[]
}

/** A page as it lies on the disk. */
export interface SealedPage {
  name: PageName
  bytes: Buffer
}

export const sealDirectory = ({ organisation, epoch, wraps, pages, bookKey }: Book): Buffer =>
  encodeDirectory({ organisation, epoch, wraps }, pages, bookKey)

/** A fresh book key for an epoch that every custodian has, wrapped by each and sealed to each recovery. */
export async function newBookKey(
  organisation: string,
  epoch: number,
  custodians: readonly Custodian[],
  recoveries: readonly Recovery[] = [],
): Promise<Pick<Book, 'bookKey' | 'wraps'>> {
  const bytes = randomBytes(32)
  const place = bookKeyPlace(organisation, epoch)
  const wraps = await Promise.all(
    custodians.map(async custodian => ({
      custodian: custodian.id,
      blob: await custodian.wrap(epoch, bytes, place),
    })),
  )
  wraps.push(...recoveries.map(recovery => wrapFor(recovery, organisation, epoch, bytes)))
  return { bookKey: keyOf(bytes), wraps }
}

// Where every page is read to and opened from at once; one byte more, so that a longer file is not taken for a page.
const sealedBytes = Buffer.alloc(pageLength + 1)

/**
 * The keybook on disk: `directory-EPOCH` and `pages/NUMBER-GENERATION`. A page file never changes; a directory is
 * replaced whole. Nothing here is readable without a custodian, so a copy may lie beside any backup.
 */
export class BookFiles {
  readonly #folder: string
  readonly #pages: string

  private constructor(folder: string) {
    this.#folder = folder
    this.#pages = join(folder, 'pages')
  }

  static async open(folder: string): Promise<BookFiles> {
    const files = new BookFiles(folder)
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

  /** Writes the directory of an epoch as `sealDirectory` made it; durable when it resolves. */
  async writeDirectory(epoch: number, bytes: Buffer): Promise<void> {
    await writeDurably(this.#directoryPath(epoch), bytes)
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
    const bytesOfKey = await custodian.unwrap(epoch, wrap.blob, bookKeyPlace(head.organisation, epoch))
    const bookKey = keyOf(bytesOfKey)
    const { organisation, wraps } = head
    return { organisation, epoch, bookKey, wraps, pages: openDirectory(bytes, bookKey) }
  }

  /** Writes sealed pages; their names are durable when it resolves. */
  async writePages(pages: readonly SealedPage[]): Promise<void> {
    await several(pages, ({ name, bytes }) =>
      writeDurably(this.#pagePath(name.number, name.generation), bytes, { later: true }),
    )
    await syncFolder(this.#pages)
  }

  async readPage(book: Book, number: number): Promise<Buffer> {
    const page = book.pages[number]
    const bytes =
      page === undefined ? null : findSmallFile(this.#pagePath(number, page.generation), sealedBytes)
    if (page === undefined || bytes === null) {
      throw new KeeperRefusal('unavailable', { why: `page ${number} of the keybook is missing` })
    }
    return openPage(page.key, { organisation: book.organisation, number, generation: page.generation }, bytes)
  }

  async removeDirectory(epoch: number): Promise<void> {
    await destroyFile(this.#directoryPath(epoch))
  }

  /**
   * Removes every page file that the book does not name: what a roll replaced, or began and did not finish. The one
   * key that opens it lay in a directory that is destroyed before, so the bytes need no overwriting.
   */
  async removeStrayPages(book: Book): Promise<void> {
    const names = await readdir(this.#pages)
    const strays = names.filter(name => {
      const [number, generation] = name.split('-').map(Number)
      return book.pages[number ?? -1]?.generation !== generation
    })
    await removeFiles(this.#pages, strays)
  }

  /** Removes what belongs to another epoch or another book than this: what a roll replaced, or was not finished. */
  async removeOthers(book: Book): Promise<void> {
    for (const epoch of await this.epochs()) if (epoch !== book.epoch) await this.removeDirectory(epoch)
    await this.removeStrayPages(book)
  }

  /** Copies what another folder has of this book and this one has not: pages first, the directory last. */
  async copyFrom(own: BookFiles, book: Book): Promise<void> {
    const missing = await this.missingPages(book)
    await several(missing, async number => {
      const { generation } = book.pages[number]!
      const bytes = await findFile(own.#pagePath(number, generation))
      if (bytes === null)
        throw new KeeperRefusal('unavailable', { why: `page ${number} of the keybook is missing` })
      await writeDurably(this.#pagePath(number, generation), bytes, { later: true })
    })
    if (missing.length > 0) await syncFolder(this.#pages)
    const directory = await findFile(own.#directoryPath(book.epoch))
    const here = await findFile(this.#directoryPath(book.epoch))
    if (directory === null)
      throw new KeeperRefusal('unavailable', { why: 'the directory of the keybook is missing' })
    if (here === null || !here.equals(directory))
      await writeDurably(this.#directoryPath(book.epoch), directory)
  }

  async missingPages(book: Book): Promise<number[]> {
    const names = new Set(await readdir(this.#pages))
    return book.pages.flatMap((page, number) => (names.has(`${number}-${page.generation}`) ? [] : [number]))
  }
}
