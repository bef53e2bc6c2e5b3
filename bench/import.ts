import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { purchaseImport } from '../src/crm/purchase.import.ts'
import { markGeneration } from '../src/identity/address.ts'
import { customerImport } from '../src/storage/customer.import.ts'
import { type ImportReport, importFile } from '../src/storage/import.ts'
import { openBenchHouse } from './bench-house.ts'
import { retailCustomers } from './retail-customers.ts'
import type { Outcome } from './run.ts'

/**
 * Brings in a real file of purchases (UCI Online Retail or one of its shape), three times: before anybody has agreed,
 * after 95 % have, once more. Fails unless each count is exactly right and a line is one purchase.
 */
export async function imports(_quick: boolean, file: string | undefined): Promise<Outcome> {
  if (file === undefined) throw new Error('usage: npm run bench -- import PURCHASES.csv[.gz]')
  const folder = await mkdtemp(join(tmpdir(), 'custode-import-'))
  const bench = await openBenchHouse()
  const outcome: Outcome = { name: 'import', ratios: {}, figures: {}, correct: true }
  const { house, owner } = bench
  try {
    await house.database.transaction(tx => markGeneration(tx, house))
    const text = await retailCustomers(file, 1)
    const customers = join(folder, 'customers.csv')
    await writeFile(customers, text)
    const people = text.trim().split('\n').slice(1)
    const agreed = people.filter(line => !line.endsWith(',,,')).length

    const timed = async (name: string, run: () => Promise<ImportReport>): Promise<ImportReport> => {
      const began = performance.now()
      const report = await run()
      const seconds = (performance.now() - began) / 1000
      const { lines, kept, known, refused } = report
      outcome.figures[name] = { lines, kept, known, refused: refused.length }
      Object.assign(outcome.figures[name], { 'lines per second': Math.round(lines / seconds) })
      outcome.correct &&= kept + known + refused.length === lines
      return report
    }
    const purchases = (path: string) =>
      importFile(house, { adapter: purchaseImport('GBP'), file: path, source: 'retail' })
    const customersOnce = () =>
      importFile(house, { adapter: customerImport, file: customers, source: 'retail' })

    const before = await timed('purchases before consent', () => purchases(file))
    outcome.correct &&= before.kept === 0 && before.refused.length === before.lines
    const joined = await timed('customers', customersOnce)
    outcome.correct &&= joined.kept === agreed && joined.refused.length === people.length - agreed
    const first = await timed('purchases', () => purchases(file))
    const [stored] = await owner.query<{ lines: number; invoices: number; boxes: number }>(
      `select (select sum(lines) from purchase) as lines, (select count(*) from purchase) as invoices,
              (select count(*) from box where compartment = 'purchases') as boxes`,
    )
    outcome.correct &&= Number(stored!.lines) === first.kept && stored!.invoices === stored!.boxes
    const again = await timed('purchases again', () => purchases(file))
    outcome.correct &&= again.kept === 0 && again.known === first.kept
    const customersAgain = await timed('customers again', customersOnce)
    outcome.correct &&= customersAgain.kept === 0 && customersAgain.known === agreed
    return outcome
  } finally {
    await bench.close()
    await rm(folder, { recursive: true })
  }
}
