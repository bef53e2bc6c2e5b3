import { setTimeout as wait } from 'node:timers/promises'

/** How long something takes, whatever becomes of the time of day, and a way to wait. */
export interface Stopwatch {
  /** Milliseconds since some moment of its own; they never go back. */
  read(): number
  wait(ms: number): Promise<void>
}

export const systemStopwatch: Stopwatch = {
  read: () => performance.now(),
  wait: ms => wait(ms),
}

/**
 * Counts steps of so many milliseconds from now on and returns what waits for the end of the step under way. Answers
 * that wait for it tell nothing by their time but how many whole steps the work took: one, when a step is well above
 * what any of them needs. Whoever waits must hold no lock and no connection.
 */
export function countSteps(stopwatch: Stopwatch, step: number): () => Promise<void> {
  const began = stopwatch.read()
  return async () => {
    const taken = stopwatch.read() - began
    const due = began + Math.max(1, Math.ceil(taken / step)) * step
    // A timer may fire a little early.
    while (stopwatch.read() < due) await stopwatch.wait(due - stopwatch.read())
  }
}
