import { parseArgs } from 'node:util'
import { contacts } from './contacts.ts'
import { duplicateSearch } from './duplicate-search.ts'
import { duplicates } from './duplicates.ts'
import { find } from './find.ts'
import { gate } from './gate.ts'
import { imports } from './import.ts'
import { keeper } from './keeper.ts'
import { log } from './log.ts'
import { reading } from './reading.ts'
import type { Summary } from './rounds.ts'

export interface Outcome {
  name: string
  ratios: Record<string, Summary>
  figures: Record<string, Record<string, number | null>>
  /** False when any answer was wrong: such a run proves nothing and fails. */
  correct: boolean
}

const benches: Record<string, (quick: boolean, file?: string) => Promise<Outcome>> = {
  duplicates,
  'duplicate-search': duplicateSearch,
  reading,
  import: imports,
  contacts,
  keeper,
  log,
  gate,
  find,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const bench = benches[positionals[0] ?? '']

if (bench === undefined) {
  console.error(
    `usage: npm run bench -- NAME [FILE] [--quick] [--json]\nnames: ${Object.keys(benches).join(', ')}`,
  )
  process.exitCode = 2
} else {
  const outcome = await bench(values.quick, positionals[1])
  tell(outcome)
  if (values.json) console.log(JSON.stringify(outcome))
  if (!outcome.correct) process.exitCode = 1
}

function tell(outcome: Outcome): void {
  console.log(`${outcome.name}: medians of interleaved rounds; ratios with least and most\n`)
  for (const [name, { median, least, most }] of Object.entries(outcome.ratios))
    console.log(`  ${name.padEnd(48)} ${[median, least, most].map(one => one.toFixed(2)).join('  ')}`)
  console.log('')
  for (const [name, figures] of Object.entries(outcome.figures))
    console.log(
      `  ${name.padEnd(20)} ${Object.entries(figures)
        .map(([key, value]) => `${key} ${value}`)
        .join('   ')}`,
    )
  console.log(
    outcome.correct ? '\nevery answer was checked and right' : '\nWRONG ANSWERS: this run proves nothing',
  )
}
