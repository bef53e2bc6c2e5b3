import { parseArgs } from 'node:util'
import { listCatalogue } from '../collection/catalogue.ts'
import { readConfig } from '../core/config.ts'
import type { House } from '../core/house.ts'
import { contactImport } from '../storage/contact.import.ts'
import {
  type ContactFile,
  type ContactFormat,
  contactFormats,
  readContactFile,
} from '../storage/contact-file.ts'
import { ContactLines } from '../storage/contact-line.ts'
import { type ContactMapping, proposeMapping, requireMapping, targetsOf } from '../storage/contact-mapping.ts'
import { importFile, rehearse } from '../storage/import.ts'
import type { Key } from '../storage/record.ts'
import { visit } from '../supervisor/visit.ts'
import { withFingerprints } from '../use/import-run.ts'
import { hearingImports } from '../use/imported-claim.ts'
import type { Help } from './help.ts'
import { misunderstood, mostOfFile, progressBar, tell, whyNot } from './import.ts'
import { ReportFile } from './report-file.ts'

export const contactsHelp = {
  command: 'custode import contacts',
  operands: 'FILE',
  options: {
    format: {
      type: 'string',
      default: 'csv',
      value: 'FORMAT',
      about: 'csv, hubspot, salesforce (CSV too, by their headers) or vcard (3.0 and 4.0)',
    },
    map: {
      type: 'string',
      multiple: true,
      value: 'COLUMN=FIELD',
      about: 'keep a column as something else than proposed; COLUMN= alone keeps it not at all',
    },
    columns: { type: 'boolean', default: false, about: 'show the proposed mapping, and keep nothing' },
    preview: {
      type: 'boolean',
      default: false,
      about: 'show what would be kept of the first lines, without values',
    },
    'dry-run': { type: 'boolean', default: false, about: 'report on the whole file, and keep nothing' },
    source: { type: 'string', default: 'contacts', value: 'NAME', about: 'whose numbers the references are' },
    report: {
      type: 'string',
      value: 'FILE',
      about: 'write every refused line there, as its number and a code; never a value',
    },
    demo: { type: 'boolean', default: false, about: 'into the sample company, which runs' },
  },
  examples: [
    'npx custode import contacts all-contacts.csv --format hubspot --columns',
    'npx custode import contacts all-contacts.csv --format hubspot --map "Phone Number=" --dry-run',
  ],
  ends: '0 when the file was read to its end, refused lines reported and not stored; 1 when it could not be, and running it again goes on',
  more: [
    'Custode must be running on this data. No line is ever stored twice, so a file may be imported again.',
    'Each line needs the evidence of its agreement: purposes (service, or service offers), consent_date (2026-01-31)',
    'and consent_source (till-form); in a vCard X-CONSENT-PURPOSES, X-CONSENT-DATE and X-CONSENT-SOURCE.',
    'Fields beyond name, e-mail address and telephone number must be named by the evidence as well: consent_fields',
    '(birth_date postal_address). What is sealed in the browser comes by no file.',
  ],
} as const satisfies Help

interface Asked {
  columns: boolean
  preview: boolean
  'dry-run': boolean
  source: string
  report?: string
}

/** `custode import contacts FILE`. */
export async function importContacts(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    ...{ args: argv, allowPositionals: true, options: contactsHelp.options },
  })
  const [path, ...others] = positionals
  const format = contactFormats.find(one => one === values.format)
  const changes = (values.map ?? []).map(changeOf)
  if (path === undefined || others.length > 0 || format === undefined || changes.includes(null))
    return misunderstood(contactsHelp)
  const mapped = changes.filter(one => one !== null)
  let reportFile: ReportFile | undefined
  try {
    const config = readConfig(process.env, { demo: values.demo })
    if (values.report !== undefined) reportFile = await ReportFile.open(values.report, path)
    const refused = await visit(config, house => run(house, path, format, mapped, values))
    await reportFile?.write(refused)
    return 0
  } catch (error) {
    console.error(whyNot(error, path))
    return 1
  } finally {
    await reportFile?.close()
  }
}

function changeOf(text: string): [string, string | null] | null {
  const at = text.lastIndexOf('=')
  if (at < 1) return null
  return [text.slice(0, at), at === text.length - 1 ? null : text.slice(at + 1)]
}

async function run(
  house: House,
  path: string,
  format: ContactFormat,
  changes: readonly [string, string | null][],
  asked: Asked,
): Promise<{ line: number; code: string }[]> {
  const file = await readContactFile(path, format)
  const catalogue = await listCatalogue(house.database)
  // What somebody maps a field to by hand is proposed for no other column.
  const chosen = new Set(changes.map(([, target]) => target))
  const proposed = Object.entries(proposeMapping(file.headers, catalogue)).map(
    ([header, target]): [string, string | null] => [header, chosen.has(target) ? null : target],
  )
  const mapping: ContactMapping = Object.fromEntries([...proposed, ...changes])
  const today = house.clock.now().toISOString().slice(0, 10)
  if (asked.columns) {
    for (const header of file.headers) console.log(`${header} = ${mapping[header] ?? '(not kept)'}`)
    console.log(`a column may be: ${targetsOf(catalogue).join(', ')}`)
    return []
  }
  if (asked.preview) {
    requireMapping(mapping, file.headers, catalogue)
    showFirst(file, new ContactLines(mapping, catalogue, today))
    return []
  }
  const adapter = contactImport(file, mapping, catalogue, today)
  const request = { adapter, file: path, source: asked.source, progress: progressBar() }
  const hear = hearingImports(house, { source: request.source, actor: 'system' })
  const bringIn = (under: Key) =>
    asked['dry-run'] ? rehearse(house, { ...request, under }) : importFile(house, { ...request, under, hear })
  const report = await withFingerprints(house, bringIn, mostOfFile)
  if (asked['dry-run']) console.log('dry run: nothing was stored; “kept” is what would be')
  else if ('id' in report) console.log(`import   ${report.id}`)
  tell(report, asked)
  return report.refused
}

/** The first lines, with the names of what would be kept: a terminal remembers what it shows. */
function showFirst(file: ContactFile, lines: ContactLines): void {
  for (const { line, columns, fault } of file.lines.slice(0, 10)) {
    const one = fault === undefined ? lines.understand(columns, `line-${line}`) : { fault }
    console.log(
      'fault' in one
        ? `line ${line}: ${one.fault}`
        : `line ${line}: keeps ${Object.keys(one.parsed.values).join(', ')} for ${one.parsed.purposes.join(', ')}`,
    )
  }
}
