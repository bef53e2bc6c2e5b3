import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BookFiles } from '../src/keeper/book-files.ts'
import { FileCustodian } from '../src/keeper/file-custodian.ts'
import { copyKeeper } from './keeper.ts'

/**
 * Every key of a keeper whose custodian is `file`: its slots, its page keys, the book key and the epoch keys, read from
 * a copy of its folder as a thief of the whole would.
 */
export async function keysOf(folder: string): Promise<Buffer[]> {
  const copy = await copyKeeper(folder)
  const custodian = await FileCustodian.open(join(copy, 'custodian'), Date.now)
  const files = await BookFiles.open(join(copy, 'book'))
  const keys: Buffer[] = []
  for (const epoch of await custodian.list())
    keys.push((await readFile(join(copy, 'custodian', `epoch-${epoch}`))).subarray(1))
  for (const epoch of await files.epochs()) {
    const book = await files.readDirectory(epoch, custodian)
    keys.push(book.bookKey.export())
    for (const [number, page] of book.pages.entries()) {
      keys.push(page.key)
      const slots = await files.readPage(book, number)
      for (let at = 0; at < slots.length; at += 32) keys.push(slots.subarray(at, at + 32))
    }
  }
  return keys
}

/** The common ways to write a key down. Of base64 the end is left out, where padding and what follows come in. */
const spellings = (key: Buffer): Buffer[] => [
  key,
  Buffer.from(key.toString('hex')),
  Buffer.from(key.toString('base64').slice(0, 42)),
  Buffer.from(key.toString('base64url').slice(0, 42)),
]

/** How many of the keys stand somewhere in these bytes, raw or spelled out. */
export function countKeys(bytes: Buffer, keys: readonly Buffer[]): number {
  const byStart = new Map<number, { spelling: Buffer; key: number }[]>()
  keys.forEach((key, number) => {
    for (const spelling of spellings(key)) {
      const start = spelling.readUInt32BE(0)
      byStart.set(start, [...(byStart.get(start) ?? []), { spelling, key: number }])
    }
  })
  const found = new Set<number>()
  for (let at = 0; at + 32 <= bytes.length; at++) {
    for (const { spelling, key } of byStart.get(bytes.readUInt32BE(at)) ?? [])
      if (bytes.subarray(at, at + spelling.length).equals(spelling)) found.add(key)
  }
  return found.size
}
