import { newId, newToken, sha256 } from '../src/core/ids.ts'
import { erase } from '../src/disposal/erasure.ts'
import { makeReceipt } from '../src/disposal/receipt.ts'
import { checkReceipt } from '../src/disposal/receipt-check.ts'
import { roll } from '../src/disposal/roll.ts'
import { ask, withdrawalLink } from '../src/disposal/withdrawal.ts'
import { KeeperRefusal } from '../src/keeper/client.ts'
import { type BenchHouse, openBenchHouse, openForCustomers } from './bench-house.ts'
import { type Leaver, makeLeaver, makePlainLeaver, makePlainTables, plainTables } from './leaver.ts'
import { round } from './roll.ts'
import { percentile, type Summary, summary } from './rounds.ts'
import type { Outcome } from './run.ts'

const rounds = 5
/** How many customers of each size leave in a round: a p99 needs many small ones. */
const sizes = [
  { rows: 10, people: 200 },
  { rows: 1000, people: 5 },
  { rows: 100_000, people: 1 },
]

/** Milliseconds of one erasure. */
interface Took {
  /** Until the slots are refused: nobody reads the customer any more. */
  refused: number
  /** Until the rows are gone as well. */
  t0: number
}

type Times = Record<'refused' | 't0' | 't1' | 'receipt' | 'delete' | 'vacuum' | 'least', number[]>

/**
 * A customer leaves, as the portal does it, beside `delete … cascade` of the same customer in plain tables, without
 * and with the `vacuum` that takes the bytes out of the heap: on one durable PostgreSQL, in turn. `least` is what no
 * erasure that promises first can do without: one question to PostgreSQL, one entry of the log, and that `delete`.
 */
export async function measureErasures(quick: boolean, outcome: Outcome): Promise<void> {
  const bench = await openBenchHouse()
  try {
    await openForCustomers(bench)
    for (const prefix of ['plain', 'vacuumed', 'promised']) await makePlainTables(bench, prefix)
    const stays = await makeLeaver(bench, 10)
    const measured = new Map(sizes.slice(0, quick ? 2 : 3).map(size => [size, [] as Times[]]))
    for (let round = 0; round <= rounds; round++) {
      for (const [size, times] of measured) {
        const one = await oneRound(bench, size, stays, outcome)
        if (round > 0) times.push(one)
      }
    }
    tell(new Map([...measured].map(([{ rows }, times]) => [rows, times])), outcome)
  } finally {
    await bench.close()
  }
}

