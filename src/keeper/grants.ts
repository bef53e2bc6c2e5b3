import { hash, timingSafeEqual } from 'node:crypto'
import { TimedBudget } from './budget.ts'
import { Recent } from './recent.ts'
import { KeeperRefusal } from './refusal.ts'
import type { GrantKind, GrantRequest, GrantSubject } from './requests.ts'

const hour = 3_600_000

/** How many people an employee may read within an hour under one purpose, unless the operator says otherwise. */
export const mostReadings = 2_000
/** How often all customers together may read their own data within an hour: 50,000 visits with ten readings each. */
export const mostOwnReadings = 500_000
/** Under all purposes together: so many times as much. */
const purposesAtOnce = 3

/** The keeper's further caps. A server that was taken over can make grants, but not without end. */
const mostLivePerActor = 2_000
/** Counted in people. */
const mostMadePerActor = 20_000
const mostMadeInAll = 500_000
const mostReadByOwner = 2_000
const mostReadAtSignIn = 200_000
const mostMadeByJobs = 250_000
const mostReadByJobs = 2_000_000
const mostReadInAll = 10_000_000
/** By jobs: importing or indexing three million people. */
const mostFingerprinted = 3_000_000
const everybody = ''

/** Half of an hourly budget is used: far more than honest work, and still time to look. */
export interface Alarm {
  /** Which budget, as a code: `readings`, `grants`, `shreds`, `fingerprints`, `searches`. */
  budget: string
  actor: string
  purpose?: string
  /** Used within the last hour, or the last day, of at most so many. */
  amount: number
  most: number
  within?: 'day'
}

/** A live grant. `read` counts its readings, `subjects` is keyed by customer. */
export interface Grant {
  readonly id: string
  readonly secretHash: Buffer
  readonly kind: GrantKind
  readonly actor: string
  readonly actorSlot: number | undefined
  readonly subjects: Map<string, GrantSubject>
  readonly fields: ReadonlySet<string>
  readonly compartments: ReadonlySet<string>
  readonly purpose: string
  readonly task: string | undefined
  readonly until: number
  readonly most: number
  readonly policy: string
  /** Log index of its first entry. */
  index: number
  read: number
}

export function grantOf(request: GrantRequest, index: number): Grant {
  return {
    id: request.id,
    secretHash: Buffer.from(request.secretHash, 'hex'),
    kind: request.kind,
    actor: request.actor,
    actorSlot: request.actorSlot,
    subjects: new Map(request.subjects.map(subject => [subject.customer, subject])),
    fields: new Set(request.fields),
    compartments: new Set(request.compartments),
    purpose: request.purpose,
    task: request.task,
    until: request.until,
    most: request.most,
    policy: request.policy,
    index,
    read: 0,
  }
}

/**
 * Whom a grant is counted against: an employee by name; a customer in the portal by their own trail, since the log
 * calls all of them alike; null for a job: all jobs share one budget, so that nobody gains by calling himself a job.
 */
export function spenderOf(grant: {
  kind: GrantKind
  actor: string
  subjects: Iterable<GrantSubject>
}): string | null {
  if (grant.kind === 'job' || grant.kind === 'import') return null
  if (grant.kind !== 'portal') return grant.actor
  const [own] = grant.subjects
  return `${grant.actor} ${own?.trailSlot ?? ''}`
}

const spender = (grant: Grant): string | null => spenderOf({ ...grant, subjects: grant.subjects.values() })

/** Whether the grant opens this field. */
export const opens = (grant: Grant, field: string): boolean =>
  grant.fields.has('*') || grant.fields.has(field)

/** The live grants and what was read under them. */
export class Grants {
  readonly #live = new Map<string, Grant>()
  readonly #ofActor = new Map<string, Set<string>>()
  readonly #liveOf = new Map<string, number>()
  /** Ids that counted once: their bearer hears `grant_ended`. */
  readonly #ended = new Recent<string, true>(65_536)
  #swept = 0
  readonly #madeByActor = new TimedBudget(mostMadePerActor)
  readonly #made = new TimedBudget(mostMadeInAll)
  readonly #readForPurpose: TimedBudget
  readonly #readByActor: TimedBudget
  readonly #readByOwner = new TimedBudget(mostReadByOwner)
  readonly #readByOwners: TimedBudget
  readonly #readAtSignIn = new TimedBudget(mostReadAtSignIn)
  readonly #read = new TimedBudget(mostReadInAll)
  readonly #madeByJobs = new TimedBudget(mostMadeByJobs)
  readonly #readByJobs = new TimedBudget(mostReadByJobs)
  readonly #fingerprinted = new TimedBudget(mostFingerprinted)

  /**
   * `readings`: the most people that one employee may read within an hour under one purpose; `ownReadings`: the most that
   * all customers together may read of their own.
   */
  constructor(readings = mostReadings, ownReadings = mostOwnReadings) {
    this.#readByOwners = new TimedBudget(ownReadings)
    this.#readForPurpose = new TimedBudget(readings)
    this.#readByActor = new TimedBudget(readings * purposesAtOnce)
  }

  /** How many grants live at this time. */
  count(now: number): number {
    this.endOld(now)
    return this.#live.size
  }

  find(id: string): Grant | null {
    return this.#live.get(id) ?? null
  }

  /** Whether a grant of this id counted once and counts no more. */
  hasEnded(id: string): boolean {
    return this.#ended.find(id) === true
  }

