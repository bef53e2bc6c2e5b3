import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fields as ownFields } from '../src/collection/field.ts'
import { DecisionTable } from '../src/use/decision-table.ts'
import { type JudgedField, Policies, type Role, roles, shippedText } from '../src/use/policy.ts'
import { taskTypes } from '../src/use/task-type.ts'
import { casbinPeer, caslPeer, type Peer, type Question } from './gate-peers.ts'
import { endsWithItsGrant } from './revocation.ts'
import { type Contender, interleave, type Round, ratios, summary } from './rounds.ts'
import type { Outcome } from './run.ts'

const types = Object.values(taskTypes)
const policies = new Policies(shippedText)
const fields = new Map<string, JudgedField>(
  Object.entries(ownFields).map(([code, { compartment }]) => [code, { code, compartment, sensitive: false }]),
)

/**
 * Decisions: whether a type of task opens a field to a role, from the table, beside Cedar itself, which the table is made
 * by, and beside CASL and casbin with the same rule, where they are installed. Each answer is compared with what the rule
 * says. And that no reading is answered once the end of its grant has been acknowledged, while others read.
 */
export async function gate(quick: boolean): Promise<Outcome> {
  const outcome: Outcome = { name: 'gate', ratios: {}, figures: {}, correct: true }
  const folder = await mkdtemp(join(tmpdir(), 'custode-gate-bench-'))
  try {
    await measureDecisions(folder, quick, outcome)
    const grants = quick ? 5 : 50
    const { after, read } = await endsWithItsGrant(grants)
    outcome.figures.revocation = { 'grants ended': grants, 'readings before': read, 'readings after': after }
    outcome.correct &&= after === 0 && read > 0
    return outcome
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const questions: readonly Question[] = roles.flatMap(role =>
  types.flatMap(({ code: type }) =>
    [...fields.keys()].flatMap(field => [true, false].map(consented => ({ role, type, field, consented }))),
  ),
)

const expected = ({ type, field, consented }: Question): boolean =>
  consented && types.some(({ code, fields: needed }) => code === type && needed.includes(field))

async function measureDecisions(folder: string, quick: boolean, outcome: Outcome): Promise<void> {
  const began = performance.now()
  const table = new DecisionTable(policies, types)
  for (const question of questions) ask(table, question)
  outcome.figures.table = { 'made in ms': Number((performance.now() - began).toFixed(1)) }
  const contenders: Contender[] = [
    contender('table', 20_000, question => ask(table, question)),
    contender('cedar', 20, askCedar),
  ]
  const peers: [string, string, number, Peer][] = [
    ['casl', '@casl/ability@7.0.1', 2000, await caslPeer(types)],
    ['casbin', 'casbin@5.51.1', 200, await casbinPeer(types, folder)],
  ]
  for (const [name, pinned, atOnce, peer] of peers)
    if (peer === null)
      console.log(`${name} is not installed here: npm install --no-save ${pinned}, and run again\n`)
    else contenders.push(contender(name, atOnce, peer))
  const options = { rounds: 5, operations: quick ? 10 : 100, inFlight: 1, cpu: async () => null }
  const rounds = await interleave(contenders, options)
  for (const [name, each] of rounds) {
    outcome.figures[name] = { 'per second': Math.round(summary(each.map(perSecond(name))).median) }
    outcome.correct &&= each.every(round => round.wrong === 0)
    if (name !== 'table') outcome.ratios[`table / ${name}`] = ratios(scaled('table'), scaled(name))
  }

  function perSecond(name: string): (round: Round) => number {
    return round => round.rate * sizes.get(name)!
  }
  function scaled(name: string): Round[] {
    return rounds.get(name)!.map(round => ({ ...round, rate: perSecond(name)(round) }))
  }
}

const sizes = new Map<string, number>()

/** One operation is so many decisions, since one alone is shorter than a look at the clock. */
function contender(name: string, atOnce: number, answer: (question: Question) => boolean): Contender {
  sizes.set(name, atOnce)
  const right = questions.map(expected)
  return {
    name,
    async run(count) {
      let wrong = 0
      for (let at = 0; at < atOnce; at++) {
        const which = (count * atOnce + at) % questions.length
        if (answer(questions[which]!) !== right[which]) wrong++
      }
      return wrong === 0
    },
  }
}

const ask = (table: DecisionTable, { role, type, field, consented }: Question): boolean =>
  table.reading(role as Role, type, fields.get(field)!, { consented }).allowed

function askCedar({ role, type, field, consented }: Question): boolean {
  const { purpose, fields: needed } = types.find(one => one.code === type)!
  const about = { type, purpose, needed: needed.includes(field), consented }
  return policies.reading({ ...about, role: role as Role, field: fields.get(field)! }).allowed
}
