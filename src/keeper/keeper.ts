import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Announced } from './announcing.ts'
import { openKeybook } from './book-start.ts'
import { TimedBudget } from './budget.ts'
import type { ChangeNumbers } from './change-numbers.ts'
import { type Custodian, Unreachable } from './custodian.ts'
import { type Custody, endFound, noteAbsent, noteFound, noteReplaced } from './custody.ts'
import { signingKey } from './ed25519.ts'
import { fingerprint } from './fingerprint.ts'
import { FingerprintBudget } from './fingerprinting.ts'
import type { Floors } from './floors.ts'
import { Grants } from './grants.ts'
import type { Intakes } from './intakes.ts'
import type { Keybook } from './keybook.ts'
import { type Appending, Log } from './log.ts'
import { type Keeping, NewestCheckpoint } from './newest-checkpoint.ts'
import { rawKey } from './note.ts'
import { People } from './people.ts'
import type { Place } from './place.ts'
import { Recent } from './recent.ts'
import { type Recoveries, type RecoveryRequest, type RecoverySecret, recoveryEntry } from './recovery.ts'
import { KeeperRefusal } from './refusal.ts'
import { Replayed } from './replayed.ts'
import type { EntryBody, HeldNote, RollReply } from './requests.ts'
import { fingerprintSlot, firstIssued, logSigningSlot, receiptSigningSlot } from './reserved.ts'
import { finishRoll, judgeRoll, type RollIntent } from './roll-recovery.ts'
import { Searches } from './searches.ts'
import { part } from './shape.ts'
import type { Shreds } from './shreds.ts'
import type { Slots } from './slots.ts'
import type { WaitingPeriods } from './waiting-periods.ts'

interface Rolls {
  queued: Promise<RollReply> | null
  running: { slots: ReadonlySet<number>; reply: Promise<RollReply> } | null
  /** Not before then is a roll tried again that nobody asked for. */
  retry: number
}

export interface KeeperOptions {
  folder: string
  /** Whoever holds the epoch keys; at least one. */
  custodians: Custodian[]
  /** Folders with further copies of keybook and log. */
  places: Place[]
  /** A recovery secret that opens the keybook when no custodian can. */
  opener?: RecoverySecret
  now: () => number
  /** Told in one plain line what does not stop the keeper but must be known. */
  say: (line: string) => void
  /** Called once when nothing may be acknowledged any more; the process must end. */
  fatal: (error: unknown) => void
  /** How many people one employee may read within an hour under one purpose. */
  readings?: number | undefined
  /** How many of their own data all customers together may read within an hour. */
  ownReadings?: number | undefined
  /** How many fingerprints may be made within an hour without a grant. */
  fingerprints?: number | undefined
  /** Started to bring an older database back, with no server beside it: what trails say is told (restoring.ts). */
  restoring?: boolean
  /** Checkpoints that others have shown: each must be signed by this log's key, and the log must contain it. */
  witnessed?: readonly HeldNote[]
}

const longestRecovery = 366 * 24 * 3_600_000
const notBack = (what: string) => new KeeperRefusal('unavailable', { why: `${what} has gone back in time` })

/**
 * Everything the keeper holds: the keybook, the log, and what is derived from the log. The operations are functions
 * over it. Only the log and the keybook are on disk; whatever else is here can be rebuilt from them.
 */
