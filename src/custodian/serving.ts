import { fstatSync } from 'node:fs'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { KeeperRefusal } from '../keeper/client.ts'
import type { Custodian } from '../keeper/custodian.ts'
import { framesOf } from '../supervisor/frames.ts'
import { isGreeting, LineReader, perform, readRequest } from './wire.ts'

/** A custodian with whatever it holds open. */
export type Served = Custodian & { close?(): void | Promise<void> }

const mostWaiting = 32
/** How long somebody may be connected without greeting, and how often it is said that somebody was turned away. */
const patience = 5000
const everyMinute = 60_000

/**
 * The whole life of a custodian process: reads from its stdin the token by which it knows its keeper, opens the custodian,
 * listens on `--socket PATH` (0600) and says `{"ready":true,"kind":…}` on stdout. Ends with one plain line on stderr when
 * the custodian cannot be used (78 when trying again would not help, otherwise 1), and with 0 at SIGTERM or when its
 * supervisor dies, after what is under way was answered. Writes no secret anywhere but into the answer to `unwrap`.
 */
export async function runCustodian(open: () => Promise<Served>): Promise<void> {
  process.umask(0o077)
  try {
    const { values } = parseArgs({ options: { socket: { type: 'string' } } })
    if (values.socket === undefined) throw new MustChange('--socket PATH is missing')
    const token = await readToken()
    const custodian = await open()
    const desk = new Desk(custodian, token)
    const server = await listen(values.socket, socket => desk.attend(socket))
    onEnd(async () => {
      server.close()
      await desk.close()
      await custodian.close?.()
      process.exit(0)
    })
    process.stdout.write(`${JSON.stringify({ ready: true, kind: custodian.kind })}\n`)
  } catch (error) {
    const line = error instanceof KeeperRefusal ? (error.why ?? error.code) : framesOf(error).join('; ')
    const code = error instanceof MustChange ? mustChangeCode : 1
    process.stderr.write(`${line}\n`, () => process.exit(code))
  }
}

/** What stands in the way now, in one line; it may pass by itself. */
export const cannot = (why: string) => new KeeperRefusal('unavailable', { why })

/** The exit code with which a process ends that must not be started again before a person changed something. */
export const mustChangeCode = 78

/** What only a person can change: a setting, a PIN, a key that could leave its custodian. */
export class MustChange extends KeeperRefusal {
  constructor(why: string) {
    super('unavailable', { why })
  }
}

async function listen(path: string, attend: (socket: Socket) => void): Promise<Server> {
  // What a killed process of ours left there; the folder is private to this installation.
  await rm(path, { force: true })
  const server = createServer(attend)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  await chmod(path, 0o600)
  return server
}

function onEnd(end: () => Promise<void>): void {
  let ending = false
  const once = () => {
    if (ending) return
    ending = true
    void end()
  }
  process.once('SIGTERM', once)
  process.once('SIGINT', once)
  // The supervisor holds the other end of this pipe and writes no more: it closes when the supervisor is gone.
  const stdin = fstatSync(0)
  if (!stdin.isFIFO() && !stdin.isSocket()) return
  if (process.stdin.readableEnded) once()
  else process.stdin.once('end', once).once('error', once).resume()
}

/** The first line of stdin: 32 random bytes as base64url. */
function readToken(): Promise<string> {
  const none = new MustChange('its stdin begins with no token: a custodian is started by custode start')
  return new Promise((resolve, reject) => {
    let heard = ''
    const hear = (chunk: Buffer) => {
      heard += chunk
      const [line = '', ...rest] = heard.split('\n')
      if (rest.length === 0 && heard.length <= 43) return
      process.stdin.off('data', hear)
      if (/^[\w-]{43}$/.test(line)) resolve(line)
      else reject(none)
    }
    process.stdin
      .on('data', hear)
      .once('end', () => reject(none))
      .once('error', () => reject(none))
  })
}

/**
 * Answers requests one after the other, whatever connection they came by, so that no two acts of a custodian meet. Who
 * does not begin with the keeper's token is turned away at once: nobody waits for him.
 */
class Desk {
  readonly #custodian: Custodian
  readonly #token: string
  #saidAt = Number.NEGATIVE_INFINITY
  readonly #sockets = new Set<Socket>()
  #last: Promise<void> = Promise.resolve()

  constructor(custodian: Custodian, token: string) {
    this.#custodian = custodian
    this.#token = token
  }

  attend(socket: Socket): void {
    const reader = new LineReader()
    let waiting = 0
    let greeted = false
    const timer = setTimeout(() => this.#turnAway(socket, null), patience)
    this.#sockets.add(socket)
    socket.on('close', () => {
      clearTimeout(timer)
      this.#sockets.delete(socket)
    })
    socket.on('error', () => socket.destroy())
    socket.on('data', chunk => {
      if (socket.writableEnded) return
      let lines: Buffer[]
      try {
        lines = reader.read(chunk as Buffer)
      } catch (error) {
        if (greeted) socket.end(answer(null, refusalOf(error)))
        else this.#turnAway(socket, null)
        return
      }
      for (const line of lines) {
        greeted ||= this.#isKeeper(line)
        if (!greeted) return this.#turnAway(socket, line)
        clearTimeout(timer)
        if (++waiting >= mostWaiting) socket.pause()
        this.#last = this.#last
          .then(() => this.#answer(line, socket))
          .finally(() => {
            waiting--
            socket.resume()
          })
      }
    })
  }

  #isKeeper(line: Buffer): boolean {
    try {
      return isGreeting(readRequest(line), this.#token)
    } catch {
      return false
    }
  }

  #turnAway(socket: Socket, line: Buffer | null): void {
    line?.fill(0)
    const said = answer(null, { refused: 'unavailable', why: 'not the token of the keeper' })
    socket.end(said, () => socket.destroy())
    if (performance.now() - this.#saidAt < everyMinute) return
    this.#saidAt = performance.now()
    process.stderr.write('turned away somebody who did not begin with the token of the keeper\n')
  }

  async #answer(line: Buffer, socket: Socket): Promise<void> {
    let id: number | null = null
    let said: object
    try {
      const request = readRequest(line)
      id = request.id
      said = { ok: await perform(this.#custodian, request) }
    } catch (error) {
      said = refusalOf(error)
    } finally {
      line.fill(0)
    }
    const bytes = answer(id, said)
    if (socket.destroyed) return
    // A line without a number is no keeper's: the connection ends with it.
    if (id === null) socket.end(bytes)
    else await new Promise<void>(resolve => socket.write(bytes, () => resolve()))
    bytes.fill(0)
  }

  /** Answers what is under way, then ends every connection. */
  async close(): Promise<void> {
    await this.#last
    for (const socket of this.#sockets) socket.destroy()
  }
}

const answer = (id: number | null, said: object): Buffer =>
  Buffer.from(`${JSON.stringify({ id, ...said })}\n`)

function refusalOf(error: unknown): object {
  if (error instanceof KeeperRefusal) {
    const refused = error.code === 'gone' || error.code === 'malformed' ? error.code : 'unavailable'
    return { refused, why: error.why ?? refused }
  }
  process.stderr.write(`a fault in the custodian: ${framesOf(error).join('; ')}\n`)
  return { refused: 'unavailable', why: 'a fault in the custodian' }
}
