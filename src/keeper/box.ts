import type { KeyObject } from 'node:crypto'
import { framed, seal, sealedOverhead, unseal } from './cipher.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxValues } from './requests.ts'

/**
 * A box: `u8 version = 1 | u48 slot | nonce 12 | ciphertext | tag 16`, AES-256-GCM under the slot over the JSON of
 * the values. The additional data name the place where the box belongs, so a box moved elsewhere does not open.
 */
export const boxVersion = 1
const headLength = 7

/** Where a box belongs: all of it is bound by the seal, nothing of it is inside the box. */
export interface BoxPlace {
  organisation: string
  customer: string
  compartment: string
  row: string
  version: number
}

const additionalData = (place: BoxPlace) =>
  framed('custode box 1', place.organisation, place.customer, place.compartment, place.row, place.version)

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
  const sealed = seal(key, Buffer.from(JSON.stringify(values), 'utf8'), additionalData(place), nonce)
  return Buffer.concat([head, sealed])
}

/** The slot that a box names. Refuses with `bad_box` what cannot be a box. */
export function slotOfBox(box: Buffer, at: number): number {
  if (box.length < headLength + sealedOverhead || box[0] !== boxVersion) {
    throw new KeeperRefusal('bad_box', { why: 'not a box', at })
  }
  return box.readUIntBE(1, 6)
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
