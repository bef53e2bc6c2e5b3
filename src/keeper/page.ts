import { randomBytes } from 'node:crypto'
import { framed, keyOf, seal, sealedOverhead, unseal } from './cipher.ts'
import { KeeperRefusal } from './refusal.ts'

/**
 * A page of the keybook: `u8 version = 1 | u32 number | u32 generation | nonce 12 | 256 slots of 32 bytes, sealed |
 * tag 16` under a key that belongs to this generation of this page alone.
 */
export const pageVersion = 1
export const slotsPerPage = 256
export const slotLength = 32
const headLength = 9
const plainLength = slotsPerPage * slotLength
export const pageLength = headLength + sealedOverhead + plainLength

export interface PageName {
  organisation: string
  number: number
  generation: number
}

export const pageOf = (slot: number): number => Math.floor(slot / slotsPerPage)

const additionalData = (page: PageName) =>
  framed('custode page 1', page.organisation, page.number, page.generation)

/** 256 fresh slots. */
export const newSlots = (): Buffer => randomBytes(plainLength)

/** The 32 bytes of one slot inside its page: a view, not a copy. */
export function slotIn(slots: Buffer, slot: number): Buffer {
  const at = (slot % slotsPerPage) * slotLength
  return slots.subarray(at, at + slotLength)
}

/** Whether a slot is the same in two versions of its page. */
export function isSameSlot(one: Buffer, other: Buffer, slot: number): boolean {
  const at = (slot % slotsPerPage) * slotLength
  return one.compare(other, at, at + slotLength, at, at + slotLength) === 0
}

export function sealPage(pageKey: Buffer, page: PageName, slots: Buffer, nonce?: Buffer): Buffer {
  const head = Buffer.allocUnsafe(headLength)
  head[0] = pageVersion
  head.writeUInt32BE(page.number, 1)
  head.writeUInt32BE(page.generation, 5)
  return Buffer.concat([head, seal(keyOf(Buffer.from(pageKey)), slots, additionalData(page), nonce)])
}

/** The 256 slots of a page. Refuses with `unavailable` a page that is damaged or not the one that was asked for. */
export function openPage(pageKey: Buffer, page: PageName, bytes: Buffer): Buffer {
  const right =
    bytes.length === pageLength &&
    bytes[0] === pageVersion &&
    bytes.readUInt32BE(1) === page.number &&
    bytes.readUInt32BE(5) === page.generation
  const slots = right
    ? unseal(keyOf(Buffer.from(pageKey)), bytes.subarray(headLength), additionalData(page))
    : null
  if (slots === null)
    throw new KeeperRefusal('unavailable', { why: `page ${page.number} of the keybook is damaged` })
  return slots
}
