import type { KeyObject } from 'node:crypto'
import { framed, seal, sealedOverhead, unseal } from './cipher.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxValues } from './requests.ts'

/**
 * A box: `u8 version = 1 | u48 slot | u48 trail slot | nonce 12 | ciphertext | tag 16`, AES-256-GCM under the slot over
 * the JSON of the values. The additional data name the place where the box belongs, so a box moved elsewhere does not
 * open, and the trail in which its readings are entered, so that no grant can enter them elsewhere.
 */
export const boxVersion = 1
export const longestBox = 1024 * 1024
const headLength = 13

/** Where a box belongs: all of it is bound by the seal, nothing of it is inside the box. */
export interface BoxPlace {
  organisation: string
  customer: string
  compartment: string
  row: string
  version: number
  trail: number
}

const additionalData = ({ organisation, customer, compartment, row, version, trail }: BoxPlace) =>
  framed('custode box 1', organisation, customer, compartment, row, version, trail)

/** Seals values at their place. `nonce` is for test vectors only. */
export function sealBox(
  key: KeyObject,
  slot: number,
  place: BoxPlace,
  values: BoxValues,
  nonce?: Buffer,
): Buffer {
  const head = Buffer.allocUnsafe(headLength)
  head[0] = boxVersion
  head.writeUIntBE(slot, 1, 6)
  head.writeUIntBE(place.trail, 7, 6)
  const sealed = seal(key, Buffer.from(JSON.stringify(values), 'utf8'), additionalData(place), nonce)
  return Buffer.concat([head, sealed])
}

/** The slots that a box names: its own and its subject's trail. Refuses with `bad_box` what cannot be a box. */
export function headOfBox(box: Buffer, at: number): { slot: number; trail: number } {
  if (box.length < headLength + sealedOverhead || box[0] !== boxVersion) {
    throw new KeeperRefusal('bad_box', { why: 'not a box', at })
  }
  return { slot: box.readUIntBE(1, 6), trail: box.readUIntBE(7, 6) }
}

/**
 * The values of a box. Refuses with `bad_box` a box that was changed, sealed elsewhere or under another key; which
 * of these it was cannot be told. `at` is its position in the request.
 */
export function openBox(key: KeyObject, place: BoxPlace, box: Buffer, at: number): BoxValues {
  const plain = unseal(key, box.subarray(headLength), additionalData(place))
  if (plain === null) throw new KeeperRefusal('bad_box', { why: 'the seal does not hold here', at })
  const values = JSON.parse(plain.toString('utf8')) as BoxValues
  plain.fill(0)
  return values
}
