import { type ChildProcess, execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Program } from '../../test/program.ts'
import { Database } from '../core/database.ts'
import { socketFolder } from '../core/embedded-database.ts'
import { KeeperClient } from '../keeper/client.ts'
import { runningAccess } from '../supervisor/embedded.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../main.ts')
const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
const line = (reference: string, email = `${reference}@example.org`) =>
  `${reference},Ada Corvo,${email},,service,2025-05-31,till-form`

let program: Program
beforeAll(async () => {
  program = await Program.make()
  expect({ started: await program.start('--demo'), said: program.output }).toMatchObject({ started: true })
}, 120_000)
afterAll(() => program.remove())

interface Ended {
  code: number
  stdout: string
  /** Without the progress. */
  stderr: string
}

/** `custode import customers FILE --demo`, as typed beside the running sample company. */
async function importing(content: string, ...more: string[]): Promise<Ended> {
  await writeFile(join(program.folder, 'customers.csv'), content)
  const args = [main, 'import', 'customers', 'customers.csv', '--demo', ...more]
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: program.folder }).then(
    ended => ({ code: 0, ...ended }),
    (error: Ended) => error,
  )
  return { code, stdout, stderr: stderr.replace(/^\d+ of \d+ lines\n/gm, '') }
}

test('lines are kept, and the report lists those that are not', async () => {
  const content = `${header},shoe_size\n${line('c-1')},41\n${line('c-2', 'no address')},42\n`
  const { code, stdout } = await importing(content, '--report', 'report.csv')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^lines {4}2\nkept {5}1\nknown {4}0 .*\nrefused {2}1\n {2}1 email: no e-mail address/,
  )
  expect(stdout).toContain('columns not kept: shoe_size (known are reference, name, email, phone, purposes,')
  expect(await readFile(join(program.folder, 'report.csv'), 'utf8')).toBe('line,code\n3,email\n')
})

test('a report that cannot be written is refused before a line is kept', async () => {
  const content = `${header}\n${line('r-1')}\n`
  expect(await importing(content, '--report', 'none/report.csv')).toEqual({
    ...{ code: 1, stdout: '' },
    stderr:
      '--report none/report.csv cannot be written: its folder does not exist: make the folder, or name another file\n',
  })
  expect((await importing(content, '--report', './customers.csv')).stderr).toBe(
    '--report ./customers.csv is the file that is imported: name another file\n',
  )
  expect(await readFile(join(program.folder, 'customers.csv'), 'utf8')).toBe(content)
  expect((await importing(content)).stdout).toContain('kept     1\n')
})

test.each([
  [
    'names a column twice',
    `${header},email\n${line('h-1')},x\n`,
    'the header of customers.csv names email twice: leave one, so that it is plain which counts\n',
  ],
  [
    'lacks columns',
    'reference,name,email\n1,Ada Corvo,x@example.org\n',
    `the header of customers.csv lacks phone, purposes, consent_date, consent_source: needed are ${header.replaceAll(',', ', ')}, parted by commas\n`,
  ],
  ['is not there', '', 'customers.csv is empty: it needs a header and lines\n'],
])('a header that %s is refused in one line', async (_what, content, stderr) => {
  expect(await importing(content)).toEqual({ code: 1, stdout: '', stderr })
})

test('a header alone brings nothing in, and one line says so', async () => {
  const { code, stdout } = await importing(`${header}\n`)
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'customers.csv has a header and no line: nothing was brought in\n',
  })
})

test('old evidence is accepted by one word, and any other is not understood', async () => {
  const content = `${header}\n${line('e-1')}\n`
  expect(await importing(content, '--evidence-older-than-withdrawals=yes')).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: '--evidence-older-than-withdrawals takes one word, accept; without it such lines are refused\n',
  })
  const { code, stdout } = await importing(content, '--evidence-older-than-withdrawals=accept')
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('kept     1\n') })
})

