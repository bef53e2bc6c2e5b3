import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import type { House } from '../core/house.ts'
import { asRefusal } from '../core/http.ts'
import type { RefusalDetail } from '../core/refusal.ts'
import { purchaseImport } from '../crm/purchase.import.ts'
import { customerImport } from '../storage/customer.import.ts'
import { type ImportAdapter, type ImportReport, type ImportRequest, importFile } from '../storage/import.ts'
import { DatabaseRefused } from '../supervisor/external.ts'
import { framesOf } from '../supervisor/frames.ts'
import { visit } from '../supervisor/visit.ts'
import { withFingerprints } from '../use/import-run.ts'
import { hearingImports } from '../use/imported-claim.ts'
import { type Help, usageOf } from './help.ts'
import { ReportFile, ReportRefused } from './report-file.ts'

const source = {
  type: 'string',
  default: 'shop',
  value: 'NAME',
  about: 'whose numbers these are; the same for customers and their purchases',
} as const
const report = {
  type: 'string',
  value: 'FILE',
  about: 'write every refused line there, as its number and a code; never a value',
} as const
const demo = { type: 'boolean', default: false, about: 'into the sample company, which runs' } as const
const ends =
  '0 when the file was read to its end, refused lines reported and not stored; 1 when it could not be, and running it again goes on'
const more = [
  'FILE is UTF-8 CSV with a header, plain or gzip; columns that nobody asked for are named and not kept.',
  'Custode must be running on this data. No line is ever stored twice, so a file may be imported again.',
] as const

const oldEvidence = 'evidence-older-than-withdrawals'

export const customersHelp = {
  command: 'custode import customers',
  operands: 'FILE',
  options: {
    source,
    report,
    [oldEvidence]: {
      type: 'string',
      value: 'accept',
      about: 'also customers whose evidence is not newer than the newest withdrawal; the log says so',
    },
    demo,
  },
  examples: ['npx custode import customers customers.csv --source shop --report refused.csv'],
  ends,
  more: [
    ...more,
    `Columns: ${customerImport.columns.join(', ')}.`,
    'purposes: “service” or “service offers”; consent_date: 2026-01-31; consent_source: till-form.',
    'Once somebody has withdrawn, new lines need a consent_date after the day of the newest withdrawal: nothing is',
    'kept of those who left, so an old line may be theirs. Accept old ones only when you know that they are not.',
  ],
} as const satisfies Help

export const purchasesHelp = {
  command: 'custode import purchases',
  operands: 'FILE',
  options: {
    source,
    currency: { type: 'string', default: 'GBP', value: 'CODE', about: 'the currency of every price' },
    report,
    demo,
  },
  examples: ['npx custode import purchases invoices.csv.gz --source shop --currency EUR'],
  ends,
  more: [
    ...more,
    `Columns: ${purchaseImport('EUR').columns.join(', ')}.`,
    'InvoiceDate: 2026-01-31 12:00:00 (UTC); CustomerID: the customer’s reference in the same source.',
  ],
} as const satisfies Help

/** What each code means, and what mends it. */
const reasons: Record<string, string> = {
  malformed: 'no readable CSV line (a quote that is not closed?)',
  column_count: 'more or fewer columns than the header',
  encoding: 'not UTF-8',
  no_evidence: 'no evidence of consent to service: purposes, consent_date and consent_source are needed',
  purposes: 'a purpose that does not exist: service and offers do',
  consent_date: 'the date of consent is no past day written as 2026-01-31',
  consent_source: 'the source of consent is no short name of lower case letters, digits, _ - .',
  reference: 'the reference is empty, has spaces or is too long',
  repeated_reference: 'the same reference stands on an earlier line',
  evidence_before_withdrawal:
    'the evidence is not newer than the newest withdrawal, so this may be somebody who left (see --help: --evidence-older-than-withdrawals)',
  under_age:
    'by the date of birth too young on the day of the evidence to agree for themselves, as the company has decided it',
  not_agreed: 'a field that the evidence does not name: list it in consent_fields, or do not map its column',
  repeated_address: 'the same e-mail address stands on an earlier line',
  address_taken: 'the e-mail address belongs to another customer',
  name: 'the name is empty or too long, or holds a control character, a turn of direction or what nobody can see',
  email: 'no e-mail address',
  phone: 'no telephone number',
  unknown_customer: 'a customer who has not agreed: nobody here has this reference',
  no_consent: 'the customer has no live consent that covers purchases',
  incomplete_invoice: 'another line of the same invoice cannot be kept, or it names two customers',
  invoice_of_another: 'the invoice is stored for another customer',
  invoice: 'the invoice number is empty, has spaces or is too long',
  customer: 'the customer number is empty, has spaces or is too long',
  date: 'the date is not written as 2026-01-31 12:00:00',
  quantity: 'the quantity is no whole number',
  price: 'the price is no decimal number of at most six digits after the point',
  code: 'the product code is empty or too long, or holds what nobody can see',
  description: 'the description is too long, or holds what nobody can see',
}

/** `custode import customers FILE`. */
export async function importCustomers(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    ...{ args: argv, allowPositionals: true, options: customersHelp.options },
  })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) return misunderstood(customersHelp)
  const decided = values[oldEvidence]
  if (decided !== undefined && decided !== 'accept') {
    console.error(`--${oldEvidence} takes one word, accept; without it such lines are refused`)
    return 2
  }
  return await command({ ...values, file, acceptOldEvidence: decided === 'accept' }, customerImport)
}

