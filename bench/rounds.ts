/** One way of doing the work; `run` returns false when its answer is wrong. */
export interface Contender {
  name: string
  run(count: number): Promise<boolean>
}

export interface Round {
  /** Operations per second. */
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** CPU microseconds per operation of all processes together; null where unknown. */
  cpu: number | null
  wrong: number
}

export interface Summary {
  median: number
  least: number
  most: number
}

/**
 * Runs all contenders in turn, round after round, so that a slower moment of the machine falls on each of them. The
 * first round of each is for warming up and counts for nothing.
 */
export async function interleave(
  contenders: readonly Contender[],
  options: { rounds: number; operations: number; inFlight: number; cpu: () => Promise<number | null> },
): Promise<Map<string, Round[]>> {
  const results = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round <= options.rounds; round++) {
    for (const contender of contenders) {
      const measured = await measure(contender, options)
      if (round > 0) results.get(contender.name)!.push(measured)
    }
  }
  return results
}

async function measure(
  contender: Contender,
  { operations, inFlight, cpu }: { operations: number; inFlight: number; cpu: () => Promise<number | null> },
): Promise<Round> {
  const took: number[] = []
  let next = 0
  let wrong = 0
  const before = await cpu()
  const began = performance.now()
  const one = async () => {
    while (next < operations) {
      const at = performance.now()
      if (!(await contender.run(next++))) wrong++
      took.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  const seconds = (performance.now() - began) / 1000
  const after = await cpu()
  took.sort((a, b) => a - b)
  return {
    ...{ rate: operations / seconds, wrong },
    ...{ p50: percentile(took, 50), p99: percentile(took, 99) },
    cpu: before === null || after === null ? null : (after - before) / operations,
  }
}

/** The nearest-rank percentile of ascending values: the smallest that so many of a hundred do not exceed. */
export const percentile = (ascending: readonly number[], of: number): number =>
  ascending[Math.ceil((ascending.length * of) / 100) - 1]!

export function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)]!, least: sorted[0]!, most: sorted.at(-1)! }
}

/** The ratios of two contenders' rates, round by round. */
export const ratios = (of: readonly Round[], to: readonly Round[]): Summary =>
  summary(of.map((round, at) => round.rate / to[at]!.rate))
