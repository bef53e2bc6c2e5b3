// npm test: type check, lint and all tests; the last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import { startDebianCluster } from './debian-postgres.ts'
import { closingLines, countTests, emptyTally, isGood, type Tally } from './tally.ts'

const root = join(import.meta.dirname, '..')
const modules = join(root, 'node_modules')

const { values: asked } = parseArgs({
  options: { full: { type: 'boolean', default: false }, external: { type: 'boolean', default: false } },
})

// Crash tests that take minutes cut at every step only here.
if (asked.full) process.env.CUSTODE_EVERY_STEP = '1'

// Hundreds of processes load the same files: the first one compiles them for all.
process.env.NODE_COMPILE_CACHE ??= join(modules, '.cache', 'compile')

/** Runs one checking program as one test. */
function check(tally: Tally, name: string, program: string, args: string[]): void {
  process.stdout.write(`${name} … `)
  const { status } = spawnSync(process.execPath, [join(modules, program), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  console.log(status === 0 ? 'good' : `${name} failed`)
  if (status === 0) tally.passed++
  else tally.failed++
}

function checkSources(tally: Tally): void {
  const compiler = 'ts7/bin/tsc'
  check(tally, 'types of the server and the tests', compiler, ['-p', 'tsconfig.json'])
  if (existsSync(join(root, 'web', 'tsconfig.json')))
    check(tally, 'types of the pages', compiler, ['-p', 'web/tsconfig.json'])
  check(tally, 'types of the browser tests', compiler, ['-p', 'test/browser/tsconfig.json'])
  check(tally, 'lint and format', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'])
}

async function runTests(tally: Tally, files: string[]): Promise<void> {
  const vitest = await startVitest(files, { root, watch: false, allowOnly: false })
  countTests(tally, vitest.state.getTestModules())
  // What no test caught: a rejected promise, a file that never ended, a set-up that failed.
  tally.failed += vitest.state.getUnhandledErrors().length
  if (tally.failed === 0 && (process.exitCode ?? 0) !== 0) tally.failed++
  await vitest.close()
}

/** The test files that use a database. */
function databaseTests(): string[] {
  const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
  return files.filter(
    file =>
      !file.startsWith(join('test', 'browser')) &&
      /from '[^']*\/test\/(database|house)\.ts'|from '\.\.?\/(\.\.\/)*(database|house)\.ts'/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
  )
}

/** The database tests on another PostgreSQL than our own. */
async function runExternal(tally: Tally): Promise<void> {
  const cluster = process.env.CUSTODE_TEST_DATABASE_URL === undefined ? await startDebianCluster() : null
  if (cluster !== null && 'reason' in cluster) {
    tally.skipped.set(cluster.reason, databaseTests().length)
    return
  }
  if (cluster !== null) process.env.CUSTODE_TEST_DATABASE_URL = cluster.url
  try {
    await runTests(tally, databaseTests())
  } finally {
    await cluster?.end()
  }
}

const tally = emptyTally()
try {
  if (asked.external) await runExternal(tally)
  else {
    checkSources(tally)
    await runTests(tally, [])
  }
} catch (error) {
  console.error(error)
  tally.failed++
}
for (const line of closingLines(tally)) console.log(line)
process.exit(isGood(tally, asked.full) ? 0 : 1)