export class Keeper {
  readonly keybook: Keybook
  readonly log: Log
  readonly slots: Slots
  readonly floors: Floors
  readonly changes: ChangeNumbers
  readonly shreds: Shreds
  readonly intakes: Intakes
  readonly recoveries: Recoveries
  readonly custody: Custody
  readonly periods: WaitingPeriods
  readonly grants: Grants
  readonly people = new People()
  readonly searches = new Searches()
  /** The alias of a trail's subject, by the trail: those who were found of late. */
  readonly aliases = new Recent<number, string>(65_536)
  readonly fingerprintBudget: FingerprintBudget
  /** Slots shredded: honest erasing needs far fewer, and a server that was taken over cannot destroy all in a night. */
  readonly shredBudget = new TimedBudget(100_000)
  /** Readings that share one entry, until when and from when on it is durable. */
  readonly shared = new Recent<string, { until: number; durable: Promise<unknown> }>(65_536)
  /** Readings that are entered and not yet asked for, by grant and act. */
  readonly announced = new Recent<string, Announced>(4096)
  /** Grants on their way to the disk. */
  readonly making = new Map<string, { secretHash: string; made: Promise<{ id: string; index: number }> }>()
  /** Revocations on their way to the disk, by grant. */
  readonly ending = new Map<string, Promise<unknown>>()
  /** The roll that was asked for and the one under way. */
  readonly rolls: Rolls = { queued: null, running: null, retry: 0 }
  readonly receiptKey: KeyObject
  /** The raw public half, 32 bytes. */
  readonly receiptVerifyKey: Buffer
  readonly now: () => number
  readonly fatal: (error: unknown) => void
  readonly say: (line: string) => void
  readonly restoring: boolean
  readonly #fingerprintKey: KeyObject
  readonly #newest: NewestCheckpoint
  /** What a start or a roll could not bring to its end, because somebody could not be reached. */
  #unsettled: { roll: RollIntent | null } | null = null
  #told = ''
  #trouble: string | null = null
  #lastWrite: Promise<unknown> = Promise.resolve()

  private constructor(
    parts: {
      keybook: Keybook
      log: Log
      newest: NewestCheckpoint
      receiptKey: KeyObject
      fingerprintKey: KeyObject
    },
    replayed: Replayed,
    options: KeeperOptions,
  ) {
    this.keybook = parts.keybook
    this.log = parts.log
    this.receiptKey = parts.receiptKey
    this.receiptVerifyKey = rawKey(createPublicKey(parts.receiptKey))
    this.#fingerprintKey = parts.fingerprintKey
    this.#newest = parts.newest
    this.slots = replayed.slots
    this.floors = replayed.floors
    this.changes = replayed.changes
    this.shreds = replayed.shreds
    this.intakes = replayed.intakes
    this.recoveries = replayed.recoveries
    this.custody = replayed.custody
    this.periods = replayed.periods
    this.keybook.recoveries = () => this.recoveries.live(this.now())
    // Where no slot was ever issued, there is nobody to know of.
    this.people.whole = this.slots.issued === firstIssued
    this.grants = new Grants(options.readings, options.ownReadings)
    this.fingerprintBudget = new FingerprintBudget(options.fingerprints)
    this.now = options.now
    this.fatal = options.fatal
    this.restoring = options.restoring === true
    this.say = options.say
  }

