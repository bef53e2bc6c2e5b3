import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import type pg from 'pg'
import { childEnvironment } from '../core/child-environment.ts'
import { ConfigError } from '../core/config.ts'
import { FailedStart } from './child.ts'
import type { Isolation } from './isolation.ts'
import type { ServerConfig, ServerMessage } from './server-config.ts'

const root = join(import.meta.dirname, '..', '..')
/** What the server reads of its own program. */
const own = ['src/', 'node_modules/', 'policies/', 'demo/', 'web/', 'package.json']

const home = join(root, 'policies')

/**
 * Node's flags that keep JavaScript in the server from all files but its own program and the log: neither keys nor
 * database, whatever runs in it, and it starts no other process and no thread. It needs one addon (argon2), and addons
 * are not bound by this.
 */
export function serverPermissions(logFolder: string, certificates: readonly string[] = []): string[] {
  const readable = [...own.map(name => join(root, name)), join(logFolder, '/'), ...certificates]
  return [
    '--permission',
    '--allow-addons',
    ...readable.map(path => `--allow-fs-read=${path}`),
    '--disable-warning=SecurityWarning',
  ]
}

/** What a connection to a mail server, a witness or an external database may need; settings go over the channel. */
const outward = 'NODE_EXTRA_CA_CERTS HTTPS_PROXY HTTP_PROXY NO_PROXY NODE_USE_ENV_PROXY PGSSLMODE'.split(' ')

/**
 * Refuses folders inside the program, which the server reads: it must not read the keys, nor the database with the
 * passwords beside it. Throws `ConfigError`.
 */
export function requireOutOfReach(folders: Record<string, string>): void {
  for (const [setting, folder] of Object.entries(folders))
    if (own.some(name => join(folder, '/').startsWith(join(root, name))))
      throw new ConfigError(`${setting} lies where the server reads its program: set it to another folder`)
}

const certificateParts = ['sslrootcert', 'sslcert', 'sslkey']

/** The files that a connection reads, by their absolute paths: the server has another working folder. */
export function withCertificates(access: pg.PoolConfig): { access: pg.PoolConfig; files: string[] } {
  const url = URL.parse(access.connectionString ?? '')
  const named = certificateParts.filter(part => url?.searchParams.get(part))
  if (url === null || named.length === 0) return { access, files: [] }
  const files = named.map(part => resolve(url.searchParams.get(part) ?? ''))
  named.forEach((part, at) => {
    url.searchParams.set(part, files[at] ?? '')
  })
  return { access: { ...access, connectionString: url.href }, files }
}

/**
 * Spawns the server process under its permissions; its configuration goes over the channel, so that no password shows
 * in a list. Of the supervisor's environment it has what it needs and nothing else.
 */
export function spawnServer(config: ServerConfig, isolation: Isolation): ChildProcess {
  const { coreless, dying } = isolation
  const server = withCertificates(config.server)
  const worker = withCertificates(config.worker)
  const flags = serverPermissions(config.logFolder, [...server.files, ...worker.files])
  const door = join(import.meta.dirname, 'serve.ts')
  const command = [...coreless, ...dying, process.execPath, ...flags, door]
  const [program = process.execPath, ...args] = command
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // graphile-worker looks for settings from here up to the home folder, and would stumble over what it may not read.
    cwd: home,
    env: childEnvironment({ NODE_ENV: 'production', HOME: home }, outward),
    detached: true,
  })
  child.on('error', () => {})
  child.send({ ...config, server: server.access, worker: worker.access }, () => {})
  return child
}

/** Resolves once the server listens. Throws `FailedStart` with its one line when it cannot. */
export function serverReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', message => {
      const said = message as ServerMessage
      if ('ready' in said) resolve()
      else reject(new FailedStart(said.failed))
    })
  })
}
