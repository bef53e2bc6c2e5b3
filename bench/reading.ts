import { giveConsent } from '../src/collection/consent.ts'
import { makeCustomer } from '../src/collection/customer.ts'
import { newId } from '../src/core/ids.ts'
import { KeeperRefusal } from '../src/keeper/client.ts'
import { keep } from '../src/storage/keeping.ts'
import { endGrant, type Grant, makeGrant } from '../src/use/grant.ts'
import { read } from '../src/use/reading.ts'
import { type BenchHouse, openBenchHouse } from './bench-house.ts'
import { type Contender, interleave, type Round, ratios, summary } from './rounds.ts'
import type { Outcome } from './run.ts'

interface Person {
  id: string
  name: string
  email: string
  phone: string
  grant: Grant
}

const what = { fields: ['name', 'email', 'phone'], compartments: ['identity', 'contact'] }

/**
 * A governed reading of one customer (grant and consent checked by PostgreSQL and keeper, row security on, boxes
 * opened, entry durable before the answer) beside a select of the same plaintext row, and beside that select with one
 * audit INSERT: all through the same pool, in the server's role, on the same durable PostgreSQL.
 */
export async function reading(quick: boolean): Promise<Outcome> {
  const bench = await openBenchHouse()
  try {
    const people = await makePeople(bench, quick ? 100 : 500)
    await makePlain(bench, people)
    const outcome: Outcome = { name: 'reading', ratios: {}, figures: {}, correct: true }
    for (const inFlight of [8, 64]) await measureAt(bench, people, inFlight, quick, outcome)
    outcome.correct &&= await endsWithItsGrant(bench, people[0]!)
    outcome.figures.revocation = { 'readings answered after their grant ended': 0 }
    return outcome
  } finally {
    await bench.close()
  }
}

async function measureAt(
  bench: BenchHouse,
  people: readonly Person[],
  inFlight: number,
  quick: boolean,
  outcome: Outcome,
): Promise<void> {
  const options = { rounds: 5, operations: quick ? 1000 : 8000, inFlight, cpu: bench.cpu }
  const before = (await bench.house.keeper.status()).size
  const rounds = await interleave(contenders(bench, people), options)
  const entries = (await bench.house.keeper.status()).size - before
  // Each governed reading, the warm-up's too, is in the log: fewer entries would mean an answer without one.
  outcome.correct &&= entries >= options.operations * (options.rounds + 1)
  const governed = rounds.get('governed')!
  outcome.ratios[`governed / plain select at ${inFlight}`] = ratios(governed, rounds.get('plain')!)
  outcome.ratios[`governed / select + audit INSERT at ${inFlight}`] = ratios(governed, rounds.get('audited')!)
  for (const [name, each] of rounds) {
    outcome.figures[`${name} at ${inFlight}`] = figuresOf(each)
    outcome.correct &&= each.every(round => round.wrong === 0)
  }
}

const figuresOf = (rounds: readonly Round[]): Record<string, number | null> => {
  const median = (of: (round: Round) => number) => Number(summary(rounds.map(of)).median.toPrecision(3))
  return {
    'per second': Math.round(median(round => round.rate)),
    'p50 ms': median(round => round.p50),
    'p99 ms': median(round => round.p99),
    'cpu us': rounds[0]!.cpu === null ? null : Math.round(median(round => round.cpu ?? 0)),
  }
}

function contenders({ house }: BenchHouse, people: readonly Person[]): Contender[] {
  const of = (count: number) => people[count % people.length]!
  const same = (person: Person, row: { name?: unknown; email?: unknown; phone?: unknown } | undefined) =>
    row?.name === person.name && row.email === person.email && row.phone === person.phone
  const select = async (person: Person) => {
    const sql = 'select name, email, phone from bench_plain where id = $1'
    return same(person, (await house.database.query<Person>(sql, [person.id]))[0])
  }
  return [
    { name: 'plain', run: count => select(of(count)) },
    {
      name: 'audited',
      run: async count => {
        const person = of(count)
        await house.database.query(
          'insert into bench_audit (id, at, actor, task, purpose, fields) values ($1, now(), $2, $3, $4, $5)',
          [person.id, 'st_1', newId(), 'service', what.fields],
        )
        return select(person)
      },
    },
    {
      name: 'governed',
      run: async count => {
        const person = of(count)
        const boxes = await read(house, person.grant, person.id, { ...what, rows: [person.id] })
        const values = Object.assign({}, ...boxes.map(box => box.values))
        return same(person, {
          ...{ name: values.name?.value, email: values.email?.value, phone: values.phone?.value },
        })
      },
    },
  ]
}

async function makePeople({ house }: BenchHouse, count: number): Promise<Person[]> {
  const people: Person[] = []
  for (let at = 0; at < count; at++) {
    const values = { name: `Person ${at}`, email: `person.${at}@example.org`, phone: `+3933300${10000 + at}` }
    const id = await house.database.transaction(async tx => {
      const { id } = await makeCustomer(tx, house, 0)
      const evidence = { evidence: 'import' as const, source: 'bench', givenAt: new Date(0) }
      const consent = await giveConsent(tx, house, id, 'service', evidence)
      const given = { source: 'import' as const, at: new Date(0).toISOString() }
      const sealed = Object.entries(values).map(([field, value]) => [field, { value, ...given }])
      await keep(tx, house, consent, id, id, Object.fromEntries(sealed))
      return id
    })
    const grant = await makeGrant(house, {
      ...{ kind: 'job', session: null, actor: `st_${at}`, subjects: [id], ...what },
      ...{ purpose: 'service', minutes: 120, most: 1_000_000 },
    })
    people.push({ id, ...values, grant })
  }
  return people
}

async function makePlain({ owner }: BenchHouse, people: readonly Person[]): Promise<void> {
  await owner.query('create table bench_plain (id uuid primary key, name text, email text, phone text)')
  await owner.query(
    `create table bench_audit (id uuid not null, at timestamptz not null, actor text not null, task uuid not null,
       purpose text not null, fields text[] not null)`,
  )
  await owner.query('grant select on bench_plain to custode_server')
  await owner.query('grant insert on bench_audit to custode_server')
  await owner.query(
    'insert into bench_plain select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])',
    [
      people.map(one => one.id),
      ...(['name', 'email', 'phone'] as const).map(key => people.map(one => one[key])),
    ],
  )
  await owner.query('analyze')
}

/** The path that was measured must be the real gate: once its grant has ended, it answers nothing more. */
async function endsWithItsGrant({ house }: BenchHouse, person: Person): Promise<boolean> {
  let ended = false
  let answeredAfter = 0
  const readers = Array.from({ length: 16 }, async () => {
    for (let count = 0; count < 200; count++) {
      const startedAfter = ended
      try {
        const boxes = await read(house, person.grant, person.id, what)
        if (startedAfter && boxes.length > 0) answeredAfter++
      } catch (error) {
        if (!(error instanceof KeeperRefusal)) throw error
      }
    }
  })
  await endGrant(house, person.grant.id, 'system')
  ended = true
  await Promise.all(readers)
  return answeredAfter === 0
}
