import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { asRefusal } from '../core/http.ts'
import { newId } from '../core/ids.ts'
import { change, drain } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Floor } from '../keeper/client.ts'
import { type LineFault, readFile } from './import-file.ts'

export type { LineFault } from './import-file.ts'

export type Numbered<Parsed> = Parsed & { line: number }

/** What became of one customer's lines. */
export interface Kept {
  /** Null when the lines name nobody whose data may be kept. */
  subject: string | null
  /** Lines stored now. */
  kept: number
  /** Lines that were stored before. */
  known: number
  refused: LineFault[]
  /** Field codes of what was stored. */
  fields: string[]
  /** More that the entry says: codes and counts. */
  detail?: Record<string, unknown>
  /** Of boxes that were replaced. */
  floors?: Floor[]
}

/** One line as the noun understands it. Lines of one unit (an invoice) are kept together or not at all. */
export type Understood<Parsed> =
  | { reference: string; unit?: string; parsed: Parsed }
  | { fault: string; unit?: string }

/** What is the same for every line of a file. */
export interface ImportSetting {
  house: House
  source: string
  acceptOldEvidence: boolean
  /** The grant under which addresses are fingerprinted; without it they count as anybody's. */
  under?: { grant: string; secret: string }
}

/** How one kind of noun is brought in. */
export interface ImportAdapter<Parsed> {
  kind: 'customers' | 'purchases'
  columns: readonly string[]
  understand(columns: Record<string, string>): Understood<Parsed>
  /**
   * Keeps the lines of one customer in the given transaction; must recognise what is stored already and must keep
   * nothing that no live consent or evidence covers.
   */
  keep(tx: Tx, about: ImportSetting, reference: string, lines: readonly Numbered<Parsed>[]): Promise<Kept>
}

export interface ImportReport {
  id: string
  lines: number
  kept: number
  known: number
  refused: LineFault[]
  /** Columns of the file that are not kept. */
  ignored: string[]
  /** Columns that this kind of file has. */
  columns: readonly string[]
  /** True when an earlier run of the same file had not come to its end and this one went on. */
  resumed: boolean
}

export interface ImportRequest<Parsed> {
  adapter: ImportAdapter<Parsed>
  file: string
  /** The book the numbers belong to: `web-shop`. Lower case letters, digits, `_`, `-`, `.`; 40 at most. */
  source: string
  /** Also evidence that is not newer than the newest withdrawal: the log then says that this was decided. */
  acceptOldEvidence?: boolean
  under?: { grant: string; secret: string }
  progress?: (done: number, total: number) => void
}

/**
 * Brings a file in. Each customer's lines are one transaction that holds the boxes, the outbox row and how far the
 * run came, so a crash leaves no customer half imported and the next run of the same file goes on; lines that are
 * stored already are recognised by their own identity and never stored twice. Lines without a live consent or
 * evidence are refused with their number and not stored. Throws `Refusal` for a file that cannot be read and for a
 * keeper or database that cannot be reached: then running it again goes on.
 */
export async function importFile<Parsed>(
  house: House,
  request: ImportRequest<Parsed>,
): Promise<ImportReport> {
  if (!/^[a-z0-9][a-z0-9_.-]{0,39}$/.test(request.source))
    throw new Refusal('invalid', { detail: { field: 'source' } })
  const { groups, faults, lines, hash, ignored } = await readGroups(request)
  const run = await beginRun(house, request, hash)
  const { columns } = request.adapter
  const report: ImportReport = { ...run, lines, kept: 0, known: 0, refused: [...faults], ignored, columns }
  let done = faults.length
  request.progress?.(done, lines)
  await inParallel(4, groups, async ([reference, group]) => {
    const result = await againWhenBack(house, () => keepGroup(house, request, run.id, reference, group))
    report.kept += result.kept
    report.known += result.known
    report.refused.push(...result.refused)
    done += group.length
    request.progress?.(done, lines)
  })
  report.refused.sort((a, b) => a.line - b.line)
  await endRun(house, report)
  return report
}

interface Groups<Parsed> {
  hash: Buffer
  ignored: string[]
  lines: number
  faults: LineFault[]
  groups: Map<string, Numbered<Parsed>[]>
}

async function readGroups<Parsed>(request: ImportRequest<Parsed>): Promise<Groups<Parsed>> {
  const { adapter } = request
  const understood: { line: number; unit: string | null; reference: string; parsed: Parsed }[] = []
  const faults: LineFault[] = []
  const broken = new BrokenUnits()
  const file = await readFile(request.file, adapter.columns, ({ line, columns, fault }) => {
    const one = adapter.understand(columns)
    const unit = one.unit ?? null
    if (fault !== undefined || 'fault' in one) {
      faults.push({ line, code: fault ?? ('fault' in one ? one.fault : 'malformed') })
      broken.add(unit)
    } else {
      understood.push({ line, unit, reference: one.reference, parsed: one.parsed })
      broken.claim(unit, one.reference)
    }
  })
  broken.addBeside(file.unreadable, understood)
  const groups = new Map<string, Numbered<Parsed>[]>()
  for (const { line, unit, reference, parsed } of understood) {
    const group = groups.get(reference) ?? []
    if (broken.has(unit)) faults.push({ line, code: 'incomplete_invoice' })
    else if (group.push({ ...parsed, line }) === 1) groups.set(reference, group)
  }
  faults.push(...file.unreadable.map(line => ({ line, code: 'malformed' })))
  const lines = [...groups.values()].reduce((sum, group) => sum + group.length, faults.length)
  return { groups, hash: file.hash, ignored: file.ignored, lines, faults }
}

