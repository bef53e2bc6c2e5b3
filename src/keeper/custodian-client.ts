import { connect, type Socket } from 'node:net'
import { type Custodian, type Destroyed, type Kept, Unreachable } from './custodian.ts'
import { parseKept } from './kept-file.ts'
import { KeeperRefusal } from './refusal.ts'

const longestLine = 64 * 1024
const patience = 30_000
/** Who does not even greet within this time is left alone for as long, so that nobody waits for it again and again. */
const patienceForHello = 5000
const keyLength = 32
const longestBlob = 16 * 1024
/** What a keeper at work can put off: whoever does not answer these is asked again later. */
const canWait: ReadonlySet<string> = new Set(['hello', 'list', 'newest.read', 'newest.write'])

interface Waiting {
  op: string
  resolve: (answer: Record<string, unknown>) => void
  reject: (error: Error) => void
  timer: NodeJS.Timeout
}

/**
 * A custodian that is a process of its own, over its Unix socket: one JSON object per line, `{id, op, …}` answered by
 * `{id, ok}` or `{id, refused, why}` (docs/formats.md, "Custodian processes"). It is greeted with a token, by which it
 * knows its keeper. It sees book keys and never slots.
 * Throws `Unreachable` when it does not answer, or cannot list its epochs or keep the checkpoint now; `KeeperRefusal`
 * (`gone`, `unavailable`) for whatever else it refuses. An answer without sense counts as a refusal, and ends the
 * connection. What it says is told to nobody but in one short line.
 */
export class CustodianClient implements Custodian {
  readonly id: string
  readonly kind: string
  readonly #path: string
  readonly #token: string
  #socket: Socket | undefined
  #opening: Promise<Socket> | undefined
  #next = 1
  readonly #waiting = new Map<number, Waiting>()
  #leftAlone = false

  constructor(at: { id: string; kind: string; path: string; token: string }) {
    this.id = at.id
    this.kind = at.kind
    this.#path = at.path
    this.#token = at.token
  }

  async createEpoch(epoch: number): Promise<void> {
    await this.#ask('createEpoch', { epoch })
  }

  async wrap(epoch: number, key: Buffer, aad: Buffer): Promise<Buffer> {
    const answer = await this.#ask('wrap', { epoch, key: base64(key), aad: base64(aad) })
    const blob = bytesIn(answer, 'blob')
    return blob !== null && blob.length > 0 && blob.length <= longestBlob ? blob : this.#nonsense('wrap')
  }

  async unwrap(epoch: number, blob: Buffer, aad: Buffer): Promise<Buffer> {
    const key = bytesIn(await this.#ask('unwrap', { epoch, blob: base64(blob), aad: base64(aad) }), 'key')
    return key?.length === keyLength ? key : this.#nonsense('unwrap')
  }

  async destroy(epoch: number): Promise<Destroyed> {
    const { state, at, method } = await this.#ask('destroy', { epoch })
    const known = state === 'destroyed' || state === 'scheduled'
    if (!known || !isTime(at) || !isCode(method)) return this.#nonsense('destroy')
    return { state, at: new Date(at).toISOString(), method }
  }

  async list(): Promise<number[]> {
    const { epochs } = await this.#ask('list')
    const isEpoch = (one: unknown) => Number.isSafeInteger(one) && (one as number) > 0
    if (!Array.isArray(epochs) || !epochs.every(isEpoch)) return this.#nonsense('list')
    return [...new Set(epochs as number[])].sort((a, b) => a - b)
  }

  async readNewest(): Promise<Kept | null> {
    const { kept } = await this.#ask('newest.read')
    if (kept === null) return null
    return parseKept(JSON.stringify(kept)) ?? this.#nonsense('newest.read')
  }

  async writeNewest(kept: Kept): Promise<void> {
    await this.#ask('newest.write', { kept })
  }

  /** Whoever answers so is asked anew over another connection, if at all. */
  #nonsense(op: string): never {
    this.#socket?.destroy()
    throw this.#refusal(op, 'unavailable', 'an answer without sense')
  }

