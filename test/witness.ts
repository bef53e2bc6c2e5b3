import { type ChildProcess, spawn } from 'node:child_process'
import { hash, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leafHash, Tree } from '../src/keeper/merkle.ts'
import { checkpointText, formatVkey, signerOf, signNote } from '../src/keeper/note.ts'
import { privateKeyOf } from './log.ts'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')
const started = new Set<ChildProcess>()
const folders: string[] = []
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** `custode witness` as somebody elsewhere runs it, on a folder of its own. */
export class WitnessProcess {
  readonly folder: string
  readonly #logs: string[]
  readonly #name: string
  #child: ChildProcess | undefined
  #ended: Promise<string | number | null> = Promise.resolve(null)
  #listen = '127.0.0.1:0'
  output = ''

  constructor(logs: string[], options: { name?: string; folder?: string } = {}) {
    this.folder = options.folder ?? join(mkdtempSync(join(tmpdir(), 'custode-witness-')), 'witness')
    folders.push(this.folder)
    this.#logs = logs
    this.#name = options.name ?? 'witness.example/pia'
  }

  /** True once it listens, at the same port each time; false when it ended before. */
  async start(env: Record<string, string> = {}): Promise<boolean> {
    this.output = ''
    const logs = this.#logs.flatMap(vkey => ['--log', vkey])
    const args = ['witness', this.folder, '--name', this.#name, '--listen', this.#listen, ...logs]
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', ...env },
    })
    this.#child = child
    started.add(child)
    this.#ended = new Promise(resolve => {
      child.once('close', (code, signal) => {
        started.delete(child)
        resolve(signal ?? code)
      })
    })
    const up = new Promise<boolean>(resolve => {
      const hear = (chunk: Buffer) => {
        this.output += chunk
        if (this.output.includes('Ctrl-C ends it.')) resolve(true)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
    })
    const isUp = await Promise.race([up, this.#ended.then(() => false)])
    if (isUp) this.#listen = new URL(this.url).host
    return isUp
  }

  get url(): string {
    return /listening at (\S+);/.exec(this.output)?.[1] ?? `http://${this.#listen}`
  }

  /** The verifier key that it printed. */
  get key(): string {
    return /key {6}(\S+)/.exec(this.output)?.[1] ?? ''
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Sends a signal, if it still runs, and answers with the code or signal with which it ended. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<string | number | null> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal)
    return this.#ended
  }

  add(body: string | Uint8Array): Promise<Response> {
    return fetch(`${this.url}/add-checkpoint`, { method: 'POST', body: body as string })
  }

  /** The newest checkpoint that it has cosigned of the log with this origin, or null. */
  async newest(origin: string): Promise<string | null> {
    const answer = await fetch(`${this.url}/checkpoint/${hash('sha256', origin, 'hex')}`)
    return answer.status === 404 ? null : answer.text()
  }
}

/** A log of leaves alone, made without the code under test, that signs whatever tree it is told to. */
export class LeafLog {
  readonly origin: string
  readonly #key: KeyObject
  readonly #tree = new Tree()

  constructor(origin = 'custode/leaves', seed = 7) {
    this.origin = origin
    this.#key = privateKeyOf(Buffer.alloc(32, seed))
  }

  get vkey(): string {
    return formatVkey(signerOf(this.origin, this.#key))
  }

  get size(): number {
    return this.#tree.size
  }

  /** Leaves of another `history` are others. */
  grow(leaves: number, history = 'true'): this {
    for (let at = 0; at < leaves; at++)
      this.#tree.append(leafHash(Buffer.from(`${history} ${this.#tree.size}`)))
    return this
  }

  checkpoint(size = this.#tree.size, running = '00'): string {
    const at = { origin: this.origin, size, root: this.#tree.root(size) }
    const text = checkpointText({ ...at, running: Buffer.from(running.repeat(32), 'hex') })
    return signNote(text, signerOf(this.origin, this.#key))
  }

  /** The body of add-checkpoint. */
  submission(old: number, size = this.#tree.size): string {
    const proof = this.#tree.consistency(Math.min(old, size), size).map(one => `${one.toString('base64')}\n`)
    return `old ${old}\n${proof.join('')}\n${this.checkpoint(size)}`
  }
}
