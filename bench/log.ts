import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../src/core/database.ts'
import { verifyLog } from '../src/keeper/checkpoint.ts'
import type { Change } from '../src/keeper/client.ts'
import { type BenchHouse, openBenchHouse } from './bench-house.ts'
import { costOfAct, startBenchKeeper } from './bench-keeper.ts'
import { makePerson } from './bench-person.ts'
import { hypercoreLeaves } from './hypercore.ts'
import { LeafLog } from './leaf-log.ts'
import { type Contender, interleave, type Round, ratios, summary } from './rounds.ts'
import type { Outcome } from './run.ts'

const million = 1_000_000
const atOnce = 512

/**
 * The log in two measures. *Leaves*: 32-byte commitments that are ready, to a durable tree under a signed checkpoint,
 * beside hypercore (which does not sync). *Whole entries*: body, chain, salt, seal and leaf, through the keeper's
 * socket, beside one INSERT per entry. And how long the verifier takes for a million of each.
 */
export async function log(quick: boolean): Promise<Outcome> {
  const outcome: Outcome = { name: 'log', ratios: {}, figures: {}, correct: true }
  const folder = await mkdtemp(join(tmpdir(), 'custode-log-bench-'))
  try {
    await measureLeaves(folder, quick, outcome)
    await measureEntries(quick, outcome)
    await measureVerifying(folder, quick ? million / 10 : million, outcome)
    return outcome
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureLeaves(folder: string, quick: boolean, outcome: Outcome): Promise<void> {
  const peer = await hypercoreLeaves(join(folder, 'hypercore'))
  if (peer === null)
    console.log('hypercore is not installed here: npm install --no-save hypercore@10.9.2, and run again\n')
  for (const batch of [1, 64, 1024]) {
    const own = await LeafLog.create(join(folder, `leaves-${batch}`))
    const contenders: Contender[] = [
      { name: 'leaves', run: () => own.append(commitments(batch)).then(() => true) },
      ...(peer === null
        ? []
        : [{ name: 'hypercore', run: () => peer.append(commitments(batch)).then(() => true) }]),
    ]
    const operations = Math.ceil((quick ? 20_000 : 200_000) / Math.max(batch, 20))
    const rounds = await interleave(contenders, { rounds: 5, operations, inFlight: 1, cpu: async () => null })
    for (const [name, each] of rounds) outcome.figures[`${name} by ${batch}`] = perSecond(each, batch)
    const theirs = rounds.get('hypercore')
    if (theirs !== undefined)
      outcome.ratios[`leaves / hypercore by ${batch}`] = ratios(rounds.get('leaves')!, theirs)
    await own.close()
    const verdict = await verifyLog(own.folder)
    outcome.correct &&= verdict.ok && verdict.size === own.size
  }
  await peer?.close()
}

const commitments = (count: number): Buffer[] => {
  const bytes = randomBytes(32 * count)
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * 32, at * 32 + 32))
}

const perSecond = (rounds: readonly Round[], batch: number) => ({
  'per second': Math.round(summary(rounds.map(one => one.rate * batch)).median),
  'p50 ms': Number(summary(rounds.map(one => one.p50)).median.toFixed(2)),
  'p99 ms': Number(summary(rounds.map(one => one.p99)).median.toFixed(2)),
})

/** An entry as a reading or a change leaves it. */
function changeOf(trailSlot: number): Change {
  return {
    ...{ id: randomUUID(), number: 0, trailSlot },
    body: {
      ...{ kind: 'data.change', act: randomUUID(), actor: 'st_7', subject: 'K7-4Q', task: randomUUID() },
      ...{ purpose: 'service', fields: ['contact.email', 'contact.phone'], result: 'done' },
    },
  }
}

