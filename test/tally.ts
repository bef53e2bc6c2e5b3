import type { TestCase, TestModule, TestSuite } from 'vitest/node'

/** What a run came to. */
export interface Tally {
  passed: number
  failed: number
  /** How many tests were skipped for each reason they gave. */
  skipped: Map<string, number>
}

export const emptyTally = (): Tally => ({ passed: 0, failed: 0, skipped: new Map() })

const notRun = 'their file or group failed before them'

/**
 * Counts the tests of a run. A file that cannot be read, or a hook that fails, is a failure too: the tests after it
 * did not run, and a run that leaves tests out must never look like one that passed.
 */
export function countTests(tally: Tally, modules: Iterable<TestModule>): void {
  for (const module of modules) {
    const broken = errorsOf(module)
    tally.failed += broken
    for (const test of module.children.allTests()) countTest(tally, test, broken > 0)
  }
}

function errorsOf(part: TestModule | TestSuite): number {
  let errors = part.errors().length > 0 ? 1 : 0
  for (const suite of part.children.suites()) errors += errorsOf(suite)
  return errors
}

function countTest(tally: Tally, test: TestCase, afterFailure: boolean): void {
  const result = test.result()
  if (result.state === 'passed') tally.passed++
  else if (result.state !== 'skipped') tally.failed++
  else {
    const reason = result.note ?? (afterFailure ? notRun : 'no reason given')
    tally.skipped.set(reason, (tally.skipped.get(reason) ?? 0) + 1)
  }
}

/** The plain closing lines: `N skipped: reason` for every reason, and `N passed, N failed` as the last one. */
export function closingLines({ passed, failed, skipped }: Tally): string[] {
  const reasons = [...skipped].map(([reason, count]) => `${count} skipped: ${reason.replaceAll('\n', ' ')}`)
  return [...reasons, `${passed} passed, ${failed} failed`]
}

/** Whether the run is good: everything passed, something ran, and under `full` nothing was skipped. */
export function isGood({ passed, failed, skipped }: Tally, full: boolean): boolean {
  return failed === 0 && passed > 0 && !(full && skipped.size > 0)
}
