import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Custodian, Kept } from '../src/keeper/custodian.ts'

/** One way to answer a request: what is written, and whether the connection ends then. */
export interface Nonsense {
  text: string
  ends: boolean
}

/** Answers of every kind that no custodian gives. `ID` stands for the number of the request. */
export const nonsense: fc.Arbitrary<Nonsense> = fc.record({
  text: fc.oneof(
    fc.constantFrom(
      ...[
        '',
        '\n',
        'null\n',
        '5\n',
        '"x"\n',
        '[]\n',
        '{}\n',
        '{"id":null}\n',
        '{"id":{"valueOf":1,"toString":1}}\n',
      ],
      ...[
        '{"id":ID}\n',
        '{"id":ID,"ok":null}\n',
        '{"id":ID,"ok":5}\n',
        '{"id":ID,"ok":{}}\n',
        '{"id":"ID","ok":{}}\n',
      ],
      ...[
        '{"id":-1,"ok":{}}\n',
        '{"id":999999,"ok":{}}\n',
        '{"id":ID,"ok":{"epochs":"all"}}\n',
        '{"id":ID,"ok":{"epochs":[0.5]}}\n',
      ],
      ...['{"id":ID,"ok":{"kept":5}}\n', '{"id":ID,"ok":{"kept":{"version":1,"fence":0,"note":"\\n\\n"}}}\n'],
      ...['{"id":ID,"ok":{"blob":"!","key":"AAAA","state":"gone","at":1}}\n', '{"id":ID,"refused":{}}\n'],
      ...[
        '{"id":ID,"refused":"gone","why":"REQUEST"}\n',
        '{"id":ID,"refused":"unavailable","why":"REQUEST"}\n',
      ],
      ...[
        '{"id":ID,"ok":{"kept":{"version":1,"fence":-5,"note":"x"},"epochs":[7],"blob":"AA==","key":"AA=="}}\n',
      ],
      ...[`${'x'.repeat(70_000)}`, `${'x'.repeat(200_000)}\n`, '['.repeat(60_000), `${'['.repeat(60_000)}\n`],
    ),
    fc.string({ unit: 'binary', maxLength: 200 }).map(text => `${text}\n`),
    fc.jsonValue({ maxDepth: 2 }).map(value => `{"id":ID,"ok":${JSON.stringify(value)}}\n`),
  ),
  ends: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})

/**
 * A custodian over a socket that answers truly, as another does, until it is given nonsense to say. What it is asked is
 * kept, so that a test can look for it elsewhere.
 */
export class NonsenseCustodian {
  readonly kind = 'vault-transit'
  readonly socket: string
  readonly #server: Server
  readonly #true: Custodian
  readonly #folder: string
  readonly #sockets = new Set<Socket>()
  /** What to answer to each operation; null is silence. */
  say: ((op: string) => Nonsense | null | 'truth') | null = null
  asked = 0
  /** Milliseconds after which a connection on which nonsense was said, or nothing, ends: none waits half a minute. */
  patience: number | null = null

  private constructor(truth: Custodian) {
    this.#true = truth
    this.#folder = mkdtempSync(join(tmpdir(), 'custode-nonsense-'))
    this.socket = join(this.#folder, 'c.sock')
    this.#server = createServer(socket => this.#attend(socket))
  }

  static async start(truth: Custodian): Promise<NonsenseCustodian> {
    const custodian = new NonsenseCustodian(truth)
    await new Promise<void>(resolve => custodian.#server.listen(custodian.socket, resolve))
    return custodian
  }

  #attend(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let heard = ''
    socket.setEncoding('utf8').on('data', text => {
      const lines = (heard + text).split('\n')
      heard = lines.pop() ?? ''
      for (const line of lines) void this.#answer(line, socket)
    })
  }

  async #answer(line: string, socket: Socket): Promise<void> {
    const asked = JSON.parse(line) as Record<string, unknown>
    this.asked++
    const said = this.say === null ? 'truth' : this.say(String(asked.op))
    if (said !== 'truth' && this.patience !== null) setTimeout(() => socket.destroy(), this.patience)
    if (said === null) return
    if (said !== 'truth') {
      const text = said.text
        .replaceAll('ID', String(asked.id))
        .replaceAll('REQUEST', JSON.stringify(line).slice(1, -1))
      if (said.ends) socket.end(text)
      else socket.write(text)
      return
    }
    const answer = await this.#perform(asked).then(
      ok => ({ ok }),
      () => ({ refused: 'gone', why: 'it is gone' }),
    )
    socket.write(`${JSON.stringify({ id: asked.id, ...answer })}\n`)
  }

  async #perform(asked: Record<string, unknown>): Promise<object> {
    const epoch = Number(asked.epoch)
    const bytes = (name: string) => Buffer.from(String(asked[name]), 'base64')
    switch (asked.op) {
      case 'hello':
        return { protocol: 1, id: this.kind, kind: this.kind }
      case 'createEpoch':
        await this.#true.createEpoch(epoch)
        return {}
      case 'wrap':
        return { blob: (await this.#true.wrap(epoch, bytes('key'), bytes('aad'))).toString('base64') }
      case 'unwrap':
        return { key: (await this.#true.unwrap(epoch, bytes('blob'), bytes('aad'))).toString('base64') }
      case 'destroy':
        return this.#true.destroy(epoch)
      case 'list':
        return { epochs: await this.#true.list() }
      case 'newest.read':
        return { kept: await this.#true.readNewest() }
      default:
        await this.#true.writeNewest(asked.kept as Kept)
        return {}
    }
  }

  /** Ends every connection; new ones are still taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async end(): Promise<void> {
    this.cut()
    await new Promise(resolve => this.#server.close(resolve))
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
