import { brokenConstraint, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { asRefusal } from '../core/http.ts'
import { newId } from '../core/ids.ts'
import { addJob, type Jobs } from '../core/jobs.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { type ImportAdapter, type ImportReport, importFile, type LineFault } from '../storage/import.ts'
import { withJobGrant } from './grant.ts'
import { hearingImports } from './imported-claim.ts'

/** How far an uploaded file has come: counts, never whom it names. */
export interface ImportRun {
  id: string
  /** Null until the file was read. */
  import: string | null
  begun_by: string
  begun_at: Date
  done: number
  total: number
  ended_at: Date | null
  failure: 'stopped' | 'unavailable' | 'invalid' | 'too_large' | 'internal' | null
}

type Officer = Pick<Session, 'subject' | 'actor'>

/** A run whose process has gone does not move any more. */
const stillAfter = 2 * 60_000
const reportDays = 30
/** The most addresses of one file that was uploaded. */
const mostAddresses = 1_000_000

const columns = `r.id, r.import, e.pseudonym as begun_by, r.begun_at, r.done, r.total, r.ended_at, r.failure`

/** The newest runs; one whose process has gone is ended first, and says so. */
export async function listRuns(house: House): Promise<ImportRun[]> {
  await endStill(house)
  return house.database.query<ImportRun>(
    `select ${columns} from import_run r join employee e on e.id = r.begun_by
      order by r.begun_at desc, r.id limit 200`,
  )
}

/** One run. Refuses `not_found`. */
export async function getRun(house: House, id: string): Promise<ImportRun> {
  await endStill(house)
  return house.database.one<ImportRun>(
    `select ${columns} from import_run r join employee e on e.id = r.begun_by where r.id = $1`,
    [id],
  )
}

/** Gives the work a grant under which the addresses of a whole file are fingerprinted. */
export const withFingerprints = <T>(
  house: House,
  work: (under: { grant: string; secret: string }) => Promise<T>,
  most = mostAddresses,
): Promise<T> =>
  withJobGrant(
    house,
    {
      ...{ subjects: [], fields: ['email'], compartments: ['contact'] },
      ...{ purpose: 'service', minutes: 12 * 60, most },
    },
    ({ id, secret }) => work({ grant: id, secret }),
  )

/**
 * The runs of one server process. A run is carried out in the process that holds its file. How far it came is written down
 * about once a second, so that any process can show it.
 */
export class ImportRuns {
  readonly #house: House
  readonly #running = new Set<Promise<void>>()
  #stopping = false

  constructor(house: House) {
    this.#house = house
  }

  /**
   * Begins to take a file in and answers at once. Refuses `conflict` while another file is being taken in, here or in another
   * process.
   */
  async begin<Parsed>(
    by: Officer,
    what: { adapter: ImportAdapter<Parsed>; source: string },
    held: (work: () => Promise<void>) => Promise<void>,
  ): Promise<ImportRun> {
    const house = this.#house
    await endStill(house)
    const id = newId()
    await house.database.transaction(tx => insertRun(tx, house, id, by))
    const running = held(() => this.#carryOut(id, by, what))
      .catch(() => {})
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
    return getRun(house, id)
  }

  /** Stops what runs after the lines that are under way: nothing is half kept, and the same file goes on from there. */
  async close(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#running)
  }

  async #carryOut<Parsed>(
    id: string,
    by: Officer,
    { adapter, source }: { adapter: ImportAdapter<Parsed>; source: string },
  ): Promise<void> {
    const house = this.#house
    const steps = new Steps(house, id)
    try {
      const report = await withFingerprints(house, under =>
        importFile(house, {
          ...{ adapter, file: 'upload', source, under, actor: by.actor },
          hear: hearingImports(house, { source, actor: by.actor }),
          begun: run => steps.belongTo(run),
          progress: (done, total) => {
            if (this.#stopping) throw new Stopped()
            steps.reach(done, total)
          },
        }),
      )
      await steps.close()
      await change(house, async tx => endRun(tx, house, id, report))
    } catch (error) {
      await steps.close()
      await fail(house, id, by, failureOf(error)).catch(() => {})
      throw error
    }
  }
}

class Stopped extends Error {}

function failureOf(error: unknown): NonNullable<ImportRun['failure']> {
  if (error instanceof Stopped) return 'stopped'
  const code = asRefusal(error)?.code
  if (code === 'unavailable' || code === 'invalid' || code === 'too_large') return code
  return code === undefined ? 'internal' : 'unavailable'
}

/** Writes down how far a run came, one after the other, and that it lives while it waits. */
class Steps {
  readonly #house: House
  readonly #id: string
  readonly #timer: NodeJS.Timeout
  #reached: { done: number; total: number } = { done: 0, total: 0 }
  #writing: Promise<unknown> = Promise.resolve()

  constructor(house: House, id: string) {
    this.#house = house
    this.#id = id
    this.#timer = setInterval(() => this.#write(), 1000)
    this.#timer.unref()
  }

  reach(done: number, total: number): void {
    const first = this.#reached.total === 0
    this.#reached = { done, total }
    if (first) this.#write()
  }

  async belongTo(run: string): Promise<void> {
    await this.#house.database.query('update import_run set import = $2 where id = $1', [this.#id, run])
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#write()
    await this.#writing
  }

  #write(): void {
    const { done, total } = this.#reached
    this.#writing = this.#writing
      .then(() =>
        this.#house.database.query(
          'update import_run set done = $2, total = $3, moved_at = $4 where id = $1 and ended_at is null',
          [this.#id, done, total, this.#house.clock.now()],
        ),
      )
      .catch(() => {})
  }
}

async function insertRun(tx: Tx, house: House, id: string, by: Officer): Promise<void> {
  const now = house.clock.now()
  try {
    await tx.query('insert into import_run (id, begun_by, begun_at, moved_at) values ($1, $2, $3, $3)', [
      id,
      by.subject,
      now,
    ])
  } catch (error) {
    if (brokenConstraint(error) === 'import_run_live')
      throw new Refusal('conflict', { detail: { import: 'running' } })
    throw error
  }
}

async function endRun(tx: Tx, house: House, id: string, report: ImportReport): Promise<void> {
  const until = new Date(house.clock.now().getTime() + reportDays * 86_400_000)
  await tx.query('delete from import_fault where import = $1', [report.id])
  for (const { code, lines } of byCode(report.refused))
    await tx.query('insert into import_fault (import, code, lines) values ($1, $2, $3)', [
      ...[report.id, code, lines],
    ])
  await tx.query(
    'update import_run set ended_at = $2, done = $3, total = $3, import = $4, report_until = $5 where id = $1',
    [id, house.clock.now(), report.lines, report.id, until],
  )
  await addJob(tx, 'import.report.expiry', { import: report.id }, { runAt: until })
}

async function fail(house: House, id: string, by: Officer, failure: ImportRun['failure']): Promise<void> {
  await house.database.query(
    'update import_run set ended_at = $2, failure = $3 where id = $1 and ended_at is null',
    [id, house.clock.now(), failure],
  )
  const detail = { run: id, failure }
  await noteOnly(house, null, { kind: 'import', actor: by.actor, result: 'failed', detail })
}

async function endStill(house: House): Promise<void> {
  const now = house.clock.now()
  const still = await house.database.query<{ id: string }>(
    `update import_run set ended_at = $1, failure = 'stopped' where ended_at is null and moved_at < $2 returning id`,
    [now, new Date(now.getTime() - stillAfter)],
  )
  for (const { id } of still) {
    const detail = { run: id, failure: 'stopped' }
    await noteOnly(house, null, { kind: 'import', actor: 'system', result: 'failed', detail })
  }
}

/** Refused lines, those of one code together, as they are shown and kept. */
export function byCode(faults: readonly LineFault[]): { code: string; lines: number[] }[] {
  const lines = new Map<string, number[]>()
  for (const { line, code } of faults) {
    const of = lines.get(code)
    if (of === undefined) lines.set(code, [line])
    else of.push(line)
  }
  return [...lines].map(([code, lines]) => ({ code, lines }))
}

export interface ImportFaults {
  faults: { code: string; lines: number[] }[]
  /** After that the report is removed. */
  until: Date
}

/** The report of an import, by lines. Refuses `not_found` where there is none, or not any more. */
export async function readReport(house: House, id: string): Promise<ImportFaults> {
  const { until } = await house.database.one<{ until: Date }>(
    `select max(report_until) as until from import_run where import = $1 and report_until > $2 having count(*) > 0`,
    [id, house.clock.now()],
  )
  const faults = await house.database.query<{ code: string; lines: number[] }>(
    'select code, lines from import_fault where import = $1 order by code',
    [id],
  )
  return { faults, until }
}

export const importReportJobs = (house: House): Jobs => ({
  'import.report.expiry': {
    entry: 'none: line numbers and codes of a file, and nobody’s',
    work: async ({ import: id }) => {
      const live = await house.database.maybe(
        'select 1 from import_run where import = $1 and report_until > $2 limit 1',
        [id, house.clock.now()],
      )
      if (live === null) await house.database.query('delete from import_fault where import = $1', [id])
    },
  },
})
