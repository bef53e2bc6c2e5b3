import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import type { CustodianChoice, CustodianKind } from '../core/config.ts'
import { ConfigError } from '../core/config.ts'
import { makePrivateFolder } from '../core/embedded-database.ts'
import { mustChangeCode } from '../custodian/serving.ts'
import type { Isolation } from './isolation.ts'

/** The custodians of an installation as the keeper is told of them. */
export interface Custodians {
  /** In the order of the configuration: `file:DIR`, or `KIND@SOCKET`. */
  words: string[]
  /** Of those that are processes, in their order: what each knows its keeper by, for as long as this supervisor runs. */
  tokens: string[]
  /** Ends the processes; the keeper ends before them. */
  end(): Promise<void>
}

export interface CustodianSite {
  /** The private folder of sockets of this installation. */
  sockets: string
  /** The keeper's folder, in which `file` lives unless told otherwise. */
  keeper: string
  isolation: Isolation
  /** Where each process finds its settings; it is given its own alone. */
  environment: NodeJS.ProcessEnv
  say(line: string): void
}

/** How long a custodian may take to say that it is ready, in milliseconds, and the waits between two tries. */
const patience = 20_000
const shortest = 500
const slowest = 60_000

const always = ['PATH', 'HOME', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY']
const own: Record<CustodianKind, RegExp> = {
  file: /^$/,
  pkcs11: /^(CUSTODE_PKCS11_[A-Z0-9_]+|SOFTHSM2_CONF)$/,
  'vault-transit': /^CUSTODE_VAULT_[A-Z0-9_]+$/,
  'aws-kms': /^(AWS|CUSTODE_KMS)_[A-Z0-9_]+$/,
}

/**
 * Starts a process for each custodian but `file`, and keeps it running. One that cannot be used now is no reason not
 * to start: a line says why, it is tried again until `end`, and whether the others suffice is the keeper's to judge.
 * Throws `ConfigError` when a socket's path is too long.
 */
export async function startCustodians(choices: CustodianChoice[], at: CustodianSite): Promise<Custodians> {
  const folder = join(at.sockets, 'custodians')
  await makePrivateFolder(folder)
  const running: RunningCustodian[] = []
  const tokens: string[] = []
  const words = choices.map(({ kind, folder: held }) => {
    if (kind === 'file') return `file:${held ?? join(at.keeper, 'custodian')}`
    const socket = join(folder, `${kind}.sock`)
    if (Buffer.byteLength(socket) > 107)
      throw new ConfigError(`the path ${socket} is too long for a socket: set TMPDIR to a shorter folder`)
    const token = randomBytes(32).toString('base64url')
    tokens.push(token)
    running.push(new RunningCustodian(kind, { ...at, socket, token }))
    return `${kind}@${socket}`
  })
  await Promise.all(running.map(custodian => custodian.start()))
  return {
    words,
    tokens,
    end: async () => void (await Promise.all(running.map(custodian => custodian.end()))),
  }
}

/** Of one custodian's process. */
interface ProcessSite extends CustodianSite {
  socket: string
  /** By which it knows its keeper: written to its stdin, so that no list of processes shows it. */
  token: string
}

/**
 * Spawns one custodian. Its environment holds its own settings alone; it may use the network; it ends when the pipe to
 * its stdin closes, so also when this process is killed. What it says on stderr is passed on with its name before it.
 */
function spawnCustodian(kind: CustodianKind, at: ProcessSite): ChildProcess {
  const { coreless, dying } = at.isolation
  const door = join(import.meta.dirname, '..', 'custodian', `${kind}.ts`)
  const command = [...coreless, ...dying, process.execPath, door, '--socket', at.socket]
  const [program = process.execPath, ...args] = command
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { LANG: 'C.UTF-8', TZ: 'UTC', ...environmentOf(kind, at.environment) },
    detached: true,
  })
  child.stdin?.on('error', () => {})
  child.stdin?.write(`${at.token}\n`)
  if (child.stderr !== null)
    createInterface({ input: child.stderr }).on('line', line => at.say(`the custodian ${kind}: ${line}`))
  return child
}

/** The settings that a custodian may see. */
export function environmentOf(kind: CustodianKind, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = kind === 'pkcs11' ? (environment.CUSTODE_PKCS11_ENVIRONMENT ?? '').split(',') : []
  const names = [...always, ...named.map(name => name.trim()).filter(name => name !== 'NODE_OPTIONS')]
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => names.includes(name) || own[kind].test(name)),
  )
}

/** One custodian process, run again whenever it ends, ever more slowly; left alone when only a person can help it. */
class RunningCustodian {
  readonly #kind: CustodianKind
  readonly #at: ProcessSite
  readonly #ending = new AbortController()
  #child: ChildProcess | undefined
  #life: Promise<void> = Promise.resolve()

  constructor(kind: CustodianKind, at: ProcessSite) {
    this.#kind = kind
    this.#at = at
  }

  /** Resolves when it is ready, or when its first try failed. */
  start(): Promise<void> {
    return new Promise(tried => {
      this.#life = this.#live(tried)
    })
  }

  async #live(tried: () => void): Promise<void> {
    const { signal } = this.#ending
    let pause = shortest
    while (!signal.aborted) {
      const { ended, code } = await this.#run(() => {
        pause = shortest
        tried()
      })
      tried()
      if (signal.aborted) return
      if (code === mustChangeCode)
        return this.#at.say(`the custodian ${this.#kind} is left out until Custode is started again`)
      this.#at.say(`the custodian ${this.#kind} ${ended}; starting it again`)
      await wait(pause, undefined, { signal }).catch(() => {})
      pause = Math.min(pause * 2, slowest)
    }
  }

  /** One life of the process: resolves with how it ended. One that is not ready in time is killed. */
  #run(ready: () => void): Promise<{ ended: string; code: number | null }> {
    const child = spawnCustodian(this.#kind, this.#at)
    this.#child = child
    const timer = setTimeout(() => child.kill('SIGKILL'), patience)
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', line => {
        if (!line.startsWith('{"ready":true')) return
        clearTimeout(timer)
        ready()
      })
    return new Promise(resolve => {
      const end = (ended: string, code: number | null) => {
        clearTimeout(timer)
        resolve({ ended, code })
      }
      child.once('error', () => end('could not be run', null))
      child.once('close', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`, code))
    })
  }

  async end(): Promise<void> {
    this.#ending.abort()
    this.#child?.kill('SIGTERM')
    const timer = setTimeout(() => this.#child?.kill('SIGKILL'), patience)
    await this.#life
    clearTimeout(timer)
  }
}
