import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { KeeperClient, keeperArguments, keeperFolders, keeperInput } from '../src/keeper/client.ts'
import { testToken } from './custodian.ts'

/** A keeper that ended before it said `ready`. */
export class FailedStart extends Error {
  override readonly name = 'FailedStart'
  readonly code: number | null
  /** What it said on its error stream. */
  readonly said: string

  constructor(code: number | null, said: string) {
    super(said.trim() === '' ? `the keeper ended with ${code}` : said.trim())
    this.code = code
    this.said = said
  }
}

export interface KeeperProcess {
  client: KeeperClient
  folder: string
  socket: string
  pid: number
  /** What the keeper said on its error stream so far. */
  said(): string
  /** SIGKILL, as a power cut would; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves when the process has ended, and refuses when it did not end cleanly. */
  stop(): Promise<void>
  /** Starts the keeper again on the same folder, after ending this one cleanly if it still lives. */
  restart(options?: StartOptions): Promise<KeeperProcess>
  /** Resolves with the signal or code with which the process ends. */
  ended: Promise<string | number | null>
}

export interface StartOptions {
  /** A keeper's folder; a fresh temporary one unless told. */
  folder?: string
  /** Where it listens; in a fresh folder unless told. */
  socket?: string
  places?: string[]
  /** `file:DIR` or `ID@SOCKET`; kept by a restart. */
  custodians?: string[]
  env?: Record<string, string>
  /** The most people that one employee may read within an hour for one purpose. */
  readings?: number
  /** The most that all customers together may read of their own, and the most fingerprints without a grant. */
  ownReadings?: number
  fingerprints?: number
  /** Whole card numbers are taken in. */
  cardNumbers?: boolean
  /** Started to bring an older database back. */
  restoring?: boolean
  /** Checkpoints that witnesses have shown. */
  witnessed?: string[]
  /** A program, with its arguments, that runs the keeper's command line: strace, for instance. */
  under?: string[]
}

const started = new Set<ChildProcess>()
const made: string[] = []

function clear(): void {
  for (const child of started) child.kill('SIGKILL')
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}
process.on('exit', clear)
// The runner ends its workers with this signal; after the other listeners of it the process ends as it would have.
process.once('SIGTERM', () => {
  clear()
  setImmediate(() => process.exit(143))
})

/** A folder that goes with the tests, with a short path, since a socket's path ends at 107 bytes. */
async function shortFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`))
  made.push(folder)
  return folder
}

/** Starts the real keeper with its real flags and connects to it. Throws `FailedStart` when it ends first. */
export async function startKeeper(options: StartOptions = {}): Promise<KeeperProcess> {
  const folder = options.folder ?? join(await shortFolder('keeper'), 'keeper')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const socket = options.socket ?? join(await shortFolder('sock'), 'keeper')
  const sockets = dirname(socket)
  await mkdir(sockets, { recursive: true, mode: 0o700 })
  const { places = [], custodians = [] } = options
  const { readings, ownReadings, fingerprints } = options
  const budget = Object.fromEntries(
    Object.entries({ readings, ownReadings, fingerprints }).filter(([, most]) => most !== undefined),
  )
  const site = {
    folder,
    socket,
    places,
    custodians,
    tokens: custodians.filter(word => word.includes('@')).map(() => testToken),
    restoring: options.restoring === true,
    cardNumbers: options.cardNumbers === true,
    ...budget,
    witnessed: (options.witnessed ?? []).map(note => ({ note, by: 'a witness' })),
  }
  for (const made of keeperFolders(site)) await mkdir(made, { recursive: true, mode: 0o700 })
  const command = [...(options.under ?? []), process.execPath, ...keeperArguments(site)]
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...options.env },
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(keeperInput(site))
  started.add(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  const ended = new Promise<string | number | null>(resolve => {
    child.on('close', (code, signal) => {
      started.delete(child)
      rm(sockets, { recursive: true, force: true }).then(
        () => resolve(signal ?? code),
        () => resolve(signal ?? code),
      )
    })
  })
  const lines = createInterface({ input: child.stdout })
  const ready = new Promise<{ pid: number }>(resolve => {
    lines.once('line', line => resolve(JSON.parse(line)))
  })
  const first = await Promise.race([ready, ended])
  if (typeof first !== 'object' || first === null) {
    throw new FailedStart(typeof first === 'number' ? first : null, said)
  }
  // Of the keeper itself, whatever program it runs under.
  const { pid } = first
  const client = await KeeperClient.connect(socket)
  const signal = async (name: 'SIGKILL' | 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) process.kill(pid, name)
    const how = await ended
    await client.close()
    if (name === 'SIGTERM' && how !== 0) throw new FailedStart(typeof how === 'number' ? how : null, said)
  }
  return {
    client,
    folder,
    socket,
    pid,
    said: () => said,
    kill: () => signal('SIGKILL'),
    stop: () => signal('SIGTERM'),
    ended,
    restart: async again => {
      if (child.exitCode === null && child.signalCode === null) await signal('SIGTERM')
      await client.close()
      return startKeeper({ places, custodians, ...again, folder })
    },
  }
}

/** Copies a keeper's folder as a thief or a backup would; the lock, a socket, stays behind. */
export async function copyKeeper(folder: string): Promise<string> {
  const copy = join(await shortFolder('copy'), 'keeper')
  await cp(folder, copy, { recursive: true, filter: path => !path.endsWith('/lock') })
  return copy
}