  /**
   * Opens what lies in the folder, or begins anew in an empty one, and ends what a crash interrupted. Refuses `unavailable`
   * for what is damaged, incomplete or gone back in time, having changed nothing but a tail that was never acknowledged.
   */
  static async open(options: KeeperOptions): Promise<Keeper> {
    const { folder, now, fatal, custodians, places, opener = null } = options
    const logFolder = join(folder, 'log')
    await mkdir(logFolder, { recursive: true, mode: 0o700 })
    const newest = await NewestCheckpoint.open([...custodians.map(keepingOf), ...places])
    const fresh = newest.found.length === 0 && !(await readdir(logFolder)).some(name => name.endsWith('.log'))
    let keybook = await openKeybook(join(folder, 'book'), custodians, { fresh, opener })
    if (fresh && !keybook.isNew) throw notBack('the log')
    const replayed = new Replayed(now(), options.restoring === true)
    const log = await Log.open({
      folder: logFolder,
      name: `custode/${keybook.organisation}`,
      logId: keybook.organisation,
      signer: signingKey(await keybook.seed(logSigningSlot)),
      trailKey: slot => trailKey(keybook, replayed.slots, slot),
      now,
      replay: record => replayed.take(record),
      fatal,
      known: [...newest.found, ...(options.witnessed ?? [])],
      mayWrite: () => newest.requireMine(),
    })
    try {
      if (opener !== null) replayed.recoveries.requireLive(opener, now())
      if (keybook.epoch < replayed.rolled || keybook.capacity < replayed.slots.issued)
        throw notBack('the keybook')
      await keepReserved(keybook)
      await newest.begin(log.checkpoint(), note => log.contains(note))
      const judged = await judgeRoll(keybook, replayed.intent, replayed.rolled)
      keybook = judged.keybook
      keybook.places = places
      log.mirrors.push(...places.map(place => place.mirror))
      await keepReserved(keybook)
      const receiptKey = signingKey(await keybook.seed(receiptSigningSlot))
      const own = { receiptKey, fingerprintKey: await keybook.key(fingerprintSlot) }
      const keeper = new Keeper({ keybook, log, newest, ...own }, replayed, options)
      keeper.#unsettled = { roll: judged.unfinished }
      await keybook.turn.take(() => keeper.#mend('start'))
      await replayed.grants.restore(keeper.grants, now(), entry => keeper.findBody(entry))
      await replayed.searches.restore(keeper.searches, entry => keeper.findBody(entry))
      return keeper
    } catch (error) {
      await log.close()
      throw error
    }
  }

  get organisation(): string {
    return this.keybook.organisation
  }

  /** Fetches the keys of these slots, so that what follows need not wait. Unknown and shredded ones are passed over. */
  async fetch(slots: Iterable<number>): Promise<void> {
    for (const slot of slots) {
      if (this.keybook.keyAtHand(slot) !== undefined) continue
      if (slot >= firstIssued && (slot >= this.slots.issued || this.slots.isErased(slot))) continue
      await this.keybook.key(slot)
    }
  }

  /** The key of a fetched slot. */
  keyAtHand(slot: number): KeyObject {
    return trailKey(this.keybook, this.slots, slot)
  }

  /**
   * Appends entries whose trail slots were fetched. They have their places when this returns: a rejected promise
   * together with an unchanged `log.next` means that nothing was written.
   */
  write(entries: Appending[]): Promise<number[]> {
    const { next } = this.log
    const written = this.log.append(entries)
    if (this.log.next > next) this.#lastWrite = written // What writes nothing is done at once.
    written.then(
      () => this.#newest.saveSoon(() => this.log.checkpoint(), this.fatal),
      () => {},
    )
    return written
  }

  /** Resolves when everything written until now is durable. */
  async durable(index: number): Promise<void> {
    if (index >= this.log.size) await this.#lastWrite
  }

  /** The body of an entry, or null when its subject's trail was shredded. */
  async findBody(entry: { index: number; trailSlot: number }): Promise<EntryBody | null> {
    if (this.slots.isErased(entry.trailSlot)) return null
    await this.fetch([entry.trailSlot])
    return JSON.parse((await this.log.bodyOf(entry.index)).body) as EntryBody
  }

  fingerprint(kind: string, value: string): Buffer {
    return fingerprint(this.#fingerprintKey, kind, value)
  }

  /** Keeps the newest checkpoint everywhere at once. Ends the process when another keeper has started since. */
  async saveCheckpoint(): Promise<void> {
    await this.#newest.save(this.log.checkpoint()).catch(error => {
      this.fatal(error)
      throw error
    })
  }

  /**
   * Registers a recovery: its entry is durable before the book key is sealed to it, so that no copy is unknown. Refuses
   * with `malformed` an end that is past or more than a year away, with `unavailable` while a place is behind.
   */
  async addRecovery(request: RecoveryRequest): Promise<void> {
    const now = this.now()
    if (request.until <= now || request.until > now + longestRecovery)
      throw new KeeperRefusal('malformed', { why: 'a recovery ends within a year' })
    await this.keybook.turn.take(async () => {
      this.keybook.requireInStep()
      const entry = recoveryEntry(request)
      await this.write([entry])
      this.recoveries.replay(entry.control ?? {}, now)
      await this.keybook.sealTo(request)
      await this.saveCheckpoint()
    })
  }

