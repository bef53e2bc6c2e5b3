import { expect, it } from 'vitest'
import { SetStopwatch } from '../../test/set-stopwatch.ts'
import { countSteps, systemStopwatch } from './stopwatch.ts'

it.each([
  [0, 250],
  [21, 250],
  [37.4, 250],
  [250, 250],
  [251, 500],
  [612, 750],
])('what took %d ms is answered after %d ms', async (taken, answered) => {
  const stopwatch = new SetStopwatch(1000)
  const nextStep = countSteps(stopwatch, 250)
  stopwatch.advance(taken)
  await nextStep()
  expect(stopwatch.read()).toBe(1000 + answered)
})

it('waits again when the machine woke it too soon', async () => {
  const stopwatch = new SetStopwatch(0)
  const nextStep = countSteps({ read: () => stopwatch.read(), wait: ms => stopwatch.wait(ms / 2 + 1) }, 250)
  await nextStep()
  expect(stopwatch.read()).toBeGreaterThanOrEqual(250)
})

it('goes by a time that passes, whatever the time of day', async () => {
  const began = systemStopwatch.read()
  await countSteps(systemStopwatch, 20)()
  expect(systemStopwatch.read() - began).toBeGreaterThanOrEqual(20)
})
