import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

/** `custode start` as a user runs it, on folders and a port of its own. */
export class Program {
  readonly folder: string
  readonly port: number
  readonly #environment: NodeJS.ProcessEnv
  #child: ChildProcess | undefined
  #ended: Promise<number | null> = Promise.resolve(null)
  output = ''

  private constructor(folder: string, port: number, environment: NodeJS.ProcessEnv) {
    this.folder = folder
    this.port = port
    this.#environment = {
      ...process.env,
      CUSTODE_DATA: join(folder, 'data'),
      CUSTODE_KEEPER: join(folder, 'keeper'),
      PORT: String(port),
      ...environment,
    }
  }

  static async make(environment: NodeJS.ProcessEnv = {}): Promise<Program> {
    const folder = await mkdtemp(join(tmpdir(), 'custode-program-'))
    return new Program(folder, await freePort(), environment)
  }

  /** The same installation with other settings. */
  with(environment: NodeJS.ProcessEnv): Program {
    return new Program(this.folder, this.port, { ...this.#environment, ...environment })
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Starts it and waits until it is up (true) or has ended (false). */
  async start(...args: string[]): Promise<boolean> {
    this.output = ''
    const child = spawn(process.execPath, [main, 'start', ...args], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#ended = new Promise(resolve => child.once('exit', code => resolve(code)))
    const up = new Promise<boolean>(resolve => {
      const hear = (chunk: Buffer) => {
        this.output += chunk
        if (this.output.includes('Ctrl-C ends it.')) resolve(true)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
    })
    return await Promise.race([up, this.#ended.then(() => false)])
  }

  /** Runs another command on the same folders to its end; `hear` is told what it says, and may end it. */
  async run(
    args: string[],
    hear: (said: string, child: ChildProcess) => void = () => {},
  ): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk
      hear(output, child)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const code = await new Promise<number | null>(resolve => child.once('close', resolve))
    return { code, output }
  }

  /** Its running children by what their command line holds; Linux only. */
  children(part: string): number[] {
    const found: number[] = []
    for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      try {
        const parent = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        if (Number(parent) === this.pid && command.includes(part)) found.push(Number(name))
      } catch {
        // It has ended meanwhile.
      }
    }
    return found
  }

  /** The only child whose command line holds this. */
  child(part: string): number {
    const [pid, ...others] = this.children(part)
    if (pid === undefined || others.length > 0) throw new Error(`not exactly one process: ${part}`)
    return pid
  }

  /** Sends a signal and answers with the exit code. */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.#child?.kill(signal)
    return await this.#ended
  }

  /** Ends it, if it still runs, and removes its folders. */
  async remove(): Promise<void> {
    await this.end()
    await rm(this.folder, { recursive: true, force: true })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
