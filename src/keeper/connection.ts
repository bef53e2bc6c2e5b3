import type { Socket } from 'node:net'
import {
  encodeFrame,
  type Frame,
  FrameReader,
  frameKinds,
  mostFrame,
  protocolVersion,
  writeFrame,
} from './protocol.ts'
import { KeeperRefusal } from './refusal.ts'

/** What an operation answers: JSON, and the bytes that its pointers stand for. */
export interface Answer {
  json: unknown
  attachments?: Uint8Array[]
}

export type Operation = (args: Record<string, unknown>, attachments: Buffer[]) => Promise<Answer>

const mostInFlight = 256
const mostBytesInFlight = 2 * mostFrame
const mostBytesInAll = 4 * mostFrame

/** What all connections of a keeper have in flight together, at most 32 MiB: a request in memory is many times its bytes. */
export class Traffic {
  #bytes = 0
  readonly #waiting = new Set<() => void>()

  get full(): boolean {
    return this.#bytes >= mostBytesInAll
  }

  /** Calls once when there is room again. */
  wait(go: () => void): void {
    this.#waiting.add(go)
  }

  forget(go: () => void): void {
    this.#waiting.delete(go)
  }

  begin(bytes: number): void {
    this.#bytes += bytes
  }

  end(bytes: number): void {
    this.#bytes -= bytes
    for (const go of this.#waiting) {
      if (this.full) return
      this.#waiting.delete(go)
      go()
    }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sizeOf = (frame: Frame) => frame.length + 1024

/**
 * One connection: frames in, answers out, in whatever order they are ready. A frame that breaks the protocol ends
 * the connection. Reading stops while 256 requests or 16 MiB are in flight, or 32 MiB with those of all others, or
 * answers are not being read, so memory stays bounded. `bug` hears of what is no refusal; the other side hears `unavailable`. The
 * function that is returned ends the connection: it begins nothing more and answers what is in flight.
 */
export function serveConnection(
  socket: Socket,
  operations: ReadonlyMap<string, Operation>,
  bug: (error: unknown) => void,
  traffic = new Traffic(),
): () => void {
  const reader = new FrameReader()
  const waiting: Frame[] = []
  let greeted = false
  let inFlight = 0
  let bytesInFlight = 0
  let finishing = false

  const full = () =>
    inFlight >= mostInFlight ||
    bytesInFlight >= mostBytesInFlight ||
    socket.writableLength > mostFrame ||
    traffic.full

  const send = (id: number, kind: number, json: unknown, attachments: Uint8Array[] = []) => {
    if (!socket.destroyed) writeFrame(socket, encodeFrame(id, kind, json, attachments))
  }

  const refuse = (id: number, error: unknown) => {
    if (!(error instanceof KeeperRefusal)) bug(error)
    const { code, why, expected, at } =
      error instanceof KeeperRefusal
        ? error
        : new KeeperRefusal('unavailable', { why: 'a fault in the keeper' })
    send(id, frameKinds.refusal, { code, why, expected, at })
  }

  const perform = async (frame: Frame) => {
    const request = frame.json
    if (!isObject(request) || typeof request.op !== 'string' || frame.kind !== frameKinds.request) {
      throw new KeeperRefusal('malformed', { why: 'not a request' })
    }
    const args = isObject(request.args) ? request.args : {}
    if (request.op === 'hello') {
      if (args.protocol !== protocolVersion) throw new KeeperRefusal('malformed', { why: 'protocol version' })
      greeted = true
      return { json: { protocol: protocolVersion } }
    }
    if (!greeted) throw new KeeperRefusal('malformed', { why: 'hello comes first' })
    const operation = operations.get(request.op)
    if (operation === undefined) throw new KeeperRefusal('malformed', { why: 'unknown operation' })
    return operation(args, frame.attachments)
  }

  const begin = (frame: Frame) => {
    const size = sizeOf(frame)
    inFlight++
    bytesInFlight += size
    traffic.begin(size)
    perform(frame)
      .then((answer: Answer) => send(frame.id, frameKinds.reply, answer.json, answer.attachments))
      .catch(error => refuse(frame.id, error))
      .finally(() => {
        inFlight--
        bytesInFlight -= size
        if (!greeted) socket.end()
        traffic.end(size)
        advance()
      })
  }

  const advance = () => {
    if (finishing) {
      socket.pause()
      if (inFlight === 0) socket.destroySoon()
      return
    }
    while (waiting.length > 0 && !full() && !socket.destroyed) begin(waiting.shift()!)
    if (traffic.full && !socket.destroyed) traffic.wait(advance)
    if (waiting.length > 0 || full()) socket.pause()
    else socket.resume()
  }

  socket.on('data', chunk => {
    try {
      for (const frame of reader.read(chunk as Buffer)) waiting.push(frame)
    } catch {
      socket.destroy()
      return
    }
    advance()
  })
  socket.on('drain', advance)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => traffic.forget(advance))
  return () => {
    finishing = true
    advance()
  }
}
