import { connect, type Socket } from 'node:net'
import { type Custodian, type Destroyed, type Kept, Unreachable } from './custodian.ts'
import { parseKept } from './kept-file.ts'
import { KeeperRefusal } from './refusal.ts'

const longestLine = 64 * 1024
const patience = 30_000

interface Waiting {
  resolve: (answer: Record<string, unknown>) => void
  reject: (error: Error) => void
  timer: NodeJS.Timeout
}

/**
 * A custodian that is a process of its own, over its Unix socket: one JSON object per line, `{id, op, …}` answered by
 * `{id, ok}` or `{id, refused, why}` (docs/formats.md, "Custodian processes"). It sees book keys and never slots.
 * Throws `Unreachable` when it does not answer, `KeeperRefusal` (`gone`, `unavailable`) for what it refuses.
 */
export class CustodianClient implements Custodian {
  readonly id: string
  readonly kind: string
  readonly #path: string
  #socket: Socket | undefined
  #opening: Promise<Socket> | undefined
  #next = 1
  readonly #waiting = new Map<number, Waiting>()

  constructor(at: { id: string; kind: string; path: string }) {
    this.id = at.id
    this.kind = at.kind
    this.#path = at.path
  }

  async createEpoch(epoch: number): Promise<void> {
    await this.#ask('createEpoch', { epoch })
  }

  async wrap(epoch: number, key: Buffer, aad: Buffer): Promise<Buffer> {
    return bytesIn(await this.#ask('wrap', { epoch, key: base64(key), aad: base64(aad) }), 'blob')
  }

  async unwrap(epoch: number, blob: Buffer, aad: Buffer): Promise<Buffer> {
    return bytesIn(await this.#ask('unwrap', { epoch, blob: base64(blob), aad: base64(aad) }), 'key')
  }

  async destroy(epoch: number): Promise<Destroyed> {
    const { state, at, method } = await this.#ask('destroy', { epoch })
    const known = state === 'destroyed' || state === 'scheduled'
    if (!known || typeof at !== 'string' || typeof method !== 'string') throw nonsense('destroy')
    return { state, at, method }
  }

  async list(): Promise<number[]> {
    const { epochs } = await this.#ask('list')
    if (!Array.isArray(epochs) || !epochs.every(epoch => Number.isSafeInteger(epoch))) throw nonsense('list')
    return [...(epochs as number[])].sort((a, b) => a - b)
  }

  async readNewest(): Promise<Kept | null> {
    const { kept } = await this.#ask('newest.read')
    if (kept === null) return null
    const parsed = parseKept(JSON.stringify(kept))
    if (parsed === null) throw nonsense('newest.read')
    return parsed
  }

  async writeNewest(kept: Kept): Promise<void> {
    await this.#ask('newest.write', { kept })
  }

  async #ask(op: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const socket = await this.#open()
    return new Promise((resolve, reject) => {
      const id = this.#next++
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(this.#lost())
        socket.destroy()
      }, patience)
      this.#waiting.set(id, { resolve, reject, timer })
      socket.write(`${JSON.stringify({ id, op, ...args })}\n`)
    })
  }

  #open(): Promise<Socket> {
    if (this.#socket !== undefined) return Promise.resolve(this.#socket)
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#path)
      let heard = ''
      socket.setEncoding('utf8')
      socket.on('data', text => {
        heard += text
        if (heard.length > longestLine) return socket.destroy()
        const lines = heard.split('\n')
        heard = lines.pop() ?? ''
        for (const line of lines) this.#settle(line, socket)
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
        this.#ask('hello', { protocol: 1 }).then(
          told => {
            if (told.id === this.id && told.kind === this.kind) return resolve(socket)
            socket.destroy()
          },
          () => socket.destroy(),
        )
      })
    })
  }

  #settle(line: string, socket: Socket): void {
    let said: Record<string, unknown>
    try {
      said = JSON.parse(line) as Record<string, unknown>
    } catch {
      socket.destroy()
      return
    }
    const waiting = this.#waiting.get(Number(said.id))
    if (waiting === undefined) return
    this.#waiting.delete(Number(said.id))
    clearTimeout(waiting.timer)
    if (typeof said.ok === 'object' && said.ok !== null) waiting.resolve(said.ok as Record<string, unknown>)
    else waiting.reject(this.#refusal(said))
  }

  #refusal({ refused, why }: Record<string, unknown>): Error {
    const code = refused === 'gone' ? 'gone' : 'unavailable'
    return new KeeperRefusal(code, { why: `custodian ${this.id}: ${typeof why === 'string' ? why : code}` })
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

const nonsense = (op: string) =>
  new KeeperRefusal('unavailable', { why: `a custodian answers ${op} with nonsense` })

function bytesIn(answer: Record<string, unknown>, name: string): Buffer {
  const text = answer[name]
  if (typeof text !== 'string') throw nonsense(name)
  return Buffer.from(text, 'base64')
}