/** `custode import purchases FILE`. */
export async function importPurchases(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    ...{ args: argv, allowPositionals: true, options: purchasesHelp.options },
  })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) return misunderstood(purchasesHelp)
  if (!/^[A-Z]{3}$/.test(values.currency)) {
    console.error('--currency is three capital letters, such as EUR')
    return 2
  }
  return await command({ ...values, file }, purchaseImport(values.currency))
}

export function misunderstood(help: Help): number {
  console.error(`usage: ${usageOf(help)}`)
  return 2
}

interface Asked {
  file: string
  source: string
  report?: string
  demo: boolean
  acceptOldEvidence?: boolean
}

/**
 * Exit 0 when the file was read to its end (refused lines are reported and not stored), 1 when it could not be or its
 * report not written. Where the report is to lie is opened before any line is read.
 */
async function command<Parsed>(asked: Asked, adapter: ImportAdapter<Parsed>): Promise<number> {
  let reportFile: ReportFile | undefined
  try {
    const config = readConfig(process.env, { demo: asked.demo })
    if (asked.report !== undefined) reportFile = await ReportFile.open(asked.report, asked.file)
    const { file, source, acceptOldEvidence = false } = asked
    const request = { adapter, file, source, acceptOldEvidence, progress: progressBar() }
    const report = await visit(config, house => bringIn(house, request))
    if (report.lines === 0) console.log(`${file} has a header and no line: nothing was brought in`)
    else tell(report, asked)
    await reportFile?.write(report.refused)
    return 0
  } catch (error) {
    console.error(whyNot(error, asked.file))
    return 1
  } finally {
    await reportFile?.close()
  }
}

/** The most addresses of one file that lies on the disk. */
export const mostOfFile = 10_000_000

/**
 * Addresses of a whole file are fingerprinted under a grant of their own: they are far more than people look up within
 * an hour, and the log says that it was an import.
 */
function bringIn<Parsed>(house: House, request: ImportRequest<Parsed>): Promise<ImportReport> {
  if (request.adapter.kind === 'purchases') return importFile(house, request)
  const hear = hearingImports(house, { source: request.source, actor: 'system' })
  return withFingerprints(house, under => importFile(house, { ...request, under, hear }), mostOfFile)
}

/** A bar on a terminal, a line at every tenth elsewhere. */
export function progressBar(): (done: number, total: number) => void {
  let shown = -1
  return (done, total) => {
    const share = total === 0 ? 1 : done / total
    const step = Math.floor(share * (process.stderr.isTTY ? 100 : 10))
    if (step === shown) return
    shown = step
    if (!process.stderr.isTTY) return void process.stderr.write(`${done} of ${total} lines\n`)
    const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '░')
    process.stderr.write(`\r${bar} ${step} %  ${done} of ${total} lines${share === 1 ? '\n' : ''}`)
  }
}

const shownFaults = 10

export function tell(
  report: Omit<ImportReport, 'id' | 'resumed' | 'disputed'> & { resumed?: boolean; disputed?: number },
  { report: path }: { report?: string },
): void {
  if (report.resumed) console.log('an earlier run of this file had not come to its end; this one went on')
  console.log(`lines    ${report.lines}`)
  console.log(`kept     ${report.kept}`)
  console.log(`known    ${report.known} (stored before)`)
  console.log(`refused  ${report.refused.length}`)
  if (report.disputed !== undefined && report.disputed > 0)
    console.log(
      `in doubt ${report.disputed} (customers who are here already, of whom the file says otherwise)`,
    )
  const counts = new Map<string, number>()
  for (const { code } of report.refused) counts.set(code, (counts.get(code) ?? 0) + 1)
  for (const [code, count] of counts)
    console.log(`  ${count} ${code}: ${reasons[code] ?? 'the field and what is wrong with it'}`)
  for (const { line, code } of report.refused.slice(0, shownFaults)) console.log(`  line ${line}: ${code}`)
  if (report.refused.length > shownFaults)
    console.log(
      path === undefined ? '  … --report FILE writes them all, a line each' : `  … all of them in ${path}`,
    )
  if (report.ignored.length > 0)
    console.log(`columns not kept: ${report.ignored.join(', ')} (known are ${report.columns.join(', ')})`)
}

export function whyNot(error: unknown, file: string): string {
  const said = [ConfigError, DatabaseRefused, ReportRefused]
  if (said.some(known => error instanceof known)) return (error as Error).message
  const refusal = asRefusal(error)
  if (refusal === null)
    return [
      'the import stopped at a bug of Custode: run the same command again to go on, and please report these lines',
      ...framesOf(error),
    ].join('\n')
  const { missing, repeated, known, empty, cause, field } = (refusal.detail ?? {}) as RefusalDetail
  if (empty === true) return `${file} is empty: it needs a header and lines`
  if (Array.isArray(missing))
    return `the header of ${file} lacks ${missing.join(', ')}: needed are ${String(known).replaceAll(',', ', ')}, parted by commas`
  if (Array.isArray(repeated))
    return `the header of ${file} names ${repeated.join(', ')} twice: leave one, so that it is plain which counts`
  if (cause !== undefined) return `${file} cannot be read (${String(cause)})`
  if (field === 'mapping') return mappingFault(refusal.detail as RefusalDetail)
  if (field === 'source') return '--source is a short name of lower case letters, digits, _ - .'
  return `the import stopped (${refusal.code}): run the same command again to go on`
}

function mappingFault({ mapping, target }: RefusalDetail): string {
  if (mapping === 'required') return `no column is mapped to ${String(target)}: see --columns, and use --map`
  if (mapping === 'repeated') return `two columns are mapped to ${String(target)}`
  if (mapping === 'sealed_only') return `${String(target)} is sealed in the browser and comes by no file`
  return '--map names a column that the file lacks, or something that nothing can be kept as: see --columns'
}
