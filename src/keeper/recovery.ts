import { hash, type KeyObject } from 'node:crypto'
import type { Custodian, Destroyed, Kept } from './custodian.ts'
import { bookKeyPlace, type Wrap } from './directory.ts'
import { hpkeOpen, hpkeSeal, x25519PublicBytes } from './hpke.ts'
import type { Appending } from './log.ts'
import { KeeperRefusal } from './refusal.ts'
import type { CustodianEvidence } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import type { RollIntent } from './roll-recovery.ts'
import { integer, object, text } from './shape.ts'

/**
 * A cold recovery secret: a private key that nobody here has, only shares of it on paper. Until it expires every book
 * key is sealed to its public half as well (RFC 9180), so whoever brings enough shares and any copy of the keybook opens
 * it. It is a registered copy: what is erased meanwhile can be opened with it until the shares are destroyed.
 */
export interface Recovery {
  /** The first 16 hex digits of the SHA-256 of the raw public key. */
  id: string
  /** The raw X25519 public key, base64. */
  key: string
  /** Milliseconds since 1970: from then on it is sealed to no more, and its shares must be destroyed. */
  until: number
}

/** A recovery, and what its shares still open when they were not destroyed. */
interface Registered extends Recovery {
  /** Slots from 0 to below this number are in keybooks that were sealed to it; null while it is sealed to. */
  below: number | null
}

export interface RecoveryRequest extends Recovery {
  shares: number
  threshold: number
}

/** A request as it arrives. Refuses with `malformed` anything else. */
export function recoveryOf(value: unknown): RecoveryRequest {
  const given = object(value, 'recovery')
  const threshold = integer(given.threshold, 'threshold', 2, 255)
  const key = Buffer.from(text(given.key, 'key', 44), 'base64')
  if (key.length !== 32) throw new KeeperRefusal('malformed', { why: 'key' })
  return {
    id: recoveryId(key),
    key: key.toString('base64'),
    until: integer(given.until, 'until', 0, Number.MAX_SAFE_INTEGER),
    threshold,
    shares: integer(given.shares, 'shares', threshold, 255),
  }
}

const recoveryId = (publicKey: Buffer): string => hash('sha256', publicKey).slice(0, 16)

const info = Buffer.from('custode recovery 1')
/** Under which name the directory holds the book key for a recovery. */
export const recoveryName = (id: string): string => `recovery/${id}`

export const isRecoveryName = (name: string): boolean => name.startsWith('recovery/')

/** The book key of an epoch for this recovery. */
export function wrapFor(recovery: Recovery, organisation: string, epoch: number, bookKey: Buffer): Wrap {
  const aad = bookKeyPlace(organisation, epoch)
  const blob = hpkeSeal(Buffer.from(recovery.key, 'base64'), { info, aad, plain: bookKey })
  return { custodian: recoveryName(recovery.id), blob }
}

/** What the log says of the recoveries. */
export class Recoveries {
  readonly #all = new Map<string, Registered>()
  /** The roll that has begun, and when. */
  #begun: { epoch: number; capacity: number; time: number } | null = null

  /** What an entry of this time says. */
  replay(control: Record<string, unknown>, time: number): void {
    if (control.recovery !== undefined) {
      const recovery = control.recovery as Recovery
      this.#all.set(recovery.id, { ...recovery, below: null })
    }
    if (control.roll !== undefined) {
      const { epoch, capacity = Number.MAX_SAFE_INTEGER } = control.roll as RollIntent
      this.#begun = { epoch, capacity, time }
    }
    if (control.rolled === undefined || this.#begun?.epoch !== (control.rolled as RollIntent).epoch) return
    // The first keybook that was not sealed to it, and what the one before held.
    for (const one of this.#all.values())
      if (one.until <= this.#begun.time) one.below ??= this.#begun.capacity
  }

  /** Refuses with `unavailable` a secret whose recovery has ended. */
  requireLive({ id }: RecoverySecret, now: number): void {
    const ended = this.all().find(one => recoveryName(one.id) === id && one.until <= now)
    if (ended === undefined) return
    const day = new Date(ended.until).toISOString().slice(0, 10)
    throw new KeeperRefusal('unavailable', {
      why: `this recovery ended on ${day} and opens nothing any more`,
    })
  }

  /** Every one that was ever registered, the one that ends first first. */
  all(): Recovery[] {
    return [...this.#all.values()].sort((a, b) => a.until - b.until)
  }

  /** Those that are still sealed to. */
  live(now: number): Recovery[] {
    return [...this.#all.values()].filter(recovery => recovery.until > now)
  }

  /**
   * As the evidence of a destruction of these slots names them: copies that end later, and copies of an older keybook
   * that ended before, because nobody here knows whether their shares were destroyed then.
   */
  evidence(now: number, slots: readonly number[]): CustodianEvidence[] {
    const opens = ({ below }: Registered) => below === null || slots.some(slot => slot < below)
    return [...this.#all.values()]
      .filter(one => one.until > now || opens(one))
      .map(({ id, until }) => ({
        id: recoveryName(id),
        kind: 'recovery',
        state: 'scheduled',
        at: new Date(until).toISOString(),
        method: until > now ? 'shares-expire-then' : 'shares-were-to-be-destroyed-then',
      }))
  }
}

/** The entry of a new recovery: from it the keeper knows, also after a restart, whom to seal to. */
export function recoveryEntry({ id, key, until, shares, threshold }: RecoveryRequest): Appending {
  return {
    trailSlot: organisationTrail,
    body: {
      kind: 'recovery',
      act: id,
      actor: 'operator',
      subject: 'organisation',
      result: 'made',
      until: new Date(until).toISOString(),
      detail: { shares, threshold },
    },
    control: { recovery: { id, key, until } },
  }
}

/**
 * The joined secret as one that opens the keybook, for the time in which it is given to new custodians. It can do nothing
 * else, and is in nobody's list.
 */
export class RecoverySecret implements Custodian {
  readonly id: string
  readonly kind = 'recovery'
  readonly #key: KeyObject

  constructor(key: KeyObject) {
    this.id = recoveryName(recoveryId(x25519PublicBytes(key)))
    this.#key = key
  }

  async unwrap(_epoch: number, blob: Buffer, aad: Buffer): Promise<Buffer> {
    const key = hpkeOpen(this.#key, blob, { info, aad })
    if (key === null)
      throw new KeeperRefusal('unavailable', { why: 'the recovery secret does not open the keybook' })
    return key
  }

  createEpoch(): Promise<void> {
    return refused()
  }

  wrap(): Promise<Buffer> {
    return refused()
  }

  destroy(): Promise<Destroyed> {
    return refused()
  }

  async list(): Promise<number[]> {
    return []
  }

  async readNewest(): Promise<Kept | null> {
    return null
  }

  writeNewest(): Promise<void> {
    return refused()
  }
}

const refused = () =>
  Promise.reject(new KeeperRefusal('unavailable', { why: 'a recovery secret only opens' }))
