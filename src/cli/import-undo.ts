import { parseArgs } from 'node:util'
import { readConfig } from '../core/config.ts'
import { asRefusal } from '../core/http.ts'
import { listImports, previewUndo, undoImport } from '../disposal/import-undo.ts'
import type { PurchaseUndo } from '../disposal/purchase-undo.ts'
import { visit } from '../supervisor/visit.ts'
import type { Help } from './help.ts'
import { misunderstood, progressBar, whyNot } from './import.ts'

const demo = { type: 'boolean', default: false, about: 'of the sample company, which runs' } as const

export const listHelp = {
  command: 'custode import list',
  operands: '',
  options: { demo },
  examples: ['npx custode import list'],
  ends: '0 when they were listed; 1 when they could not be',
  more: ['Custode must be running on this data.'],
} as const satisfies Help

export const undoHelp = {
  command: 'custode import undo',
  operands: 'ID',
  options: {
    preview: { type: 'boolean', default: false, about: 'say what it would do, and do nothing' },
    demo,
  },
  examples: ['npx custode import undo 0198c0de-0000-7000-8000-000000000000 --preview'],
  ends: '0 when it is undone; 1 when it could not be, and running it again goes on',
  more: [
    'Custode must be running on this data. Erases whom the import brought in and about whom nothing has changed since,',
    'trail included. Everybody else stays as they are and is listed by alias. Of an import of purchases, removes the invoices',
    'that no other import brought and no document of the law was issued for. What is gone comes back from no backup.',
  ],
} as const satisfies Help

/** `custode import list`. */
export async function listRuns(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    ...{ args: argv, allowPositionals: true, options: listHelp.options },
  })
  if (positionals.length > 0) return misunderstood(listHelp)
  return told(async () => {
    const runs = await visit(readConfig(process.env, values), listImports)
    for (const { id, kind, source, started_at, ended_at, undone_at, kept, refused } of runs) {
      const state = undone_at !== null ? 'undone' : ended_at === null ? 'unfinished' : 'done'
      console.log(
        `${id}  ${started_at.toISOString()}  ${kind} ${source}  kept ${kept}, refused ${refused}  ${state}`,
      )
    }
  })
}

/** `custode import undo ID`. */
export async function undoRun(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    ...{ args: argv, allowPositionals: true, options: undoHelp.options },
  })
  const [id, ...others] = positionals
  if (id === undefined || others.length > 0 || !/^[0-9a-f-]{36}$/.test(id)) return misunderstood(undoHelp)
  return told(async () => {
    const { erased, stayed, purchases } = await visit(readConfig(process.env, values), house =>
      values.preview ? previewUndo(house, id) : undoImport(house, id, 'system', progressBar()),
    )
    if (purchases !== undefined) return tellPurchases(purchases, values.preview)
    console.log(`${values.preview ? 'would erase' : 'erased'}  ${erased}`)
    console.log(`${values.preview ? 'would stay' : 'stayed'}   ${stayed.length}`)
    for (const alias of stayed) console.log(`  ${alias}`)
  })
}

function tellPurchases({ removed, left }: PurchaseUndo, preview: boolean): void {
  console.log(`${preview ? 'would remove' : 'removed'}  ${removed} (invoices)`)
  console.log(
    `${preview ? 'would leave' : 'left'}   ${left} (another import brought them too, or a document of the law was issued for them)`,
  )
}

const reasons: Record<string, string> = {
  purchases: 'this import of purchases is of an earlier version, which did not remember what it brought',
  unfinished: 'this import has not come to its end: import the same file again first',
  restored:
    'the database was restored since: what customers have changed may be lost, so nobody can be taken back',
  undone: 'this import is undone already',
}

async function told(act: () => Promise<void>): Promise<number> {
  try {
    await act()
    return 0
  } catch (error) {
    const refusal = asRefusal(error)
    const why = reasons[String((refusal?.detail as Record<string, unknown> | undefined)?.import)]
    console.error(
      refusal?.code === 'not_found' ? 'no import has this id' : (why ?? whyNot(error, 'the import')),
    )
    return 1
  }
}
