import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuUsage } from 'node:process'
import { withFingerprints } from '../src/cli/import.ts'
import { listCatalogue } from '../src/collection/catalogue.ts'
import { markGeneration } from '../src/identity/address.ts'
import { contactImport } from '../src/storage/contact.import.ts'
import { readContactFile } from '../src/storage/contact-file.ts'
import { proposeMapping } from '../src/storage/contact-mapping.ts'
import { importFile, rehearse } from '../src/storage/import.ts'
import { openBenchHouse } from './bench-house.ts'
import type { Outcome } from './run.ts'

const header = [
  ...[
    'reference',
    'first name',
    'last name',
    'email',
    'phone',
    'birth_date',
    'partita_iva',
    'street',
    'city',
  ],
  ...['postal code', 'province', 'country', 'purposes', 'consent_date', 'consent_source', 'consent_fields'],
].join(',')

/** Every tenth line has a fault; the others have every kind of value that a contact usually has. */
function lineOf(at: number): string {
  const year = 1940 + (at % 60)
  const month = String(1 + (at % 12)).padStart(2, '0')
  const phone = `+39333${String(1_000_000 + at).padStart(7, '0')}`
  const faulty = at % 10 === 9
  const birth = faulty ? `${year}-02-30` : `${year}-${month}-15`
  const address = `Via dei Mille ${at % 200},Torino,10123,TO,Italia`
  const evidence = 'service offers,2025-05-31,till-form,birth_date postal_address'
  return `c-${at},Ada${at},Corvo,person.${at}@example.org,${phone},${birth},,${address},${evidence}`
}

/**
 * Brings in generated contacts: rehearsed, for good, and once more. Fails unless each count is exactly right. Processor
 * seconds are of this process alone: the keeper and PostgreSQL have theirs.
 */
export async function contacts(quick: boolean): Promise<Outcome> {
  const count = quick ? 10_000 : 100_000
  const folder = await mkdtemp(join(tmpdir(), 'custode-contacts-'))
  const bench = await openBenchHouse()
  const outcome: Outcome = { name: 'contacts', ratios: {}, figures: {}, correct: true }
  const { house } = bench
  try {
    await house.database.transaction(tx => markGeneration(tx, house))
    const path = join(folder, 'contacts.csv')
    await writeFile(path, [header, ...Array.from({ length: count }, (_, at) => lineOf(at))].join('\n'))
    const timed = async (name: string, run: typeof importFile | typeof rehearse, kept: number) => {
      const began = performance.now()
      const before = cpuUsage()
      const file = await readContactFile(path, 'csv')
      const catalogue = await listCatalogue(house.database)
      const today = house.clock.now().toISOString().slice(0, 10)
      const adapter = contactImport(file, proposeMapping(file.headers, catalogue), catalogue, today)
      const report = await withFingerprints(house, under =>
        run(house, { adapter, file: path, source: 'bench', under }),
      )
      const { user, system } = cpuUsage(before)
      outcome.figures[name] = {
        ...{ lines: report.lines, kept: report.kept, known: report.known, refused: report.refused.length },
        seconds: Math.round((performance.now() - began) / 100) / 10,
        'processor seconds here': Math.round((user + system) / 100_000) / 10,
      }
      process.stderr.write(`${name}: ${JSON.stringify(outcome.figures[name])}\n`)
      const faulty = report.refused.every(({ code }) => code === 'birth_date.no_such_date')
      outcome.correct &&= report.lines === count && report.refused.length === count / 10
      outcome.correct &&= report.kept === kept && faulty
    }
    await timed('rehearsed', rehearse, count * 0.9)
    await timed('brought in', importFile, count * 0.9)
    await timed('once more', importFile, 0)
    return outcome
  } finally {
    await bench.close()
    await rm(folder, { recursive: true })
  }
}
