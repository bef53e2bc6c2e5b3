import { currentAgeRule } from '../collection/age-rule.ts'
import { listCatalogue } from '../collection/catalogue.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { noteOnly } from '../core/outbox.ts'
import type { Session } from '../identity/session.ts'
import { contactImport } from '../storage/contact.import.ts'
import type { ContactFile, ContactFormat } from '../storage/contact-file.ts'
import { type ContactLine, ContactLines } from '../storage/contact-line.ts'
import {
  type ContactMapping,
  proposeMapping,
  requireMapping,
  spelling,
  targetsOf,
} from '../storage/contact-mapping.ts'
import { maskOf } from '../storage/contact-mask.ts'
import { type ImportAdapter, rehearse } from '../storage/import.ts'
import { type Leads, leadsOf } from '../storage/lead-line.ts'
import type { HeldUploads, Upload } from '../storage/upload.ts'
import { readUpload } from '../storage/upload-file.ts'
import { byCode, type ImportRun, type ImportRuns, withFingerprints } from './import-run.ts'
import { type AskedLeads, askLeads, leadsLeft } from './lead.ts'

type Officer = Pick<Session, 'subject' | 'actor'>

/** What a column is proposed to be, and by what of its header: never by a value. */
export interface ProposedColumn {
  header: string
  target: string | null
  reason: 'code' | 'label' | 'usual_word' | 'nothing_fits'
}

export interface UploadedFile {
  id: string
  format: ContactFormat
  bytes: number
  lines: number
  columns: ProposedColumn[]
  targets: string[]
  until: Date
}

export interface PreviewedLine {
  line: number
  fault: string | null
  purposes: string[]
  /** The day on which they agreed. */
  agreed_at: string | null
  proof: string | null
  /** Masked. */
  values: { field: string; value: string }[]
}

export interface Rehearsal {
  lines: number
  kept: number
  known: number
  refused: number
  faults: { code: string; lines: number[] }[]
}

const previewed = 10

/** What officers do with an uploaded file, in the process that holds it. Every act is noted, with counts and never with a value. */
export class ImportUploads {
  readonly #house: House
  readonly #held: HeldUploads
  readonly #runs: ImportRuns

  constructor(house: House, held: HeldUploads, runs: ImportRuns) {
    this.#house = house
    this.#held = held
    this.#runs = runs
  }

