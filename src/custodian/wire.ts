import { hash, timingSafeEqual } from 'node:crypto'
import { KeeperRefusal } from '../keeper/client.ts'
import type { Custodian, Kept } from '../keeper/custodian.ts'

/** How the keeper and a custodian process speak: one JSON object per line (docs/formats.md, "Custodian processes"). */
export const protocolVersion = 2
/** Bytes of the longest line, in both directions. */
export const longestLine = 64 * 1024

const longestAad = 1024
const longestBlob = 16 * 1024
const longestNote = 16 * 1024
const keyLength = 32

type Request = Record<string, unknown>

const malformed = (what: string) => new KeeperRefusal('malformed', { why: `${what} is not as it must be` })

/** What one line asks for. Refuses with `malformed` what is no JSON object with a whole number `id`. */
export function readRequest(line: Buffer): Request & { id: number } {
  let said: unknown
  try {
    said = JSON.parse(line.toString('utf8'))
  } catch {
    throw malformed('the line')
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) throw malformed('the line')
  const { id } = said as Request
  if (!Number.isSafeInteger(id)) throw malformed('id')
  return said as Request & { id: number }
}

/** Whether this is the greeting of the keeper, who alone knows the token. Takes as long for any token that is not it. */
export function isGreeting(request: Request, token: string): boolean {
  const { op, protocol, token: given } = request
  if (op !== 'hello' || protocol !== protocolVersion || typeof given !== 'string') return false
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', token, 'buffer'))
}

/**
 * Does what a request asks of the custodian and answers the object that stands under `ok`. Refuses with `malformed`
 * a request that is not as it must be, before the custodian hears of it. No key outlives the call in a Buffer of ours.
 */
export async function perform(custodian: Custodian, request: Request): Promise<Record<string, unknown>> {
  switch (request.op) {
    case 'hello':
      if (request.protocol !== protocolVersion) throw malformed('protocol')
      return { id: custodian.id, kind: custodian.kind }
    case 'createEpoch':
      await custodian.createEpoch(epochIn(request))
      return {}
    case 'wrap':
      return wrap(custodian, request)
    case 'unwrap':
      return unwrap(custodian, request)
    case 'destroy':
      return { ...(await custodian.destroy(epochIn(request))) }
    case 'list':
      return { epochs: await custodian.list() }
    case 'newest.read':
      return { kept: await custodian.readNewest() }
    case 'newest.write':
      await custodian.writeNewest(requireKept(request.kept))
      return {}
    default:
      throw malformed('op')
  }
}

async function wrap(custodian: Custodian, request: Request): Promise<Record<string, unknown>> {
  const epoch = epochIn(request)
  const aad = bytesIn(request, 'aad', longestAad)
  const key = bytesIn(request, 'key', keyLength)
  try {
    if (key.length !== keyLength) throw malformed('key')
    return { blob: (await custodian.wrap(epoch, key, aad)).toString('base64') }
  } finally {
    key.fill(0)
  }
}

async function unwrap(custodian: Custodian, request: Request): Promise<Record<string, unknown>> {
  const blob = bytesIn(request, 'blob', longestBlob)
  const key = await custodian.unwrap(epochIn(request), blob, bytesIn(request, 'aad', longestAad))
  try {
    return { key: key.toString('base64') }
  } finally {
    key.fill(0)
  }
}

function epochIn({ epoch }: Request): number {
  if (!Number.isSafeInteger(epoch) || Number(epoch) < 1 || Number(epoch) > 999_999_999)
    throw malformed('epoch')
  return epoch as number
}

function bytesIn(request: Request, name: string, most: number): Buffer {
  const text = request[name]
  if (typeof text !== 'string' || text.length > Math.ceil(most / 3) * 4) throw malformed(name)
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw malformed(name)
  return Buffer.from(text, 'base64')
}

/** What a keeper gave to be kept, or null when it is nothing of the kind. */
export function findKept(said: unknown): Kept | null {
  if (typeof said !== 'object' || said === null) return null
  const { version, fence, note } = said as Record<string, unknown>
  if (version !== 1 || !Number.isSafeInteger(fence) || Number(fence) < 0) return null
  if (typeof note !== 'string' || note.length > longestNote) return null
  return { version, fence: fence as number, note }
}

function requireKept(said: unknown): Kept {
  const kept = findKept(said)
  if (kept === null) throw malformed('kept')
  return kept
}

/** Lines out of chunks. Throws when a line is longer than `longestLine`: the other side is not a keeper. */
export class LineReader {
  #pending: Buffer[] = []
  #length = 0

  read(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = []
    let rest = chunk
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      lines.push(this.#take(rest.subarray(0, end)))
      rest = rest.subarray(end + 1)
    }
    if (rest.length > 0) this.#keep(rest)
    return lines
  }

  #keep(part: Buffer): void {
    this.#length += part.length
    if (this.#length > longestLine) throw malformed('the length of a line')
    this.#pending.push(part)
  }

  #take(last: Buffer): Buffer {
    this.#keep(last)
    const line = Buffer.concat(this.#pending)
    for (const part of this.#pending) part.fill(0)
    this.#pending = []
    this.#length = 0
    return line
  }
}
