import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import type { House } from '../core/house.ts'
import { asRefusal } from '../core/http.ts'
import type { RefusalDetail } from '../core/refusal.ts'
import { purchaseImport } from '../crm/purchase.import.ts'
import { customerImport } from '../storage/customer.import.ts'
import { type ImportReport, importFile, type LineFault } from '../storage/import.ts'
import { DatabaseRefused } from '../supervisor/external.ts'
import { visit } from '../supervisor/visit.ts'

const usage = (what: string) =>
  `custode import ${what} FILE [--source NAME] ${what === 'purchases' ? '[--currency GBP] ' : ''}[--report FILE] [--demo]`

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
  address_taken: 'the e-mail address belongs to another customer',
  name: 'the name is empty or too long',
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
  code: 'the product code is empty or too long',
  description: 'the description is too long',
}

export const importCustomers = (argv: string[]): Promise<number> => command(argv, 'customers')
export const importPurchases = (argv: string[]): Promise<number> => command(argv, 'purchases')

/**
 * `custode import customers|purchases FILE`: exit 0 when the file was read to its end (refused lines are reported and
 * not stored), 1 when it could not be, 2 when the command cannot be understood.
 */
async function command(argv: string[], what: 'customers' | 'purchases'): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      source: { type: 'string', default: 'shop' },
      currency: { type: 'string', default: 'GBP' },
      report: { type: 'string' },
      demo: { type: 'boolean', default: false },
    },
  })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0 || !/^[A-Z]{3}$/.test(values.currency)) {
    console.error(`usage: ${usage(what)}`)
    return 2
  }
  try {
    const config = readConfig(process.env, { demo: values.demo })
    const report = await visit(config, house => bringIn(house, what, { ...values, file }))
    if (values.report !== undefined) await writeFile(values.report, asTable(report.refused))
    tell(report, values.report)
    return 0
  } catch (error) {
    console.error(whyNot(error, file))
    return 1
  }
}

function bringIn(
  house: House,
  what: 'customers' | 'purchases',
  asked: { file: string; source: string; currency: string },
): Promise<ImportReport> {
  const common = { file: asked.file, source: asked.source, progress: progressBar() }
  if (what === 'customers') return importFile(house, { ...common, adapter: customerImport })
  return importFile(house, { ...common, adapter: purchaseImport(asked.currency) })
}

/** A bar on a terminal, a line at every tenth elsewhere. */
function progressBar(): (done: number, total: number) => void {
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

function tell(report: ImportReport, file: string | undefined): void {
  if (report.resumed) console.log('an earlier run of this file had not come to its end; this one went on')
  console.log(`lines    ${report.lines}`)
  console.log(`kept     ${report.kept}`)
  console.log(`known    ${report.known} (stored before)`)
  console.log(`refused  ${report.refused.length}`)
  const counts = new Map<string, number>()
  for (const { code } of report.refused) counts.set(code, (counts.get(code) ?? 0) + 1)
  for (const [code, count] of counts) console.log(`  ${count} ${code}: ${reasons[code] ?? code}`)
  for (const { line, code } of report.refused.slice(0, shownFaults)) console.log(`  line ${line}: ${code}`)
  if (report.refused.length > shownFaults)
    console.log(
      file === undefined ? '  … --report FILE writes them all, a line each' : `  … all of them in ${file}`,
    )
  if (report.ignored.length > 0) console.log(`columns not kept: ${report.ignored.join(', ')}`)
}

const asTable = (faults: readonly LineFault[]): string =>
  `line,code\n${faults.map(({ line, code }) => `${line},${code}\n`).join('')}`

function whyNot(error: unknown, file: string): string {
  if (error instanceof ConfigError || error instanceof DatabaseRefused) return error.message
  const refusal = asRefusal(error)
  if (refusal === null)
    return 'the import stopped at a fault of the program: run the same command again to go on'
  const { missing, cause, field } = (refusal.detail ?? {}) as RefusalDetail
  if (Array.isArray(missing)) return `${file} lacks the column ${missing.join(', ')}`
  if (cause !== undefined) return `${file} cannot be read (${String(cause)})`
  if (field === 'source') return '--source is a short name of lower case letters, digits, _ - .'
  return `the import stopped (${refusal.code}): run the same command again to go on`
}