  /** Takes a file into memory. Refuses what `readUpload` refuses: then nothing of it is held. */
  async take(by: Officer, format: ContactFormat, bytes: Buffer): Promise<UploadedFile> {
    const file = await readUpload(bytes, format)
    const upload = this.#held.hold(by.subject, format, bytes)
    await this.#note(by, 'import.upload', 'received', {
      ...{ upload: upload.id, format, bytes: bytes.length, lines: linesOf(file) },
    })
    return this.#shown(upload, file)
  }

  /** Refuses `not_found` for a file that is gone, of somebody else, or held by another process. */
  async get(by: Officer, id: string): Promise<UploadedFile> {
    const upload = this.#held.get(by.subject, id)
    return this.#shown(upload, await readUpload(upload.bytes, upload.format))
  }

  async letGo(by: Officer, id: string): Promise<void> {
    const upload = this.#held.get(by.subject, id)
    await this.#held.using(upload, async () => this.#held.letGo(id))
    await this.#note(by, 'import.upload', 'removed', { upload: id })
  }

  /** The first lines as they would be kept, each value masked. Refuses what `requireMapping` refuses. */
  async preview(by: Officer, id: string, mapping: ContactMapping): Promise<PreviewedLine[]> {
    const upload = this.#held.get(by.subject, id)
    const lines = await this.#held.using(upload, async () => {
      const file = await readUpload(upload.bytes, upload.format)
      const catalogue = await listCatalogue(this.#house.database)
      requireMapping(mapping, file.headers, catalogue)
      const understood = new ContactLines(mapping, catalogue, this.#today())
      return file.lines
        .slice(0, previewed)
        .map(({ line, columns, fault }) =>
          shownLine(line, fault === undefined ? understood.understand(columns, `line-${line}`) : { fault }),
        )
    })
    await this.#note(by, 'import.preview', 'done', { upload: id, lines: lines.length })
    return lines
  }

  /** What taking the file in would do at this moment; nothing is kept. */
  async rehearse(by: Officer, id: string, about: Asked): Promise<Rehearsal> {
    const upload = this.#held.get(by.subject, id)
    const report = await this.#held.using(upload, async () => {
      const adapter = await this.#adapter(upload, about.mapping)
      const request = { adapter, file: 'upload', source: about.source }
      return withFingerprints(this.#house, under => rehearse(this.#house, { ...request, under }))
    })
    const counts = { lines: report.lines, kept: report.kept, known: report.known }
    const refused = report.refused.length
    await this.#note(by, 'import.rehearsal', 'done', { upload: id, ...counts, refused })
    return { ...counts, refused, faults: byCode(report.refused) }
  }

  /** Who could be asked to join, counted, and how many today has room for. Nothing is kept, and no address looked up. */
  async previewLeads(by: Officer, id: string, mapping: ContactMapping): Promise<LeadCounts> {
    const { addresses, optedOut } = await this.#leads(by, id, mapping)
    return { addresses: addresses.length, opted_out: optedOut, left: await leadsLeft(this.#house) }
  }

  /** Asks them, as far as the day has room. Refuses what `askLeads` refuses. */
  async askLeads(by: Officer, id: string, mapping: ContactMapping, language: Language): Promise<AskedLeads> {
    const { addresses } = await this.#leads(by, id, mapping)
    const upload = this.#held.get(by.subject, id)
    return this.#held.using(upload, () => askLeads(this.#house, by, { addresses, language, upload: id }))
  }

  #leads(by: Officer, id: string, mapping: ContactMapping): Promise<Leads> {
    const upload = this.#held.get(by.subject, id)
    return this.#held.using(upload, async () => {
      const file = await readUpload(upload.bytes, upload.format)
      const { decided_at, least } = await currentAgeRule(this.#house.database)
      return leadsOf(file, mapping, await listCatalogue(this.#house.database), {
        ...{ today: this.#today(), least: decided_at === null ? null : least },
      })
    })
  }

  /**
   * Begins to take the file in: what comes of it is asked of the run. When it has come to its end the file is let go; after a
   * failure it stays, and beginning again goes on where it stopped.
   */
  async begin(by: Officer, id: string, { mapping, source }: Asked): Promise<ImportRun> {
    const upload = this.#held.get(by.subject, id)
    const adapter = await this.#adapter(upload, mapping)
    return this.#runs.begin(by, { adapter, source }, work =>
      this.#held.using(upload, async () => {
        await work()
        this.#held.letGo(id)
      }),
    )
  }

  async #adapter(upload: Upload, mapping: ContactMapping): Promise<ImportAdapter<ContactLine>> {
    const file = await readUpload(upload.bytes, upload.format)
    const catalogue = await listCatalogue(this.#house.database)
    return contactImport(file, mapping, catalogue, this.#today())
  }

  async #shown({ id, format, bytes, until }: Upload, file: ContactFile): Promise<UploadedFile> {
    const catalogue = await listCatalogue(this.#house.database)
    const proposed = proposeMapping(file.headers, catalogue)
    const columns = file.headers
      .filter(header => header !== '')
      .map((header): ProposedColumn => {
        const target = proposed[header] ?? null
        const label = catalogue.find(field => field.code === target)?.label
        const reason =
          target === null
            ? 'nothing_fits'
            : spelling(target) === spelling(header)
              ? 'code'
              : Object.values<string>(label ?? {}).some(word => spelling(word) === spelling(header))
                ? 'label'
                : 'usual_word'
        return { header, target, reason }
      })
    const targets = targetsOf(catalogue)
    return { id, format, bytes: bytes.length, lines: linesOf(file), columns, targets, until }
  }

  #today(): string {
    return this.#house.clock.now().toISOString().slice(0, 10)
  }

  #note(
    by: Officer,
    kind: 'import.upload' | 'import.preview' | 'import.rehearsal',
    result: string,
    detail: Record<string, string | number>,
  ): Promise<void> {
    return noteOnly(this.#house, null, { kind, actor: by.actor, result, detail })
  }
}

export interface LeadCounts {
  addresses: number
  opted_out: number
  left: number
}

export interface Asked {
  mapping: ContactMapping
  source: string
}

const linesOf = ({ lines, unreadable }: ContactFile): number => lines.length + unreadable.length

function shownLine(line: number, one: ReturnType<ContactLines['understand']>): PreviewedLine {
  if ('fault' in one)
    return { line, fault: one.fault, purposes: [], agreed_at: null, proof: null, values: [] }
  const { values, purposes, agreedAt, proof } = one.parsed
  return {
    ...{ line, fault: null, purposes: [...purposes], agreed_at: agreedAt.toISOString().slice(0, 10), proof },
    values: Object.entries(values).map(([field, value]) => ({ field, value: maskOf(value) })),
  }
}
