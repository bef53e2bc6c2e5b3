import { attach, attached, type Frame } from './protocol.ts'
import type { BoxItem } from './requests.ts'

/** Boxes as they are pointed to in a request, and what goes along with it. */
export function attachAll<T extends Pick<BoxItem, 'box'>>(boxes: readonly T[]) {
  const attachments: Uint8Array[] = []
  return { attachments, items: boxes.map(item => ({ ...item, box: attach(attachments, item.box) })) }
}

/** The bytes that an answer points to: copied, because a box must not keep the whole frame alive. */
export const bytesOf = (frame: Frame, pointer: unknown, where: string): Buffer =>
  Buffer.from(attached(frame.attachments, pointer, where))

/** Fingerprints of 16 bytes that were sent one after another. */
export const fingerprintsOf = (frame: Frame, pointer: unknown): Buffer[] => {
  const joined = attached(frame.attachments, pointer, 'people')
  return Array.from({ length: joined.length / 16 }, (_, at) => joined.subarray(at * 16, at * 16 + 16))
}
