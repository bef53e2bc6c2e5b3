import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CustodianClient } from '../src/keeper/custodian-client.ts'

const doors = join(import.meta.dirname, '..', 'src', 'custodian')
const started = new Set<ChildProcess>()
const folders: string[] = []
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** By which every custodian of a test knows its keeper. */
export const testToken = 'T'.repeat(43)

/** A custodian process as the supervisor starts it, and the keeper's own client of it. */
export class CustodianProcess {
  readonly kind: string
  readonly socket: string
  readonly #environment: Record<string, string>
  readonly #token: string
  #child: ChildProcess | undefined
  #ended: Promise<string | number | null> = Promise.resolve(null)
  #client: CustodianClient | undefined
  /** All that it wrote on both streams. */
  said = ''

  constructor(kind: string, environment: Record<string, string>, token = testToken) {
    this.kind = kind
    this.#token = token
    this.#environment = environment
    const folder = mkdtempSync(join(tmpdir(), 'custode-custodian-'))
    folders.push(folder)
    this.socket = join(folder, `${kind}.sock`)
  }

  get client(): CustodianClient {
    this.#client ??= new CustodianClient({
      id: this.kind,
      kind: this.kind,
      path: this.socket,
      token: testToken,
    })
    return this.#client
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Resolves with true once it is ready, with false when it ended before. */
  async start(): Promise<boolean> {
    const child = spawn(process.execPath, [join(doors, `${this.kind}.ts`), '--socket', this.socket], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', ...this.#environment },
    })
    child.stdin?.on('error', () => {})
    child.stdin?.write(`${this.#token}\n`)
    this.#child = child
    this.#client = undefined
    started.add(child)
    this.#ended = new Promise(resolve => {
      child.once('close', (code, signal) => {
        started.delete(child)
        resolve(signal ?? code)
      })
    })
    const ready = new Promise<boolean>(resolve => {
      const hear = (chunk: Buffer) => {
        this.said += chunk
        if (this.said.includes('{"ready":true')) resolve(true)
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
    })
    return await Promise.race([ready, this.#ended.then(() => false)])
  }

  /** Ends it with a signal; resolves with the code or signal it ended by. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<string | number | null> {
    this.#child?.kill(signal)
    return await this.#ended
  }

  /** Closes what the supervisor would hold open: as if it had died. */
  async orphan(): Promise<string | number | null> {
    this.#child?.stdin?.destroy()
    return await this.#ended
  }

  /** SIGKILL and a new process. */
  async restart(): Promise<void> {
    await this.end('SIGKILL')
    this.said = ''
    if (!(await this.start())) throw new Error(`the custodian did not start again: ${this.said}`)
  }
}
