/** What a restore did and what it could not bring back: counts, pseudonyms and codes, nobody's name or id. */
export interface Counts {
  /** Changes that the log held and the database did not know. */
  changes: number
  /** Erasures carried out again. */
  erasures: number
  withdrawals: number
  closures: number
  departures: number
  sessions: number
  /** Closed, because one that was removed since must not come back: their people add them again. */
  passkeys: number
  grants: number
  /** Boxes that were dropped because the log knows a newer one, or that their row was deleted. */
  replaced: number
  deleted: number
  /** What was given after the backup and is gone. `people` are customers and others who came after it. */
  lost: {
    people: number
    consents: number
    questions: number
    imports: number
    purchases: number
    /** What the law makes the company keep, issued after the backup to somebody who is here. */
    documents: number
  }
  /** Employees who must be invited again before they can sign in. */
  invite: string[]
  /** Changes of kinds that this version does not know. */
  unclear: Record<string, number>
}

export const noCounts = (): Counts => ({
  ...{
    changes: 0,
    erasures: 0,
    withdrawals: 0,
    closures: 0,
    departures: 0,
    sessions: 0,
    passkeys: 0,
    grants: 0,
  },
  ...{ replaced: 0, deleted: 0 },
  lost: { people: 0, consents: 0, questions: 0, imports: 0, purchases: 0, documents: 0 },
  ...{ invite: [], unclear: {} },
})