async function measureEntries(quick: boolean, outcome: Outcome): Promise<void> {
  const bench = await openBenchHouse()
  try {
    const { keeper } = bench.house
    const trails = await Promise.all(Array.from({ length: 200 }, () => makePerson(keeper)))
    const trail = (at: number) => trails[at % trails.length]!.trailSlot
    await measureBatches(bench, trail, quick, outcome)
    await bench.owner.query(
      `create table audit_entry (id uuid primary key, trail bigint not null, at timestamptz not null default now(),
         body jsonb not null)`,
    )
    await bench.owner.query('grant insert on audit_entry to custode_server')
    const contenders: Contender[] = [
      { name: 'entries', run: async at => (await keeper.append([changeOf(trail(at))])).length === 1 },
      { name: 'insert', run: async at => insert(bench.house.database, changeOf(trail(at))) },
    ]
    const options = { rounds: 5, operations: quick ? 2000 : 20_000, inFlight: 64, cpu: bench.cpu }
    const rounds = await interleave(contenders, options)
    for (const [name, each] of rounds) outcome.figures[`${name}, 64 in flight`] = perSecond(each, 1)
    outcome.ratios['entries / one INSERT each, 64 in flight'] = ratios(
      rounds.get('entries')!,
      rounds.get('insert')!,
    )
  } finally {
    await bench.close()
  }
}

async function insert(database: Database, { id, trailSlot, body }: Change): Promise<boolean> {
  await database.query('insert into audit_entry (id, trail, body) values ($1, $2, $3)', [id, trailSlot, body])
  return true
}

/** 1,024 entries at a time, in two requests that share one write. */
async function measureBatches(
  { house: { keeper } }: BenchHouse,
  trail: (at: number) => number,
  quick: boolean,
  outcome: Outcome,
): Promise<void> {
  const batches = quick ? 10 : 100
  const before = (await keeper.status()).size
  const took: number[] = []
  for (let round = 0; round <= 5; round++) {
    const calls = Array.from({ length: batches }, (_, batch) =>
      [0, 1].map(half =>
        Array.from({ length: atOnce }, (_, at) => changeOf(trail(batch * 1024 + half * atOnce + at))),
      ),
    )
    const began = performance.now()
    for (const halves of calls) await Promise.all(halves.map(half => keeper.append(half)))
    if (round > 0) took.push((batches * 2 * atOnce * 1000) / (performance.now() - began))
  }
  const entries = (await keeper.status()).size - before
  outcome.correct &&= entries === 6 * batches * 2 * atOnce
  outcome.figures['entries by 1,024'] = { 'per second': Math.round(summary(took).median) }
}

async function measureVerifying(folder: string, count: number, outcome: Outcome): Promise<void> {
  const leaves = await LeafLog.create(join(folder, 'verified-leaves'))
  for (let left = count; left > 0; left -= 1000) await leaves.append(commitments(Math.min(left, 1000)))
  await leaves.close()
  await verified(`${count} leaves`, leaves.folder, count, outcome)
  const keeper = await startBenchKeeper(join(folder, 'verified'))
  const person = await makePerson(keeper.client)
  const before = (await keeper.client.status()).size
  const whole = await costOfAct(keeper, async () => {
    for (let left = count - before; left > 0; left -= atOnce)
      await keeper.client.append(
        Array.from({ length: Math.min(left, atOnce) }, () => changeOf(person.trailSlot)),
      )
  })
  await keeper.stop()
  outcome.figures['entries of the keeper’s own time'] = {
    'per CPU second': Math.round((count - before) / whole.cpu),
  }
  await verified(`${count} whole entries`, join(keeper.folder, 'log'), count, outcome)
}

async function verified(name: string, folder: string, count: number, outcome: Outcome): Promise<void> {
  const began = performance.now()
  const verdict = await verifyLog(folder)
  const seconds = (performance.now() - began) / 1000
  outcome.correct &&= verdict.ok && verdict.size >= count
  outcome.figures[`verify ${name}`] = { seconds: Number(seconds.toFixed(2)) }
}
