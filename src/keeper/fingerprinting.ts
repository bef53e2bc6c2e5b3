import { raise } from './alarm.ts'
import { TimedBudget } from './budget.ts'
import { type Alarm, opens } from './grants.ts'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'
import type { FingerprintItem } from './requests.ts'
import { indexed } from './tokens.ts'

/** Without a grant, within an hour: everybody who signs in, joins or is looked for by address. */
export const mostFingerprints = 200_000
/** Codes are fingerprinted when they are made and at every try; they tell nothing of whose address is known. */
const mostCodes = 1_000_000
const everybody = ''

export interface AskedFingerprints {
  items: FingerprintItem[]
  /** A job's grant; null for what counts as anybody's. */
  under: { grant: string; secret: string } | null
}

/**
 * What may be fingerprinted without a grant. Whoever has fingerprints made can try addresses against the index, so a
 * server that was taken over gets so many an hour and no more, and at half of them there is an alarm.
 */
export class FingerprintBudget {
  readonly #addresses: TimedBudget
  readonly #codes = new TimedBudget(mostCodes)

  constructor(most = mostFingerprints) {
    this.#addresses = new TimedBudget(most)
  }

  /** Refuses with `budget` what is too much, whole. Answers what somebody should look at. */
  spend(items: readonly FingerprintItem[], now: number): Alarm[] {
    const codes = items.filter(({ kind }) => kind === 'code').length
    const wanted: [TimedBudget, number, string][] = [
      [this.#addresses, items.length - codes, 'fingerprints'],
      [this.#codes, codes, 'fingerprints-of-codes'],
    ]
    for (const [budget, amount] of wanted) budget.require(everybody, amount, now)
    return wanted.flatMap(([budget, amount, name]) => {
      const half = amount === 0 ? null : budget.spend(everybody, amount, now)
      return half === null ? [] : [{ budget: name, actor: 'everybody', amount: half, most: budget.most }]
    })
  }
}

/**
 * Makes fingerprints of what the server says. Under a grant of a job without subjects they count against that grant and
 * the budget of jobs, otherwise against everybody's. Refuses with `budget` when that is used up, with `outside_grant` a
 * grant of another kind and a fingerprint that its fields do not cover, and as `Grants.require` does.
 */
export async function makeFingerprints(keeper: Keeper, asked: AskedFingerprints): Promise<Buffer[]> {
  const { items, under } = asked
  const alarms =
    under === null ? keeper.fingerprintBudget.spend(items, keeper.now()) : spendUnder(keeper, under, items)
  const made = items.map(({ kind, value }) => keeper.fingerprint(kind, value))
  await raise(keeper, alarms)
  return made
}

function spendUnder(
  keeper: Keeper,
  { grant: id, secret }: { grant: string; secret: string },
  items: readonly FingerprintItem[],
): Alarm[] {
  const now = keeper.now()
  const grant = keeper.grants.require(id, secret, now)
  if (grant.kind !== 'job' || grant.subjects.size > 0)
    throw new KeeperRefusal('outside_grant', { why: 'kind' })
  for (const [at, { kind }] of items.entries()) {
    const field = indexed.get(kind)
    if (field === undefined || !opens(grant, field)) throw new KeeperRefusal('outside_grant', { at })
  }
  return keeper.grants.spendTokens(grant, items.length, now)
}
