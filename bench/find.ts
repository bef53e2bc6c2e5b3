import { randomBytes, randomUUID } from 'node:crypto'
import type { House } from '../src/core/house.ts'
import { sha256 } from '../src/core/ids.ts'
import type { SearchTerm } from '../src/keeper/client.ts'
import { People } from '../src/keeper/people.ts'
import { type BenchHouse, openBenchHouse } from './bench-house.ts'
import { type Known, mistypedPeople } from './mistyped-people.ts'
import { type Contender, interleave, ratios, summary } from './rounds.ts'
import type { Outcome } from './run.ts'

interface Person {
  id: string
  name: string
  birth: string
  email: string
}

/** As many as the keeper takes in one request. */
const together = 500

/**
 * Finding one among many by a whole address and by a mistyped name with the birth date: through the keeper, with its durable
 * entries and the database's word on what still counts, beside a plain table with a btree and with `pg_trgm`. How many people
 * may be said in place of a file. The keeper allows all employees together 20,000 searches a day, so there are few.
 */
export async function find(quick: boolean, many = quick ? '50000' : '1000000'): Promise<Outcome> {
  const bench = await openBenchHouse()
  try {
    const people = peopleOf(Number(many))
    const began = performance.now()
    await sealAll(bench.house, people)
    const sealed = (performance.now() - began) / 1000
    await makePlain(bench, people)
    const outcome: Outcome = { name: 'find', ratios: {}, figures: {}, correct: true }
    outcome.figures.index = {
      ...{ people: people.length, 'sealed and entered in s': Math.round(sealed) },
      ...inMemory(people),
    }
    const keys = await takeGrants(bench.house)
    for (const inFlight of [1, 16]) await measure(bench, people, keys, { inFlight, quick }, outcome)
    return outcome
  } finally {
    await bench.close()
  }
}

async function measure(
  bench: BenchHouse,
  people: readonly Person[],
  keys: readonly Key[],
  { inFlight, quick }: { inFlight: number; quick: boolean },
  outcome: Outcome,
): Promise<void> {
  const options = { rounds: 5, operations: quick ? 200 : 700, inFlight, cpu: bench.cpu }
  const rounds = await interleave(contenders(bench, people, keys), options)
  // How many times the plain table's time a search takes.
  for (const kind of ['equality', 'fuzzy'])
    outcome.ratios[`${kind}: time beside plaintext at ${inFlight}`] = ratios(
      rounds.get(`plain ${kind}`)!,
      rounds.get(kind)!,
    )
  outcome.ratios[`equality: time beside plaintext with an audit INSERT at ${inFlight}`] = ratios(
    rounds.get('audited equality')!,
    rounds.get('equality')!,
  )
  for (const [name, each] of rounds) {
    const median = (of: (round: (typeof each)[number]) => number) =>
      Number(summary(each.map(of)).median.toPrecision(3))
    outcome.figures[`${name} at ${inFlight}`] = {
      ...{ 'per second': median(round => round.rate), 'p50 ms': median(round => round.p50) },
      ...{ 'p99 ms': median(round => round.p99), 'cpu us': median(round => round.cpu ?? 0) },
    }
    outcome.correct &&= each.every(round => round.wrong === 0)
  }
}

/** The index alone, in this process: what it weighs, and what one look costs without entry, keeper and database. */
function inMemory(people: readonly Person[]): Record<string, number> {
  const index = new People()
  const before = process.memoryUsage().heapUsed
  for (const [at, { id, name, birth, email }] of people.entries())
    index.hear(
      { customer: id, row: id, compartment: 'identity', version: 1, slot: at, trail: at },
      { name, birth_date: birth, email },
    )
  const bytes = (process.memoryUsage().heapUsed - before) / people.length
  const took = (term: (person: Person) => SearchTerm): number => {
    const began = performance.now()
    for (let at = 0; at < 2000; at++) index.find(term(people[(at * 7919) % people.length]!))
    return Number(((performance.now() - began) / 2).toPrecision(3))
  }
  return {
    'bytes each': Math.round(bytes),
    'equality us': took(({ email }) => ({ by: 'email', email })),
    'fuzzy us': took(({ name, birth }) => ({ by: 'person', name: mistyped(name), birth })),
  }
}

let asked = 0