  live(): Grant[] {
    return [...this.#live.values()]
  }

  ofActor(actor: string): Grant[] {
    return [...(this.#ofActor.get(actor) ?? [])].map(id => this.#live.get(id)!)
  }

  /** Refuses with `budget` when this spender, for so many people, or everybody together has or makes too many. */
  requireRoom(by: string | null, now: number, people = 1): void {
    this.endOld(now)
    this.#made.require(everybody, 1, now)
    if (by === null) {
      this.#madeByJobs.require(everybody, 1, now)
      return
    }
    if ((this.#liveOf.get(by) ?? 0) >= mostLivePerActor) {
      throw new KeeperRefusal('budget', { why: 'live grants of one actor' })
    }
    this.#madeByActor.require(by, Math.max(1, people), now)
  }

  add(grant: Grant, madeAt: number): Alarm[] {
    this.#live.set(grant.id, grant)
    const ids = this.#ofActor.get(grant.actor) ?? new Set()
    ids.add(grant.id)
    this.#ofActor.set(grant.actor, ids)
    this.#made.spend(everybody, 1, madeAt)
    const by = spender(grant)
    if (by === null) {
      this.#madeByJobs.spend(everybody, 1, madeAt)
      return []
    }
    this.#liveOf.set(by, (this.#liveOf.get(by) ?? 0) + 1)
    const half = this.#madeByActor.spend(by, Math.max(1, grant.subjects.size), madeAt)
    return half === null ? [] : [alarmOf(grant, 'grants', half, mostMadePerActor)]
  }

  /** From now on the grant opens nothing. */
  end(id: string): void {
    this.#ended.keep(id, true)
    const grant = this.#live.get(id)
    if (grant === undefined) return
    this.#live.delete(id)
    const ids = this.#ofActor.get(grant.actor)
    ids?.delete(id)
    if (ids?.size === 0) this.#ofActor.delete(grant.actor)
    const by = spender(grant)
    if (by === null) return
    const left = (this.#liveOf.get(by) ?? 1) - 1
    if (left === 0) this.#liveOf.delete(by)
    else this.#liveOf.set(by, left)
  }

  /** Forgets grants whose time is over; once a second is enough, since `require` looks at the time itself. */
  endOld(now: number): void {
    if (Math.abs(now - this.#swept) < 1000) return
    this.#swept = now
    for (const grant of this.#live.values()) if (grant.until <= now) this.end(grant.id)
  }

  /**
   * The grant that this secret opens. Refuses with `grant_ended` one that was revoked or whose time is over, with
   * `no_grant` an unknown id and a wrong secret alike.
   */
  require(id: string, secret: string, now: number): Grant {
    const grant = this.#live.get(id)
    if (grant === undefined) throw new KeeperRefusal(this.hasEnded(id) ? 'grant_ended' : 'no_grant')
    if (!timingSafeEqual(hash('sha256', secret, 'buffer'), grant.secretHash))
      throw new KeeperRefusal('no_grant')
    this.requireLive(grant, now)
    return grant
  }

  /** Refuses with `grant_ended` a grant that was opened a moment ago and was revoked, or whose time is over, since. */
  requireLive(grant: Grant, now: number): void {
    if (grant.until <= now) this.end(grant.id)
    if (this.#live.get(grant.id) !== grant) throw new KeeperRefusal('grant_ended')
  }

  /** What a reading under this grant is counted against: the budgets, and by which name. */
  #countedIn(grant: Grant): [budget: TimedBudget, name: string, what: string][] {
    const all: [TimedBudget, string, string] = [this.#read, everybody, 'readings of everybody']
    const by = spender(grant)
    if (by === null) return [[this.#readByJobs, everybody, 'readings of jobs'], all]
    if (grant.kind === 'portal') {
      const owners: [TimedBudget, string, string] = [
        this.#readByOwners,
        everybody,
        'readings of all customers of their own',
      ]
      return [[this.#readByOwner, by, 'readings of their own'], owners, all]
    }
    if (grant.kind === 'signin') return [[this.#readAtSignIn, everybody, 'readings at sign-in'], all]
    const underOne: [TimedBudget, string, string] = [
      this.#readForPurpose,
      `${by} ${grant.purpose}`,
      'readings',
    ]
    return [underOne, [this.#readByActor, by, 'readings under all purposes'], all]
  }

  /**
   * Refuses with `budget` when so many readings are more than the grant, its actor under its purpose or under all, or
   * everybody may still make.
   */
  requireReadings(grant: Grant, amount: number, now: number): void {
    if (grant.read + amount > grant.most) throw new KeeperRefusal('budget', { why: 'readings of this grant' })
    for (const [budget, name] of this.#countedIn(grant)) budget.require(name, amount, now)
  }

  /** `hourly`: how many of them have entries of their own. Answers what somebody should look at. */
  countReadings(grant: Grant, amount: number, at: number, hourly = amount): Alarm[] {
    grant.read += amount
    return this.#countedIn(grant).flatMap(([budget, name, what]) => {
      const half = budget.spend(name, hourly, at)
      return half === null ? [] : [alarmOf(grant, what, half, budget.most)]
    })
  }

  /**
   * Counts people whose addresses are fingerprinted under a grant. Refuses with `budget` what the grant or all jobs may
   * not. Answers what somebody should look at.
   */
  spendTokens(grant: Grant, amount: number, now: number): Alarm[] {
    if (grant.read + amount > grant.most) throw new KeeperRefusal('budget', { why: 'readings of this grant' })
    this.#fingerprinted.require(everybody, amount, now)
    grant.read += amount
    const half = this.#fingerprinted.spend(everybody, amount, now)
    return half === null ? [] : [alarmOf(grant, 'fingerprints of jobs', half, mostFingerprinted)]
  }
}

const alarmOf = (grant: Grant, what: string, amount: number, most: number): Alarm => ({
  ...{ budget: what.replaceAll(' ', '-'), actor: grant.actor, purpose: grant.purpose, amount, most },
})

/** A grant that ended before this time no longer matters to any budget. */
export const oldestThatCounts = (now: number): number => now - hour