async function oneRound(
  bench: BenchHouse,
  { rows, people }: { rows: number; people: number },
  stays: Leaver,
  outcome: Outcome,
): Promise<Times> {
  const times: Times = { refused: [], t0: [], t1: [], receipt: [], delete: [], vacuum: [], least: [] }
  const leavers: { leaver: Leaver; plain: string; vacuumed: string; promised: string; token: string }[] = []
  for (let at = 0; at < people; at++) {
    leavers.push({
      ...{ leaver: await makeLeaver(bench, rows), plain: await makePlainLeaver(bench, 'plain', rows) },
      ...{ vacuumed: await makePlainLeaver(bench, 'vacuumed', rows), token: newToken() },
      promised: await makePlainLeaver(bench, 'promised', rows),
    })
  }
  for (const { leaver, plain, vacuumed, promised, token } of leavers) {
    const { refused, t0 } = await leave(bench, leaver, token)
    times.refused.push(refused)
    times.t0.push(t0)
    times.least.push(await timed(() => promiseAndDelete(bench, stays, promised)))
    times.delete.push(await timed(() => deletePlain(bench, 'plain', plain)))
    times.vacuum.push(
      await timed(async () => {
        await deletePlain(bench, 'vacuumed', vacuumed)
        await vacuum(bench)
      }),
    )
  }
  times.t1.push(await timed(() => roll(bench.house)))
  for (const { leaver, token } of leavers) {
    const link = withdrawalLink(token)
    times.receipt.push(await timed(() => makeReceipt(bench.house, link)))
    const receipt = await makeReceipt(bench.house, link)
    outcome.correct &&= checkReceipt(receipt).ok && receipt.destruction.t1 !== null
    outcome.correct &&= await isGone(bench, leaver)
  }
  outcome.correct &&= await opens(bench, stays)
  return times
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

/** The withdrawal as it is stored, then the erasure; `roll` follows for all of a round together. */
async function leave({ house }: BenchHouse, leaver: Leaver, token: string): Promise<Took> {
  const took: Took = { refused: 0, t0: 0 }
  const began = performance.now()
  const keeper = stamping(house.keeper, 'shred', () => {
    took.refused = performance.now() - began
  })
  const database = stamping(house.database, 'one', () => {
    took.t0 = performance.now() - began
  })
  const asked = await ask(house, { subject: leaver.id, token })
  await erase(
    { ...house, keeper, database },
    {
      ...{ act: asked!.act, subject: leaver.id, linkHash: asked!.link_hash },
      ...{ actor: 'customer', reason: 'withdrawal', keepsTrail: true },
    },
  )
  return took
}

/** The same object, of which one method tells when it has ended. */
const stamping = <T extends object>(of: T, name: string, ended: () => void): T =>
  new Proxy(of, {
    get(target, asked) {
      const method: unknown = Reflect.get(target, asked)
      if (typeof method !== 'function') return method
      if (asked !== name) return method.bind(target)
      return async (...args: unknown[]) => {
        const answer: unknown = await method.apply(target, args)
        ended()
        return answer
      }
    },
  })

const deletePlain = ({ owner }: BenchHouse, prefix: string, id: string) =>
  owner.query(`delete from ${prefix}_person where id = $1`, [id])

async function promiseAndDelete(bench: BenchHouse, { trail, alias }: Leaver, id: string): Promise<void> {
  await bench.owner.one('select id from promised_person where id = $1', [id])
  const body = { kind: 'session', act: newId(), actor: 'customer', subject: alias, result: 'done' }
  await bench.house.keeper.append([{ id: newId(), number: 0, trailSlot: trail, body }])
  await deletePlain(bench, 'promised', id)
}

async function vacuum({ owner }: BenchHouse): Promise<void> {
  for (const table of ['person', ...plainTables]) await owner.query(`vacuum vacuumed_${table}`)
}

/** No row names them, and a box that somebody has kept opens no more. */
async function isGone(bench: BenchHouse, leaver: Leaver): Promise<boolean> {
  const { rows } = await bench.owner.one<{ rows: number }>(
    `select ((select count(*) from box where subject = $1) + (select count(*) from purchase where subject = $1) +
             (select count(*) from customer_reference where subject = $1) +
             (select count(*) from address where subject = $1))::int as rows`,
    [leaver.id],
  )
  const refusal = await opens(bench, leaver).catch(error => error)
  return rows === 0 && refusal instanceof KeeperRefusal && refusal.code === 'erased'
}

/** Whether their first box opens under a grant of the keeper's alone. */
async function opens({ house }: BenchHouse, { id, alias, trail, box }: Leaver): Promise<boolean> {
  const [grant, secret] = [newId(), newToken()]
  await house.keeper.makeGrant({
    ...{ id: grant, secretHash: sha256(secret).toString('hex'), kind: 'job', actor: 'system' },
    subjects: [{ customer: id, trailSlot: trail, alias }],
    ...{ fields: ['name'], compartments: ['identity'], purpose: 'bench', policy: '' },
    ...{ until: Date.now() + 60_000, most: 1 },
  })
  const item = { customer: id, compartment: 'identity', row: id, version: 1, box }
  const [opened] = await house.keeper.open({ grant, secret, fields: ['name'], items: [item] })
  return (opened?.values.name as { value?: unknown } | undefined)?.value === 'Ana Prova'
}

function tell(measured: Map<number, Times[]>, outcome: Outcome): void {
  const median = (values: number[]) => summary(values).median
  for (const [rows, times] of measured) {
    const all = (name: keyof Times) => times.flatMap(one => one[name]).sort((a, b) => a - b)
    const told = (name: keyof Times) => {
      const values = all(name)
      return { [`${name} ms`]: round(median(values)), [`${name} p99`]: round(percentile(values, 99)) }
    }
    outcome.figures[`erase ${rows} rows`] = {
      ...{ ...told('refused'), ...told('t0'), ...told('t1'), ...told('receipt') },
      ...{ ...told('delete'), ...told('vacuum'), ...told('least') },
    }
    const beside = (name: 'refused' | 't0', other: 'delete' | 'vacuum' | 'least'): Summary =>
      summary(times.map(one => median(one[name]) / median(one[other])))
    outcome.ratios[`time to refused / delete, ${rows} rows`] = beside('refused', 'delete')
    outcome.ratios[`time to t0 / delete, ${rows} rows`] = beside('t0', 'delete')
    outcome.ratios[`time to t0 / delete and vacuum, ${rows} rows`] = beside('t0', 'vacuum')
    outcome.ratios[`time to t0 / promise and delete, ${rows} rows`] = beside('t0', 'least')
  }
  const [small] = measured.values()
  const large = [...measured.values()].at(-1)!
  for (const name of ['refused', 't0'] as const)
    outcome.ratios[`time to ${name}, ${[...measured.keys()].at(-1)} rows / 10 rows`] = summary(
      large.map((one, at) => median(one[name]) / median(small![at]![name])),
    )
}