  /** What cannot be reached now, by name; empty when all is well. */
  get unreached(): string[] {
    const behind = this.keybook.places.filter(place => !place.inStep).map(place => place.name)
    return [...new Set([...this.#newest.unreached, ...behind])]
  }

  /** Whether an epoch waits to be destroyed at somebody who could not be reached. */
  get isSettled(): boolean {
    return this.#unsettled === null
  }

  /** Brings up to date whoever could not be reached before. The caller holds the keybook's turn. */
  async mend(): Promise<void> {
    if (this.#unsettled !== null || this.unreached.length > 0) await this.#mend('work')
  }

  async #mend(during: 'start' | 'work'): Promise<void> {
    const { keybook, log } = this
    for (const place of keybook.places)
      if (!place.inStep) await passed(place.bringInStep(log, keybook.files, keybook.book))
    await this.#newest.save(log.checkpoint())
    this.#trouble = null
    if (keybook.places.every(place => place.inStep))
      await passed(this.#settle()).catch(error => {
        // A keeper at work does not end for what a custodian refuses: what was put off stays put off.
        if (during === 'start' || !(error instanceof KeeperRefusal)) throw error
        this.#trouble = error.why ?? error.code
      })
    this.#tell()
  }

  /** Puts off the end of a roll that somebody who cannot be reached now has cut off after its first destruction. */
  postpone(roll: RollIntent): void {
    this.#unsettled = { roll }
  }

  /** Writes the entry with which a roll is done: what it says counts when this resolves. */
  async finish(rolled: Appending): Promise<void> {
    await this.write([rolled])
    this.slots.replay(rolled.control ?? {})
    this.periods.replay(rolled.control ?? {})
    this.recoveries.replay(rolled.control ?? {}, this.now())
  }

  /** Ends what was cut off. Throws `Unreachable` when it has to wait. */
  async #settle(): Promise<void> {
    if (this.#unsettled === null) return
    const { roll } = this.#unsettled
    await noteAbsent(this)
    await this.keybook.adopt(custodian => noteReplaced(this, custodian))
    await noteFound(this, roll)
    const entry = await finishRoll(this.keybook, roll, this)
    if (entry !== null) await this.finish(entry)
    await endFound(this)
    this.#unsettled = null
  }

  #tell(): void {
    const lines = this.unreached.map(name => `${name} cannot be reached`)
    const said = [...lines, ...(this.#trouble === null ? [] : [this.#trouble])].join('; ')
    if (said !== this.#told) this.say(said === '' ? 'everything can be reached again' : said)
    this.#told = said
  }

  async close(): Promise<void> {
    await this.keybook.turn.take(async () => {})
    await this.log.close()
    await this.saveCheckpoint()
  }
}

function trailKey(keybook: Keybook, slots: Slots, slot: number): KeyObject {
  if (slots.isErased(slot)) throw new KeeperRefusal('gone', { why: 'this slot was shredded' })
  const key = keybook.keyAtHand(slot)
  if (key === undefined) throw new KeeperRefusal('unknown_slot')
  return key
}

const keepingOf = (custodian: Custodian): Keeping => ({
  name: `the custodian ${custodian.id}`,
  ...part('file', custodian.file),
  readNewest: () => custodian.readNewest(),
  writeNewest: kept => custodian.writeNewest(kept),
})

/** Waits for an act that may be put off when somebody cannot be reached. */
const passed = (act: Promise<void>): Promise<void> =>
  act.catch(error => {
    if (!(error instanceof Unreachable)) throw error
  })

/** The organisation's own keys are always at hand. */
async function keepReserved(keybook: Keybook): Promise<void> {
  for (let slot = 1; slot <= fingerprintSlot; slot++) await keybook.key(slot)
}
