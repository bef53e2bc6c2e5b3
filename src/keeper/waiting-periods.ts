import type { CustodianEvidence } from './requests.ts'

/**
 * What the log says of epoch keys that a custodian could only schedule for deletion. An older keybook opens as long as
 * any of them can be brought back, so a roll waits for the end of each: also of one that was given a longer period
 * earlier, and of a custodian that is no longer configured.
 */
export class WaitingPeriods {
  /** The last end at each custodian. */
  readonly #ends = new Map<string, CustodianEvidence>()

  replay(control: Record<string, unknown>): void {
    const { scheduled = [] } = (control.rolled ?? {}) as { scheduled?: CustodianEvidence[] }
    const { ended } = (control.custodian ?? {}) as { ended?: CustodianEvidence }
    for (const one of ended !== undefined && isScheduled(ended) ? [...scheduled, ended] : scheduled) {
      const known = this.#ends.get(one.id)
      if (known === undefined || isLater(one, known)) this.#ends.set(one.id, one)
    }
  }

  /** Those of earlier rolls that end after now and after what this roll was told by the same custodian. */
  evidence(told: readonly CustodianEvidence[], now: number): CustodianEvidence[] {
    return [...this.#ends.values()]
      .filter(one => Date.parse(one.at) > now)
      .filter(one => !told.some(other => isScheduled(other) && other.id === one.id && !isLater(one, other)))
      .map(one => ({ ...one, method: 'scheduled-by-an-earlier-roll' }))
  }
}

export const isScheduled = (one: CustodianEvidence): boolean => one.state === 'scheduled'

const isLater = (one: CustodianEvidence, other: CustodianEvidence) =>
  Date.parse(one.at) > Date.parse(other.at)