function contenders(
  { house, owner }: BenchHouse,
  people: readonly Person[],
  keys: readonly Key[],
): Contender[] {
  const of = (count: number) => people[(count * 7919) % people.length]!
  const search = async (person: Person, term: SearchTerm): Promise<boolean> => {
    const { found } = await house.keeper.search(keys[asked++ % keys.length]!, term)
    const parts = found.flatMap(one => one.parts.map(part => ({ customer: one.customer, ...part })))
    await house.database.query('select at, fields from found_boxes($1, $2, $3, $4, $5)', [
      ...[parts.map(part => part.customer), parts.map(part => part.compartment)],
      ...[parts.map(part => part.version), parts.map(part => part.slot), 'service'],
    ])
    return found.some(one => one.customer === person.id)
  }
  const plain = async (person: Person, sql: string, values: string[]): Promise<boolean> =>
    (await owner.query<{ id: string }>(sql, values)).some(row => row.id === person.id)
  return [
    {
      name: 'plain equality',
      run: count => plain(of(count), 'select id from bench_people where email = $1', [of(count).email]),
    },
    {
      name: 'audited equality',
      async run(count) {
        await owner.query('insert into bench_audit values ($1, now(), $2)', [of(count).id, 'st_1'])
        return plain(of(count), 'select id from bench_people where email = $1', [of(count).email])
      },
    },
    { name: 'equality', run: count => search(of(count), { by: 'email', email: of(count).email }) },
    {
      name: 'plain fuzzy',
      run: count =>
        plain(
          of(count),
          `select id from bench_people where birth = $1 and name % $2 order by similarity(name, $2) desc limit 20`,
          [of(count).birth, mistyped(of(count).name)],
        ),
    },
    {
      name: 'fuzzy',
      run: count =>
        search(of(count), { by: 'person', name: mistyped(of(count).name), birth: of(count).birth }),
    },
  ]
}

/** Two letters of the last word change places. */
const mistyped = (name: string): string => `${name.slice(0, -2)}${name.at(-1)}${name.at(-2)}`

function peopleOf(many: number): Person[] {
  const days = (at: number) => new Date(Date.UTC(1940, 0, 1 + (at % 24_000))).toISOString().slice(0, 10)
  const known: Known[] = mistypedPeople(2000, 3, 0)
  return Array.from({ length: many }, (_, at) => {
    const { given, surname } = known[(at * 31) % known.length]!.person
    const name = `${given} ${surname}`
    return { id: randomUUID(), name, birth: days(at * 17), email: `person.${at}@example.org` }
  })
}

/** The keeper hears of whom it seals; their trails begin with an entry, as anybody's does. */
async function sealAll(house: House, people: readonly Person[]): Promise<void> {
  for (let from = 0; from < people.length; from += together) {
    const some = people.slice(from, from + together)
    const { from: slot } = await house.keeper.lease(some.length * 2)
    const places = some.map((person, at) => ({ person, slot: slot + at * 2, trailSlot: slot + at * 2 + 1 }))
    await house.keeper.seal(
      places.map(({ person: { id, name, birth, email }, ...slots }) => ({
        ...{ customer: id, compartment: 'identity', row: id, version: 1, ...slots },
        values: { name: { value: name }, birth_date: { value: birth }, email: { value: email } },
      })),
    )
    const entry = { kind: 'join', actor: 'customer', result: 'done' }
    await house.keeper.append(
      places.map(({ trailSlot }) => ({
        ...{ id: randomUUID(), number: 1, trailSlot },
        body: { ...entry, act: randomUUID(), subject: `K7-${trailSlot}` },
      })),
    )
  }
}

async function makePlain({ owner }: BenchHouse, people: readonly Person[]): Promise<void> {
  await owner.query('create extension pg_trgm')
  await owner.query('create table bench_people (id uuid, name text, birth date, email text)')
  for (let from = 0; from < people.length; from += 20_000) {
    const some = people.slice(from, from + 20_000)
    await owner.query(
      'insert into bench_people select * from unnest($1::uuid[], $2::text[], $3::date[], $4::text[])',
      [
        ...[some.map(one => one.id), some.map(one => one.name)],
        ...[some.map(one => one.birth), some.map(one => one.email)],
      ],
    )
  }
  await owner.query('create table bench_audit (id uuid, at timestamptz, actor text)')
  await owner.query('create index on bench_people (email)')
  await owner.query('create index on bench_people (birth)')
  await owner.query('create index on bench_people using gin (name gin_trgm_ops)')
  await owner.query('analyze bench_people')
}

interface Key {
  grant: string
  secret: string
}

/** Of so many employees that none uses up what one may find within a day. */
async function takeGrants(house: House): Promise<Key[]> {
  return Promise.all(
    Array.from({ length: 100 }, async (_, at) => {
      const key = { grant: randomUUID(), secret: randomBytes(32).toString('base64url') }
      await house.keeper.makeGrant({
        ...{
          id: key.grant,
          secretHash: sha256(key.secret).toString('hex'),
          kind: 'search',
          actor: `st_${at}`,
        },
        ...{ subjects: [], fields: ['name', 'birth_date', 'email', 'phone'], compartments: ['identity'] },
        ...{ purpose: 'service', until: Date.now() + 3_600_000, most: 10_000, policy: 'none' },
      })
      return key
    }),
  )
}
