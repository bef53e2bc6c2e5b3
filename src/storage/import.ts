import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { asRefusal } from '../core/http.ts'
import { newId } from '../core/ids.ts'
import { change, drain } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Floor } from '../keeper/client.ts'
import { type FileLine, type LineFault, type ReadFile, readFile } from './import-file.ts'
import { BrokenUnits } from './import-units.ts'
import { inParallel } from './in-parallel.ts'

export type { LineFault } from './import-file.ts'

export type Numbered<Parsed> = Parsed & { line: number }

/** What a line says of somebody who is here already, with its evidence. */
export interface Said {
  subject: string
  values: Readonly<Record<string, unknown>>
  agreedAt: Date
  proof: string
}

/** What became of one customer's lines. */
export interface Kept {
  /** What the line says of somebody who is here already; nothing of it is kept with the line. */
  said?: Said
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

/** The same, and the import it is. */
export type RunSetting = ImportSetting & { run: string }

/** The lines of one customer. */
export interface Group<Parsed> {
  reference: string
  lines: readonly Numbered<Parsed>[]
}

/** How one kind of noun is brought in. */
export interface ImportAdapter<Parsed> {
  kind: 'customers' | 'purchases' | 'contacts'
  columns: readonly string[]
  /** The most customers that are kept in one transaction. */
  most: number
  /** Gives the lines, where the file was read before; without it they are read from the file as CSV. */
  read?(each: (line: FileLine) => void): ReadFile | Promise<ReadFile>
  understand(columns: Record<string, string>, line: number): Understood<Parsed>
  /** What `keep` would do at this moment, without doing any of it. */
  judge?(database: Queryable, about: ImportSetting, groups: readonly Group<Parsed>[]): Promise<Kept[]>
  /**
   * Keeps the lines of these customers in the given transaction and answers for each; must recognise what is stored
   * already and must keep nothing that no live consent or evidence covers.
   */
  keep(tx: Tx, about: RunSetting, groups: readonly Group<Parsed>[]): Promise<Kept[]>
}

/** So many customers are one transaction, where they can be: their boxes are a request or two, each table a statement. */
export const mostTogether = 50

/** For a noun whose customers are kept one by one. */
export const oneByOne =
  <Parsed>(
    keep: (tx: Tx, about: RunSetting, reference: string, lines: readonly Numbered<Parsed>[]) => Promise<Kept>,
  ): ImportAdapter<Parsed>['keep'] =>
  async (tx, about, groups) => {
    const kept: Kept[] = []
    for (const { reference, lines } of groups) kept.push(await keep(tx, about, reference, lines))
    return kept
  }

export interface ImportReport {
  id: string
  lines: number
  kept: number
  known: number
  refused: LineFault[]
  /** Of how many people here a value is in doubt now, because a line says otherwise. */
  disputed: number
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
  /** Whom the log names: `system` where it is the command on the server's machine. */
  actor?: string
  /** Told what lines say of people who are here already, once their batch is kept; answers of how many it put a value in doubt. */
  hear?: (run: string, said: readonly Said[]) => Promise<number>
  /** Told which import it is, before the first line is kept. */
  begun?: (id: string) => Promise<void>
  /** What it throws stops the work after the lines that are under way. */
  progress?: (done: number, total: number) => void
}

/**
 * Brings a file in. The lines of a customer, or of several together, are one transaction that holds the boxes, the outbox
 * row and how far the run came, so a crash leaves no customer half imported and the next run of the same file goes on; lines
 * that are stored already are recognised by their own identity and never stored twice. Lines without a live consent or
 * evidence are refused with their number and not stored. Throws `Refusal` for a file that cannot be read and for a
 * keeper or database that cannot be reached: then running it again goes on.
 */
export async function importFile<Parsed>(
  house: House,
  request: ImportRequest<Parsed>,
): Promise<ImportReport> {
  requireSource(request.source)
  const { groups, faults, lines, hash, ignored } = await readGroups(request)
  const run = await beginRun(house, request, hash)
  await request.begun?.(run.id)
  const { columns } = request.adapter
  const nothing = { lines, kept: 0, known: 0, disputed: 0 }
  const report: ImportReport = { ...run, ...nothing, refused: [...faults], ignored, columns }
  await inBatches(request, groups, report, async batch => {
    const results = await againWhenBack(house, () => keepBatch(house, request, run.id, batch))
    const said = results.flatMap(result => (result.said === undefined ? [] : [result.said]))
    if (request.hear !== undefined && said.length > 0) report.disputed += await request.hear(run.id, said)
    return results
  })
  report.refused.sort((a, b) => a.line - b.line)
  await endRun(house, report, actorOf(request))
  return report
}

/**
 * Says what `importFile` would answer at this moment, and stores and notes nothing: only fingerprints of addresses are
 * asked of the keeper. Refuses what `importFile` refuses of the file.
 */
export async function rehearse<Parsed>(
  house: House,
  request: ImportRequest<Parsed>,
): Promise<Omit<ImportReport, 'id' | 'resumed' | 'disputed'>> {
  const { adapter } = request
  if (adapter.judge === undefined) throw new Error(`${adapter.kind} cannot be rehearsed`)
  const judge = adapter.judge
  requireSource(request.source)
  const { groups, faults, lines, ignored } = await readGroups(request)
  const report = { lines, kept: 0, known: 0, refused: [...faults], ignored, columns: adapter.columns }
  await inBatches(request, groups, report, batch =>
    againWhenBack(house, () => judge(house.database, settingOf(house, request), batch)),
  )
  report.refused.sort((a, b) => a.line - b.line)
  return report
}

/** Does the work of one batch after another, several at once, and adds what became of them to the report. */
async function inBatches<Parsed>(
  { adapter, progress }: ImportRequest<Parsed>,
  groups: Groups<Parsed>['groups'],
  report: Pick<ImportReport, 'lines' | 'kept' | 'known' | 'refused'>,
  work: (batch: readonly Group<Parsed>[]) => Promise<Kept[]>,
): Promise<void> {
  let done = report.refused.length
  progress?.(done, report.lines)
  await inParallel(4, batches(groups, adapter.most), async batch => {
    for (const result of await work(batch)) {
      report.kept += result.kept
      report.known += result.known
      report.refused.push(...result.refused)
    }
    done += batch.reduce((sum, group) => sum + group.lines.length, 0)
    progress?.(done, report.lines)
  })
}

function* batches<Parsed>(groups: Groups<Parsed>['groups'], most: number): Generator<Group<Parsed>[]> {
  let batch: Group<Parsed>[] = []
  for (const [reference, lines] of groups) {
    if (batch.push({ reference, lines }) < most) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function requireSource(source: string): void {
  if (!/^[a-z0-9][a-z0-9_.-]{0,39}$/.test(source))
    throw new Refusal('invalid', { detail: { field: 'source' } })
}

function settingOf<Parsed>(house: House, request: ImportRequest<Parsed>): ImportSetting {
  const { source, acceptOldEvidence = false, under } = request
  return { house, source, acceptOldEvidence, ...(under === undefined ? {} : { under }) }
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
  const each = ({ line, columns, fault }: FileLine) => {
    const one: Understood<Parsed> =
      fault === undefined || adapter.read === undefined ? adapter.understand(columns, line) : { fault }
    const unit = one.unit ?? null
    if (fault !== undefined || 'fault' in one) {
      faults.push({ line, code: fault ?? ('fault' in one ? one.fault : 'malformed') })
      broken.add(unit)
    } else {
      understood.push({ line, unit, reference: one.reference, parsed: one.parsed })
      broken.claim(unit, one.reference)
    }
  }
  const file = await (adapter.read?.(each) ?? readFile(request.file, adapter.columns, each))
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
      ...{ kind: 'import', actor: actorOf(request), result: resumed ? 'resumed' : 'begun' },
      detail: { import: id, what: kind, ...decided },
    })
  })
  return { id, resumed }
}

