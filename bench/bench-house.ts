import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { systemClock } from '../src/core/clock.ts'
import { Database } from '../src/core/database.ts'
import { startEmbeddedDatabase } from '../src/core/embedded-database.ts'
import type { House } from '../src/core/house.ts'
import { DevelopmentOutbox } from '../src/core/mail.ts'
import { migrate } from '../src/core/migrations.ts'
import { makeRoles } from '../src/core/roles.ts'
import { SlotLease } from '../src/core/slot-lease.ts'
import { systemStopwatch } from '../src/core/stopwatch.ts'
import { markGeneration } from '../src/identity/address.ts'
import { startBenchKeeper } from './bench-keeper.ts'

export interface BenchHouse {
  house: House
  owner: Database
  keeperPid: number
  /** CPU microseconds used so far by this process, the keeper and PostgreSQL together; null where unknown. */
  cpu(): Promise<number | null>
  /** The same of each, in seconds. */
  cpuOfEach(): Promise<CpuSeconds | null>
  close(): Promise<void>
}

/** A real installation in a temporary folder: durable PostgreSQL in the server's role, the keeper under its flags. */
export async function openBenchHouse(): Promise<BenchHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'custode-bench-'))
  const sockets = join(folder, 's')
  const cluster = await startEmbeddedDatabase({
    ...{ folder: join(folder, 'db'), sockets, log: join(folder, 'postgres.log') },
  })
  const admin = new pg.Client(cluster.as('postgres', 'postgres'))
  await admin.connect()
  await makeRoles(admin, cluster.passwords)
  await admin.query('create database custode owner custode_owner')
  await admin.end()
  const owner = new Database({ ...cluster.as('custode_owner', 'custode'), max: 3 })
  await migrate(owner)
  const database = new Database(cluster.as('custode_server', 'custode'))
  const { client: keeper, pid, stop } = await startBenchKeeper(folder)
  const house: House = {
    ...{ database, keeper, clock: systemClock, slots: new SlotLease(keeper) },
    stopwatch: systemStopwatch,
    ...{ post: new DevelopmentOutbox(), publicUrl: 'http://localhost', demo: false },
  }
  return {
    ...{ house, owner, keeperPid: pid },
    cpu: async () => {
      const each = await cpuOf(pid)
      return each === null ? null : (each.server + each.keeper + each.postgres) * 1e6
    },
    cpuOfEach: () => cpuOf(pid),
    async close() {
      await stop()
      await Promise.all([database.end(), owner.end()])
      await cluster.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** The company of such an installation, open for customers. */
export async function openForCustomers({ house, owner }: BenchHouse): Promise<void> {
  const { organisation } = await house.keeper.status()
  const made = "insert into organisation (id, name, opened_at) values ($1, 'Bottega', now())"
  await owner.query(made, [organisation])
  await house.database.transaction(tx => markGeneration(tx, house))
}

const ticksPerSecond = 100

/** CPU seconds of the three processes that do the work, with children of theirs that have ended. */
export interface CpuSeconds {
  server: number
  keeper: number
  postgres: number
}

interface Running {
  parent: number
  program: string
  seconds: number
}

/** Null where there is no `/proc`. Only the PostgreSQL that this process has started counts: others may run beside it. */
async function cpuOf(keeper: number): Promise<CpuSeconds | null> {
  if (process.platform !== 'linux') return null
  const running = await listRunning()
  const isOurs = (pid: number): boolean => {
    if (pid === process.pid) return true
    const one = running.get(pid)
    return one !== undefined && one.parent > 1 && isOurs(one.parent)
  }
  const secondsOf = (pid: number) => running.get(pid)?.seconds ?? 0
  const postgres = [...running].filter(([pid, { program }]) => program === 'postgres' && isOurs(pid))
  return {
    ...{ server: secondsOf(process.pid), keeper: secondsOf(keeper) },
    postgres: postgres.reduce((sum, [pid]) => sum + secondsOf(pid), 0),
  }
}

async function listRunning(): Promise<Map<number, Running>> {
  const running = new Map<number, Running>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    // User and system time, of the process itself; of children that have ended where PostgreSQL ends its own.
    const ticks = [11, 12, ...(program === 'postgres' ? [13, 14] : [])]
    const seconds = ticks.reduce((sum, at) => sum + (fields[at] ?? 0), 0) / ticksPerSecond
    running.set(Number(name), { parent: fields[1] ?? 0, program, seconds })
  }
  return running
}