/**
 * Units of which a line cannot be kept. Their other lines are not kept either: half an invoice is wrong data, and
 * its lines would be counted differently once the file is mended.
 */
class BrokenUnits {
  #broken = new Set<string>()
  #owner = new Map<string, string>()

  add(unit: string | null): void {
    if (unit !== null) this.#broken.add(unit)
  }

  has(unit: string | null): boolean {
    return unit !== null && this.#broken.has(unit)
  }

  /** A unit that names two customers is nobody's. */
  claim(unit: string | null, reference: string): void {
    if (unit === null) return
    const owner = this.#owner.get(unit)
    if (owner === undefined) this.#owner.set(unit, reference)
    else if (owner !== reference) this.add(unit)
  }

  /** A line that is no CSV may have belonged to the unit before or after it. */
  addBeside(unreadable: readonly number[], lines: readonly { line: number; unit: string | null }[]): void {
    for (const at of unreadable) {
      const next = lines.findIndex(({ line }) => line > at)
      for (const beside of [lines[(next === -1 ? lines.length : next) - 1], lines[next]])
        if (beside !== undefined) this.add(beside.unit)
    }
  }
}

async function beginRun<Parsed>(
  house: House,
  request: ImportRequest<Parsed>,
  hash: Buffer,
): Promise<{ id: string; resumed: boolean }> {
  const { kind } = request.adapter
  const open = await house.database.maybe<{ id: string }>(
    `select id from import where file_hash = $1 and kind = $2 and source = $3 and ended_at is null
      order by started_at desc limit 1`,
    [hash, kind, request.source],
  )
  const decided = request.acceptOldEvidence === true ? { old_evidence: 'accepted' } : {}
  const id = open?.id ?? newId()
  const resumed = open !== null
  await change(house, async (tx, note) => {
    if (!resumed)
      await tx.query(
        'insert into import (id, kind, source, file_hash, started_at) values ($1, $2, $3, $4, $5)',
        [...[id, kind, request.source, hash, house.clock.now()]],
      )
    await note(null, {
      ...{ kind: 'import', actor: 'system', result: resumed ? 'resumed' : 'begun' },
      detail: { import: id, what: kind, ...decided },
    })
  })
  return { id, resumed }
}

async function endRun(house: House, report: ImportReport): Promise<void> {
  const counts = {
    lines: report.lines,
    kept: report.kept,
    known: report.known,
    refused: report.refused.length,
  }
  await change(house, async (tx, note) => {
    await tx.query(
      'update import set ended_at = $2, lines = $3, kept = $4, known = $5, refused = $6 where id = $1',
      [report.id, house.clock.now(), counts.lines, counts.kept, counts.known, counts.refused],
    )
    await note(null, {
      ...{ kind: 'import', actor: 'system', result: 'done' },
      detail: { import: report.id, ...counts },
    })
  })
}

function keepGroup<Parsed>(
  house: House,
  request: ImportRequest<Parsed>,
  run: string,
  reference: string,
  lines: readonly Numbered<Parsed>[],
): Promise<Kept> {
  const { adapter, source, acceptOldEvidence = false, under } = request
  const setting = { house, source, acceptOldEvidence, ...(under === undefined ? {} : { under }) }
  return change(house, async (tx, note) => {
    const result = await adapter.keep(tx, setting, reference, lines)
    const { subject } = result
    if (subject === null) return result
    const before = await positionOf(tx, run, subject)
    if (result.kept > 0) {
      await tx.query(
        `insert into import_position (import, subject, kept) values ($1, $2, $3)
         on conflict (import, subject) do update set kept = excluded.kept`,
        [run, subject, before + result.kept],
      )
      await note(
        subject,
        {
          ...{ kind: 'import', actor: 'system', purpose: 'service', fields: result.fields, result: 'done' },
          detail: { ...result.detail, import: run, source, lines: result.kept },
        },
        result.floors,
      )
    }
    // What this same run had kept before a crash counts as kept, not as known.
    return { ...result, kept: result.kept + before, known: result.known - before }
  })
}

/**
 * Repeats a customer's transaction when the keeper was away and has come back: what it had committed is then known and
 * counted as kept. Gives up after the third time, or when the keeper stays away for half a minute.
 */
async function againWhenBack<T>(house: House, act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      if (attempt === 3 || asRefusal(error)?.code !== 'unavailable') throw error
      await before(house.keeper.ready(), 30_000, error)
      await drain(house)
    }
  }
}

async function before(ready: Promise<void>, ms: number, otherwise: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(otherwise), ms)
  })
  await Promise.race([ready, late]).finally(() => clearTimeout(timer))
}

async function positionOf(tx: Tx, run: string, subject: string): Promise<number> {
  const row = await tx.maybe<{ kept: number }>(
    'select kept from import_position where import = $1 and subject = $2',
    [run, subject],
  )
  return row?.kept ?? 0
}

/** Runs `work` over all items, so many at once; the first failure lets what runs come to its end and then throws. */
async function inParallel<T>(
  width: number,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failed: unknown
  const run = async () => {
    for (let next = queue.next(); !next.done && failed === undefined; next = queue.next())
      await work(next.value).catch(error => {
        failed ??= error ?? new Error('unknown')
      })
  }
  await Promise.all(Array.from({ length: width }, run))
  if (failed !== undefined) throw failed
}