describe('an import that is cut off in the middle', () => {
  const many = 300
  const numbers = Array.from({ length: many }, (_, at) => at)
  const data = () => join(program.folder, 'custode-demo', 'data')
  const keeper = () => KeeperClient.connect(join(socketFolder(data()), 'keeper', 'keeper.sock'))
  const killKeeper = () => process.kill(program.child('keeper/main.ts'), 'SIGKILL')

  async function stored<Row>(sql: string, ...values: unknown[]): Promise<Row[]> {
    const database = new Database({ ...(await runningAccess(data(), 'custode_owner')), max: 1 })
    try {
      return await database.query<Row>(sql, values)
    } finally {
      await database.end()
    }
  }

  const customersOf = (source: string) => [
    ...[header, ...numbers.map(at => line(`${source}-${at}`))],
    ...[line(`${source}-0`, `again.${source}@example.org`), `${source}-x,Ada Corvo,x@example.org,,,,`],
  ]

  /** An invoice of two lines for everybody, and one of which a line cannot be kept. */
  const purchasesOf = (source: string) => [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID',
    ...[...numbers, many].flatMap(at => [
      `${at},1,X,1,2025-06-01 08:26:00,1.00,${source}-${at % many}`,
      `${at},2,Y,1,2025-06-01 08:26:00,${at === many ? 'free' : '2.00'},${source}-${at % many}`,
    ]),
  ]

  interface Run {
    kind: 'customers' | 'purchases'
    source: string
    /** Done once a tenth of the lines has been reported. */
    cut?: (child: ChildProcess) => void
  }

  async function runImport({ kind, source, cut }: Run) {
    let uncut = cut
    const args = ['import', kind, `${kind}.csv`, '--demo', '--source', source]
    const { code, output } = await program.run(args, (said, child) => {
      if ((said.match(/^\d+ of \d+ lines$/gm) ?? []).length < 2) return
      uncut?.(child)
      uncut = undefined
    })
    const count = (word: string) => Number(new RegExp(`^${word} +(\\d+)`, 'm').exec(output)?.[1])
    const resumed = output.includes('had not come to its end; this one went on')
    const [kept, known, refused] = ['kept', 'known', 'refused'].map(count)
    return { code, resumed, kept, known, refused }
  }

  const write = (name: string, lines: string[]) =>
    writeFile(join(program.folder, name), `${lines.join('\n')}\n`)

  const keptOf = async (kind: Run['kind'], source: string) => {
    const table = kind === 'customers' ? 'customer_reference' : 'purchase'
    return (await stored(`select 1 from ${table} where source = $1`, source)).length
  }

  /** What every one of these customers has, and how often each set of it is found. */
  const holdings = (source: string) =>
    stored(
      `select consents, boxes, changes, invoices, count(*)::integer as customers
         from (select (select count(*)::integer from consent c where c.subject = s.id) as consents,
                      (select array_agg(b.compartment || ' ' || b.version order by b.compartment)
                         from box b where b.subject = s.id) as boxes,
                      s.last_change as changes,
                      (select array_agg(p.lines) from purchase p where p.subject = s.id) as invoices
                 from customer_reference r join subject s on s.id = r.subject where r.source = $1) each
        group by 1, 2, 3, 4`,
      source,
    )

  /** The log has as many entries of each of these customers as their rows count changes, and none waits. */
  async function requireLogged(source: string): Promise<void> {
    await vi.waitFor(async () => expect(await stored('select 1 from outbox')).toEqual([]), {
      ...{ timeout: 20_000, interval: 100 },
    })
    const rows = await stored<{ trail: number; last_change: number }>(
      `select s.trail, s.last_change from customer_reference r join subject s on s.id = r.subject
        where r.source = $1 order by s.trail`,
      source,
    )
    const client = await keeper()
    const { numbers: logged } = await client.numbersAfter(rows[0]!.trail - 1, 5000)
    await client.close()
    const counted = new Map(logged)
    expect(rows.filter(row => counted.get(row.trail) !== row.last_change)).toEqual([])
  }

  const imports = (kind: Run['kind'], source: string) =>
    stored(
      `select kept, known, refused, ended_at is not null as ended from import
        where kind = $1 and source = $2 order by started_at`,
      ...[kind, source],
    )

  /** Cuts one off, runs it again, and once more: nothing is kept twice, and nothing by halves. */
  async function requireGoingOn(run: Required<Run>, whole: { kept: number; refused: number }): Promise<void> {
    const { kind, source } = run
    await runImport(run)
    const before = await keptOf(kind, source)
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(many)
    await vi.waitFor(async () => (await keeper()).close(), { timeout: 20_000, interval: 100 })
    expect(await runImport({ kind, source })).toEqual({ code: 0, resumed: true, known: 0, ...whole })
    const { kept, refused } = whole
    expect(await runImport({ kind, source })).toEqual({
      ...{ code: 0, resumed: false, kept: 0, known: kept, refused },
    })
    expect(await imports(kind, source)).toEqual([
      { kept, known: 0, refused, ended: true },
      { kept: 0, known: kept, refused, ended: true },
    ])
    expect(await keptOf(kind, source)).toBe(many)
    await requireLogged(source)
  }

  const ofCustomers = { kept: many, refused: 2 }
  const ofPurchases = { kept: 2 * many, refused: 2 }
  const one = { consents: 1, boxes: ['contact 1', 'identity 1'], changes: 1, invoices: null }
  const sold = { ...one, boxes: [...one.boxes, 'purchases 1'], changes: 2, invoices: [2] }

  test.each<[string, string, (child: ChildProcess) => void]>([
    ['the command was killed', 'cut', child => child.kill('SIGKILL')],
    [
      'the command and the keeper were killed',
      'both',
      child => {
        killKeeper()
        child.kill('SIGKILL')
      },
    ],
  ])(
    'goes on where it was after %s',
    async (_what, source, cut) => {
      if (process.platform !== 'linux' && source === 'both') return
      const customers = (await stored('select 1 from customer')).length
      await write('customers.csv', customersOf(source))
      await requireGoingOn({ kind: 'customers', source, cut }, ofCustomers)
      expect((await stored('select 1 from customer')).length).toBe(customers + many)
      expect(await holdings(source)).toEqual([{ ...one, customers: many }])
      await write('purchases.csv', purchasesOf(source))
      await requireGoingOn({ kind: 'purchases', source, cut }, ofPurchases)
      expect(await holdings(source)).toEqual([{ ...sold, customers: many }])
    },
    180_000,
  )

  test('goes on by itself when the keeper was away and is back', async context => {
    if (process.platform !== 'linux')
      return context.skip('processes are looked at through /proc, on Linux alone')
    const source = 'away'
    await write('customers.csv', customersOf(source))
    await write('purchases.csv', purchasesOf(source))
    const good = { code: 0, resumed: false, known: 0 }
    expect(await runImport({ kind: 'customers', source, cut: killKeeper })).toEqual({
      ...good,
      ...ofCustomers,
    })
    expect(await runImport({ kind: 'purchases', source, cut: killKeeper })).toEqual({
      ...good,
      ...ofPurchases,
    })
    expect(await holdings(source)).toEqual([{ ...sold, customers: many }])
    await requireLogged(source)
  }, 180_000)
})