const actorOf = ({ actor = 'system' }: { actor?: string }): string => actor

async function endRun(house: House, report: ImportReport, actor: string): Promise<void> {
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
      ...{ kind: 'import', actor, result: 'done' },
      detail: { import: report.id, ...counts },
    })
  })
}

/**
 * A connection keeps its plans, foreign keys' too. One that was made while a table was small would read all of it at every
 * row, while this import makes it large.
 */
const byKeys = `select set_config('enable_seqscan', 'off', true)`

function keepBatch<Parsed>(
  house: House,
  request: ImportRequest<Parsed>,
  run: string,
  batch: readonly Group<Parsed>[],
): Promise<Kept[]> {
  const { adapter, source } = request
  return change(house, async (tx, _note, noteAll) => {
    await tx.query(byKeys)
    const results = await adapter.keep(tx, { ...settingOf(house, request), run }, batch)
    const subjects = results.flatMap(({ subject }) => (subject === null ? [] : [subject]))
    const positions = await positionsOf(tx, run, subjects)
    const stored = results.flatMap(result => {
      const { subject, kept } = result
      return subject === null || kept === 0 ? [] : [{ ...result, subject }]
    })
    await noteAll(
      stored.map(({ subject, fields, detail, kept, floors }) => ({
        subject,
        noted: {
          ...{ kind: 'import', actor: actorOf(request), purpose: 'service', fields, result: 'done' },
          detail: { ...detail, import: run, source, lines: kept },
        },
        ...(floors === undefined ? {} : { floors }),
      })),
    )
    await tx.query(
      `insert into import_position (import, subject, kept, last_change)
       select $1, u.subject, u.kept, s.last_change
         from unnest($2::uuid[], $3::integer[]) as u (subject, kept)
        cross join lateral (select last_change from subject where id = u.subject offset 0) s
       on conflict (import, subject) do update set kept = excluded.kept`,
      [
        run,
        stored.map(({ subject }) => subject),
        stored.map(({ subject, kept }) => (positions.get(subject) ?? 0) + kept),
      ],
    )
    // What this same run had kept before a crash counts as kept, not as known.
    return results.map(result => {
      const before = positions.get(result.subject ?? '') ?? 0
      return { ...result, kept: result.kept + before, known: result.known - before }
    })
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
      if (attempt === 3) throw error
      if (asRefusal(error)?.code !== 'unavailable') throw error
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

/** One after another by their keys (`offset 0`): else a plan may read all rows of the run at every batch. */
async function positionsOf(tx: Tx, run: string, subjects: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ subject: string; kept: number }>(
    `select u.subject, p.kept from unnest($2::uuid[]) as u (subject)
      cross join lateral (select kept from import_position where import = $1 and subject = u.subject offset 0) p`,
    [run, subjects],
  )
  return new Map(rows.map(row => [row.subject, row.kept]))
}
