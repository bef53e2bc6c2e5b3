import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mostOfFile } from '../src/cli/import.ts'
import { listCatalogue } from '../src/collection/catalogue.ts'
import { markGeneration } from '../src/identity/address.ts'
import { contactImport } from '../src/storage/contact.import.ts'
import { readContactFile } from '../src/storage/contact-file.ts'
import { proposeMapping } from '../src/storage/contact-mapping.ts'
import { importFile, rehearse } from '../src/storage/import.ts'
import { withFingerprints } from '../src/use/import-run.ts'
import { type CpuSeconds, openBenchHouse } from './bench-house.ts'
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

/** Each tenth shows whether the work grows with what is there already. */
function byTenths(tell: (tenth: number) => Promise<void>): (done: number, total: number) => void {
  let told = 0
  return (done, total) => {
    const tenth = Math.floor((done / total) * 10)
    if (tenth > told) void tell(tenth)
    told = tenth
  }
}

/** CPU seconds by process, and their sum: what no other load of the machine changes. */
function spent(before: CpuSeconds | null, after: CpuSeconds | null): Record<string, number> {
  if (before === null || after === null) return {}
  const [server, keeper, postgres] = (['server', 'keeper', 'postgres'] as const).map(
    name => Math.round((after[name] - before[name]) * 10) / 10,
  ) as [number, number, number]
  const all = Math.round((server + keeper + postgres) * 10) / 10
  return { 'cpu server': server, 'cpu keeper': keeper, 'cpu PostgreSQL': postgres, 'cpu together': all }
}

/**
 * Brings in generated contacts: rehearsed, for good, and once more. Fails unless each count is exactly right.
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
      const before = await bench.cpuOfEach()
      const file = await readContactFile(path, 'csv')
      const catalogue = await listCatalogue(house.database)
      const today = house.clock.now().toISOString().slice(0, 10)
      const adapter = contactImport(file, proposeMapping(file.headers, catalogue), catalogue, today)
      const progress = byTenths(async tenth => {
        const sum = spent(before, await bench.cpuOfEach())
        const took = ((performance.now() - began) / 1000).toFixed(1)
        process.stderr.write(`${name}: ${tenth} tenths after ${took} s, ${JSON.stringify(sum)}\n`)
      })
      const report = await withFingerprints(
        house,
        under => run(house, { adapter, file: path, source: 'bench', under, progress }),
        mostOfFile,
      )
      const after = await bench.cpuOfEach()
      outcome.figures[name] = {
        ...{ lines: report.lines, kept: report.kept, known: report.known, refused: report.refused.length },
        seconds: Math.round((performance.now() - began) / 100) / 10,
        ...spent(before, after),
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
