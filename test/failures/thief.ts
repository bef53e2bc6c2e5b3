import { createDecipheriv } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Book, BookFiles } from '../../src/keeper/book-files.ts'
import { keyOf, nonceLength, tagLength } from '../../src/keeper/cipher.ts'
import type { Custodian } from '../../src/keeper/custodian.ts'
import { bookKeyPlace, openDirectory, readHead } from '../../src/keeper/directory.ts'
import { openPage, slotIn, slotLength, slotsPerPage } from '../../src/keeper/page.ts'

/** Bytes before the nonce of a box. */
const boxHead = 13

/** Somebody with copies of keybooks in hand and custodians who answer: every key that can be had from them. */
export class Thief {
  readonly #keys = new Map<string, Buffer>()

  /** How many different keys were found. */
  get keys(): number {
    return this.#keys.size
  }

  take(key: Buffer): void {
    this.#keys.set(key.toString('hex'), Buffer.from(key))
  }

  /** Takes every key of every directory and page of these copies that any epoch of these custodians opens. */
  async rob(books: readonly string[], custodians: readonly Custodian[]): Promise<void> {
    const opened: Book[] = []
    for (const book of books) opened.push(...(await openedDirectories(book, custodians)))
    const pageKeys = new Map(
      opened.flatMap(book => book.pages.map(({ key }) => [key.toString('hex'), key] as const)),
    )
    for (const key of [...opened.map(book => book.bookKey.export()), ...pageKeys.values()]) this.take(key)
    const organisations = new Set(opened.map(book => book.organisation))
    for (const folder of books)
      for (const name of await readdir(join(folder, 'pages')))
        this.#takePage(await readFile(join(folder, 'pages', name)), name, [...organisations], pageKeys)
  }

  /** A page is tried with every page key, also those of another generation or another page. */
  #takePage(bytes: Buffer, name: string, organisations: string[], keys: Map<string, Buffer>): void {
    const [number = 0, generation = 0] = name.split('-').map(Number)
    for (const organisation of organisations)
      for (const key of keys.values()) {
        const slots = openedPage(key, { organisation, number, generation }, bytes)
        if (slots === null) continue
        for (let slot = 0; slot < slotsPerPage; slot++) this.take(slotIn(slots, slot))
      }
  }

  /** The key that opens a box, wherever the box may come from. */
  findKey(box: Buffer): Buffer | null {
    for (const key of this.#keys.values()) if (readWith(key, box) !== null) return key
    return null
  }

  /** What is in a box, if any key that was taken opens it. */
  open(box: Buffer): string | null {
    const key = this.findKey(box)
    return key === null ? null : readWith(key, box)
  }
}

/** Every directory in a copy of the keybook that opens, whatever epoch key of whatever custodian opens it. */
async function openedDirectories(folder: string, custodians: readonly Custodian[]): Promise<Book[]> {
  const files = await BookFiles.open(folder)
  const opened: Book[] = []
  for (const epoch of await files.epochs()) {
    const bytes = await readFile(join(folder, `directory-${epoch}`))
    const { head } = readHead(bytes)
    const place = bookKeyPlace(head.organisation, head.epoch)
    for (const custodian of custodians)
      for (const known of await custodian.list())
        for (const { blob } of head.wraps) {
          const key = await custodian.unwrap(known, blob, place).catch(() => null)
          if (key === null) continue
          const bookKey = keyOf(key)
          opened.push({ ...head, bookKey, pages: openDirectory(bytes, bookKey) })
        }
  }
  return opened
}

function openedPage(key: Buffer, name: Parameters<typeof openPage>[1], bytes: Buffer): Buffer | null {
  try {
    return openPage(key, name, bytes)
  } catch {
    return null
  }
}

/**
 * Reads a box without asking whether its seal holds, so that nothing it is bound to has to be guessed: GCM is AES in
 * counter mode from block 2 on (NIST SP 800-38D, 7.2). The values of a box are JSON, which no wrong key gives.
 */
export function readWith(key: Buffer, box: Buffer): string | null {
  const nonce = box.subarray(boxHead, boxHead + nonceLength)
  const sealed = box.subarray(boxHead + nonceLength, box.length - tagLength)
  const cipher = createDecipheriv('aes-256-ctr', key, Buffer.concat([nonce, Buffer.of(0, 0, 0, 2)]))
  const start = cipher.update(sealed.subarray(0, 16))
  if (start[0] !== 0x7b || start[1] !== 0x22) return null
  const text = Buffer.concat([start, cipher.update(sealed.subarray(16))]).toString('utf8')
  try {
    JSON.parse(text)
    return text
  } catch {
    return null
  }
}

/** Whether any 32 bytes that stand anywhere in these files are the key of a box. */
export function holdsKey(files: readonly Buffer[], box: Buffer): boolean {
  return files.some(bytes => {
    for (let at = 0; at + slotLength <= bytes.length; at++)
      if (readWith(bytes.subarray(at, at + slotLength), box) !== null) return true
    return false
  })
}