  async #ask(op: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const socket = await this.#open()
    return new Promise((resolve, reject) => {
      const id = this.#next++
      const timer = setTimeout(
        () => {
          this.#waiting.delete(id)
          reject(this.#lost())
          socket.destroy()
          if (op === 'hello') this.#leaveAlone()
        },
        op === 'hello' ? patienceForHello : patience,
      )
      this.#waiting.set(id, { op, resolve, reject, timer })
      socket.write(`${JSON.stringify({ id, op, ...args })}\n`)
    })
  }

  #open(): Promise<Socket> {
    if (this.#socket !== undefined) return Promise.resolve(this.#socket)
    if (this.#leftAlone) return Promise.reject(this.#lost())
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  #leaveAlone(): void {
    this.#leftAlone = true
    setTimeout(() => {
      this.#leftAlone = false
    }, patienceForHello).unref()
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#path)
      let heard = ''
      socket.setEncoding('utf8')
      socket.on('data', text => {
        const lines = (heard + text).split('\n')
        heard = lines.pop() ?? ''
        if (heard.length > longestLine) return socket.destroy()
        for (const line of lines) if (!this.#settle(line)) return socket.destroy()
      })
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        if (this.#socket === socket) this.#socket = undefined
        this.#lose()
        reject(this.#lost())
      })
      socket.on('connect', () => {
        this.#socket = socket
        socket.unref()
        this.#ask('hello', { protocol: 2, token: this.#token }).then(
          told => {
            if (told.id === this.id && told.kind === this.kind) return resolve(socket)
            socket.destroy()
          },
          () => socket.destroy(),
        )
      })
    })
  }

  /** Hands an answer to whoever waits for it; false for a line that is none. */
  #settle(line: string): boolean {
    const said = answerIn(line)
    if (said === null) return false
    const waiting = this.#waiting.get(said.id)
    // One that came too late.
    if (waiting === undefined) return true
    this.#waiting.delete(said.id)
    clearTimeout(waiting.timer)
    if (said.ok !== null) waiting.resolve(said.ok)
    else waiting.reject(this.#refusal(waiting.op, said.refused, said.why))
    return true
  }

  #refusal(op: string, refused: unknown, told: unknown): Error {
    const why = `custodian ${this.id}: ${isPlainLine(told) ? told : 'it does not say why'}`
    if (canWait.has(op)) return new Unreachable(why)
    return new KeeperRefusal(refused === 'gone' ? 'gone' : 'unavailable', { why })
  }

  #lost(): Unreachable {
    return new Unreachable(`custodian ${this.id} cannot be reached`)
  }

  #lose(): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const one of waiting) {
      clearTimeout(one.timer)
      one.reject(this.#lost())
    }
  }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64')

interface Said {
  id: number
  ok: Record<string, unknown> | null
  refused: unknown
  why: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a line says, or null when it answers nothing. */
function answerIn(line: string): Said | null {
  let said: unknown
  try {
    said = JSON.parse(line)
  } catch {
    return null
  }
  if (!isObject(said) || typeof said.id !== 'number') return null
  const { id, ok, refused, why } = said
  return { id, ok: isObject(ok) ? ok : null, refused, why }
}

function bytesIn(answer: Record<string, unknown>, name: string): Buffer | null {
  const text = answer[name]
  return typeof text === 'string' ? Buffer.from(text, 'base64') : null
}

const isCode = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value)

const isTime = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT[\d:.]{5,16}(Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value))

/** Its words may reach a log: one short line, in which a key written out in any common way would not pass. */
const isPlainLine = (value: unknown): value is string =>
  typeof value === 'string' && /^[ -~]{1,300}$/.test(value) && !/[A-Za-z0-9+/=_-]{43}/.test(value)
