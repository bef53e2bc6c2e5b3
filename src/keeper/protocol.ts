import type { Writable } from 'node:stream'
import { KeeperRefusal } from './refusal.ts'

/**
 * Frames of protocol version 1: `u32 length | u8 version | u32 request id | u8 kind | u32 length of JSON | JSON |
 * (u32 length | bytes)*`. The length counts what follows it. JSON points to an attachment by `{"$b": position}`, and
 * only where an operation expects bytes, so no value inside a box can ever be mistaken for one.
 */
export const protocolVersion = 1
export const mostFrame = 8 * 1024 * 1024
export const mostAttachments = 10_000
const head = 1 + 4 + 1 + 4

export const frameKinds = { request: 0, reply: 1, refusal: 2 } as const

export interface Frame {
  id: number
  kind: number
  /** Undefined where it does not parse. Parsed anew at every look: a frame that waits is no larger than its bytes. */
  readonly json: unknown
  attachments: Buffer[]
  /** Of the whole frame. */
  length: number
}

/** A frame that no speaker of this protocol would send: the connection ends. */
export class BrokenFrame extends Error {
  override readonly name = 'BrokenFrame'
}

/** Turns one message into bytes. Refuses with `malformed` what would be longer than 8 MiB. */
export function encodeFrame(id: number, kind: number, json: unknown, attachments: Uint8Array[] = []): Buffer {
  const text = Buffer.from(JSON.stringify(json), 'utf8')
  let length = head + text.length
  for (const bytes of attachments) length += 4 + bytes.length
  if (length > mostFrame) throw new KeeperRefusal('malformed', { why: 'message longer than 8 MiB' })
  const frame = Buffer.allocUnsafe(4 + length)
  frame.writeUInt32BE(length, 0)
  frame[4] = protocolVersion
  frame.writeUInt32BE(id, 5)
  frame[9] = kind
  frame.writeUInt32BE(text.length, 10)
  text.copy(frame, 14)
  let at = 14 + text.length
  for (const bytes of attachments) {
    frame.writeUInt32BE(bytes.length, at)
    frame.set(bytes, at + 4)
    at += 4 + bytes.length
  }
  return frame
}

/** Writes a frame; what is written in the same turn of the event loop leaves in one call to the system. */
export function writeFrame(socket: Writable, frame: Buffer): void {
  if (socket.writableCorked === 0) {
    socket.cork()
    process.nextTick(() => socket.uncork())
  }
  socket.write(frame)
}

function decodeFrame(bytes: Buffer): Frame {
  if (bytes.length < head) throw new BrokenFrame('shorter than its own head')
  if (bytes[0] !== protocolVersion) throw new BrokenFrame('another protocol version')
  const id = bytes.readUInt32BE(1)
  const kind = bytes[5] ?? 255
  if (kind > 2) throw new BrokenFrame('unknown kind')
  const textLength = bytes.readUInt32BE(6)
  if (textLength > bytes.length - head) throw new BrokenFrame('JSON longer than the frame')
  let at = head + textLength
  const attachments: Buffer[] = []
  while (at < bytes.length) {
    if (bytes.length - at < 4) throw new BrokenFrame('cut attachment')
    if (attachments.length === mostAttachments) throw new BrokenFrame('too many attachments')
    const length = bytes.readUInt32BE(at)
    if (length > bytes.length - at - 4) throw new BrokenFrame('attachment longer than the frame')
    attachments.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  const length = 4 + bytes.length
  return {
    ...{ id, kind, attachments, length },
    get json() {
      return parsed(bytes.toString('utf8', head, head + textLength))
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Cuts a stream into frames. Memory is bounded by about two frames, however small the pieces they come in; throws
 * `BrokenFrame` at the first byte that cannot belong to one, after which the reader must not be used again.
 */
export class FrameReader {
  /** The beginning of a frame: the first `#length` bytes count. */
  #held = Buffer.alloc(0)
  #length = 0;

  *read(chunk: Buffer): Generator<Frame> {
    let bytes = this.#joined(chunk)
    while (bytes.length >= 4) {
      const length = bytes.readUInt32BE(0)
      if (length > mostFrame || length < head) throw new BrokenFrame('impossible length')
      if (bytes.length < 4 + length) break
      // Whoever takes the frame may keep it: what follows must not be written over it.
      if (this.#length > 0) this.#forget()
      yield decodeFrame(bytes.subarray(4, 4 + length))
      bytes = bytes.subarray(4 + length)
    }
    if (this.#length === 0 && bytes.length > 0) this.#append(bytes)
  }

  #joined(chunk: Buffer): Buffer {
    if (this.#length === 0) return chunk
    this.#append(chunk)
    return this.#held.subarray(0, this.#length)
  }

  #append(bytes: Buffer): void {
    const length = this.#length + bytes.length
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#held.length))
      this.#held.copy(larger, 0, 0, this.#length)
      this.#held = larger
    }
    bytes.copy(this.#held, this.#length)
    this.#length = length
  }

  #forget(): void {
    this.#held = Buffer.alloc(0)
    this.#length = 0
  }
}

/** Adds bytes to a message under construction and returns the pointer that stands for them in its JSON. */
export function attach(attachments: Uint8Array[], bytes: Uint8Array): { $b: number } {
  return { $b: attachments.push(bytes) - 1 }
}

/** The bytes that a pointer stands for. Refuses with `malformed` anything that is not a pointer of this message. */
export function attached(attachments: Buffer[], pointer: unknown, where: string): Buffer {
  if (typeof pointer === 'object' && pointer !== null && '$b' in pointer) {
    const bytes = typeof pointer.$b === 'number' ? attachments[pointer.$b] : undefined
    if (bytes !== undefined) return bytes
  }
  throw new KeeperRefusal('malformed', { why: where })
}
