import type { KeyObject } from 'node:crypto'
import { framed, seal, unseal } from './cipher.ts'
import { KeeperRefusal } from './refusal.ts'

/**
 * The directory of the keybook. Head: `u8 version = 1 | organisation 16 | u32 epoch | u8 custodians | for each: u8
 * length of id | id | u16 length of blob | blob`, where a blob is the book key as the custodian wrapped it. Then,
 * sealed under the book key with the head as additional data: `u48 pages | for each page: key 32 | u32 generation`.
 */
export const directoryVersion = 1
const keyLength = 32
const rowLength = keyLength + 4

export interface DirectoryPage {
  key: Buffer
  generation: number
}

export interface Wrap {
  custodian: string
  blob: Buffer
}

export interface DirectoryHead {
  organisation: string
  epoch: number
  wraps: Wrap[]
}

const damaged = (what: string) => new KeeperRefusal('unavailable', { why: `the keybook's directory ${what}` })

/** What a custodian binds a book key to. */
export const bookKeyPlace = (organisation: string, epoch: number): Buffer =>
  framed('custode book key 1', organisation, epoch)

const uuidBytes = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex')

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function encodeHead(head: DirectoryHead): Buffer {
  const fixed = Buffer.allocUnsafe(22)
  fixed[0] = directoryVersion
  uuidBytes(head.organisation).copy(fixed, 1)
  fixed.writeUInt32BE(head.epoch, 17)
  fixed[21] = head.wraps.length
  const parts: Buffer[] = [fixed]
  for (const { custodian, blob } of head.wraps) {
    const id = Buffer.from(custodian)
    const length = Buffer.allocUnsafe(2)
    length.writeUInt16BE(blob.length)
    parts.push(Buffer.of(id.length), id, length, blob)
  }
  return Buffer.concat(parts)
}

/** The bytes of a directory. `nonce` is for test vectors only. */
export function encodeDirectory(
  head: DirectoryHead,
  pages: DirectoryPage[],
  bookKey: KeyObject,
  nonce?: Buffer,
): Buffer {
  const open = encodeHead(head)
  const plain = Buffer.alloc(6 + pages.length * rowLength)
  plain.writeUIntBE(pages.length, 0, 6)
  pages.forEach((page, number) => {
    const at = 6 + number * rowLength
    page.key.copy(plain, at)
    plain.writeUInt32BE(page.generation, at + keyLength)
  })
  const sealed = seal(bookKey, plain, open, nonce)
  plain.fill(0)
  return Buffer.concat([open, sealed])
}

/** The head, readable without any key, and where the sealed part begins. Refuses with `unavailable` what is none. */
export function readHead(bytes: Buffer): { head: DirectoryHead; end: number } {
  if (bytes.length < 22 || bytes[0] !== directoryVersion) throw damaged('has an unknown format')
  const wraps: Wrap[] = []
  let at = 22
  for (let left = bytes[21] ?? 0; left > 0; left--) {
    const idEnd = at + 1 + (bytes[at] ?? 0)
    if (idEnd + 2 > bytes.length) throw damaged('is cut')
    const blobEnd = idEnd + 2 + bytes.readUInt16BE(idEnd)
    if (blobEnd > bytes.length) throw damaged('is cut')
    wraps.push({
      custodian: bytes.toString('utf8', at + 1, idEnd),
      blob: Buffer.from(bytes.subarray(idEnd + 2, blobEnd)),
    })
    at = blobEnd
  }
  const head = { organisation: uuidText(bytes.subarray(1, 17)), epoch: bytes.readUInt32BE(17), wraps }
  return { head, end: at }
}

/** The page keys. Refuses with `unavailable` when the book key is another or a byte was changed. */
export function openDirectory(bytes: Buffer, bookKey: KeyObject): DirectoryPage[] {
  const { end } = readHead(bytes)
  const plain = unseal(bookKey, bytes.subarray(end), bytes.subarray(0, end))
  if (plain === null) throw damaged('does not open')
  const count = plain.length < 6 ? -1 : plain.readUIntBE(0, 6)
  if (plain.length !== 6 + count * rowLength) throw damaged('has a wrong length')
  const pages: DirectoryPage[] = []
  for (let number = 0; number < count; number++) {
    const at = 6 + number * rowLength
    pages.push({
      key: Buffer.from(plain.subarray(at, at + keyLength)),
      generation: plain.readUInt32BE(at + keyLength),
    })
  }
  plain.fill(0)
  return pages
}
