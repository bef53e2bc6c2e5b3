// A long campaign of requests and answers that nobody honest would send: `npm run fuzz -- [--seconds 600] [--seed N]
// [--rounds N]`. Requests go to a real keeper, at work and restoring in turn; every tenth time a custodian of its own
// answers it with nonsense. Prints its seed and how many different cases were tried; ends with 1 when the keeper fell.
import { randomInt } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { attackWithCustodian } from './custodian-attack.ts'
import { attackKeeper } from './keeper-attack.ts'
import { countKeys, keysOf } from './key-search.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string' },
    rounds: { type: 'string', default: '20' },
  },
})
const first = Number(values.seed ?? randomInt(2 ** 31))
const rounds = Number(values.rounds)
const ends = performance.now() + Number(values.seconds) * 1000
const answers: Record<string, number> = {}
let cases = 0
let peak = 0

/** Requests in each round; a seed stands for one round, so that any of them can be repeated alone with --rounds 1. */
const requests = 300

async function keeperTurn(seed: number, restoring: boolean): Promise<void> {
  const { keeper, ...told } = await attackKeeper({
    seed,
    rounds,
    requests,
    restoring,
    keep: 16 * 1024 * 1024,
  })
  try {
    if (countKeys(told.heard, await keysOf(keeper.folder)) > 0)
      throw new Error(`seed ${seed}: a key in an answer`)
    cases += told.distinct
    peak = Math.max(peak, told.peak ?? 0)
    for (const [code, count] of Object.entries(told.answers)) answers[code] = (answers[code] ?? 0) + count
  } finally {
    await keeper.kill()
    await rm(dirname(keeper.folder), { recursive: true, force: true })
  }
}

console.log(`seed ${first}`)
let seed = first
try {
  for (let turn = 0; performance.now() < ends; turn++) {
    if (turn % 10 === 9)
      cases += (await attackWithCustodian({ seed, rounds: 5, patience: turn % 20 === 19 ? 40_000 : 100 }))
        .distinct
    else await keeperTurn(seed, turn % 2 === 1)
    seed += rounds
    console.log(`${cases} distinct cases, next seed ${seed}, at most ${peak} MiB, ${JSON.stringify(answers)}`)
  }
  console.log(`the keeper stood: ${cases} distinct cases from seed ${first}`)
  process.exit(0)
} catch (error) {
  console.error(
    `the keeper fell in the turn of seed ${seed}: ${error instanceof Error ? error.message : error}`,
  )
  process.exit(1)
}
