import { connect, type Socket } from 'node:net'
import { attachAll, bytesOf, fingerprintsOf } from './client-frames.ts'
import { attach, encodeFrame, type Frame, FrameReader, frameKinds, writeFrame } from './protocol.ts'
import { KeeperRefusal, refusalTold } from './refusal.ts'
import type {
  Announcement,
  Appended,
  Change,
  ChangePage,
  ChangesAfter,
  EntriesRequest,
  FingerprintItem,
  GrantRequest,
  IntakeItem,
  IntakeKeyReply,
  KeeperStatus,
  NumbersPage,
  Opened,
  OpenRequest,
  PendingShred,
  ProofReply,
  RecordsPage,
  ResealItem,
  RestoredBox,
  RollReply,
  SealItem,
  ShredRequest,
  ShredsPage,
  Signed,
  SlotsPage,
  Superseded,
  TakenIn,
  TokensRequest,
  TrailPage,
} from './requests.ts'
import type { SearchReply, SearchTerm } from './search-terms.ts'
import type { TileName } from './tile.ts'

export { KeeperRefusal, type KeeperRefusalCode } from './refusal.ts'
export type * from './requests.ts'
export { organisationTrail } from './reserved.ts'
export type * from './search-terms.ts'
export { type KeeperSite, keeperArguments, keeperFolders, keeperInput } from './site.ts'

interface Pending {
  resolve: (frame: Frame) => void
  reject: (error: KeeperRefusal) => void
}

const unavailable = (why: string) => new KeeperRefusal('unavailable', { why })

/**
 * The keeper as a server process sees it. Requests are pipelined over one connection; each method throws
 * `KeeperRefusal`. When the connection ends, requests in flight fail with `unavailable` (they may or may not have
 * been carried out: changes and shreds are safe to repeat with the same id) and the client connects again.
 */
export class KeeperClient {
  readonly #path: string
  readonly #reconnect: boolean
  #socket: Socket | undefined
  #opening: Socket | undefined
  #pending = new Map<number, Pending>()
  #nextId = 1
  #closed = false
  #delay = 50
  #timer: NodeJS.Timeout | undefined
  #waiting: { resolve: () => void; reject: (error: KeeperRefusal) => void }[] = []

  private constructor(path: string, reconnect: boolean) {
    this.#path = path
    this.#reconnect = reconnect
  }

  /** Connects and greets. Throws `unavailable` when nobody answers at this path. */
  static async connect(path: string, options: { reconnect?: boolean } = {}): Promise<KeeperClient> {
    const client = new KeeperClient(path, options.reconnect ?? true)
    await client.#open()
    return client
  }

  #open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#path)
      const reader = new FrameReader()
      this.#opening = socket
      socket.on('data', chunk => {
        try {
          for (const frame of reader.read(chunk as Buffer)) this.#settle(frame)
        } catch {
          socket.destroy()
        }
      })
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        const greeted = this.#socket === socket
        this.#lost()
        if (!greeted) reject(unavailable('no keeper answers'))
        else this.#again()
      })
      socket.on('connect', () => {
        this.#send('hello', { protocol: 1 }, [], socket).then(
          () => {
            // Only now: a request that overtook the greeting would be refused.
            this.#socket = socket
            this.#opening = undefined
            this.#delay = 50
            for (const { resolve } of this.#waiting.splice(0)) resolve()
            resolve()
          },
          error => {
            socket.destroy()
            reject(error)
          },
        )
      })
    })
  }

  /** There is one connection at a time, so whatever is pending was sent over it. */
  #lost(): void {
    this.#socket = undefined
    this.#opening = undefined
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const one of pending) one.reject(unavailable('the connection ended'))
  }

  #again(): void {
    if (this.#closed || !this.#reconnect || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#closed) return
      this.#delay = Math.min(this.#delay * 2, 2000)
      this.#open().catch(() => this.#again())
    }, this.#delay)
  }

  #settle(frame: Frame): void {
    const pending = this.#pending.get(frame.id)
    if (pending === undefined) return
    this.#pending.delete(frame.id)
    if (frame.kind === frameKinds.reply) pending.resolve(frame)
    else pending.reject(refusalTold(frame.json))
  }

  #send(op: string, args: unknown, attachments: Uint8Array[], socket = this.#socket): Promise<Frame> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(unavailable('this client was closed'))
      if (socket === undefined) return reject(unavailable('not connected'))
      let id = this.#nextId
      while (this.#pending.has(id)) id = id === 0xffffffff ? 1 : id + 1
      this.#nextId = id === 0xffffffff ? 1 : id + 1
      const frame = encodeFrame(id, frameKinds.request, { op, args }, attachments)
      this.#pending.set(id, { resolve, reject })
      writeFrame(socket, frame)
    })
  }

  async #ask<T>(op: string, args: unknown = {}, attachments: Uint8Array[] = []): Promise<T> {
    return (await this.#send(op, args, attachments)).json as T
  }

  status(): Promise<KeeperStatus> {
    return this.#ask('status')
  }

  /** Reserves slot numbers `from` to `to` (both included); none of them is ever issued again. */
  lease(count: number): Promise<{ from: number; to: number }> {
    return this.#ask('lease', { count })
  }

  /** Seals values, one box per item, in order. */
  async seal(items: SealItem[]): Promise<Buffer[]> {
    const frame = await this.#send('seal', { items }, [])
    const { boxes } = frame.json as { boxes: unknown[] }
    return boxes.map(pointer => bytesOf(frame, pointer, 'boxes'))
  }

  /**
   * Says that one customer is about to be read, so that the entry is on its way to the disk while the boxes are looked for:
   * `open` names the same act. Resolves once the entry has its place. Refuses what `open` would.
   */
  async announce(reading: Announcement): Promise<void> {
    await this.#ask('announce', reading)
  }

  /** The asked fields of each box, in order; answered only after the readings are durable in the log. */
  async open(request: OpenRequest): Promise<Opened[]> {
    const { items, attachments } = attachAll(request.items)
    return (await this.#ask<{ items: Opened[] }>('open', { ...request, items }, attachments)).items
  }

  /** The key to which browsers seal sensitive data now. */
  intakeKey(): Promise<IntakeKeyReply> {
    return this.#ask('intake.key')
  }

  /** Has sealed envelopes opened, judged and sealed into boxes, all or none; nothing of what they hold comes back. */
  async takeIn(under: { grant: string; secret: string }, items: IntakeItem[]): Promise<TakenIn> {
    const attachments: Uint8Array[] = []
    const sent = items.map(({ envelope, box, ...item }) => ({
      ...item,
      envelope: attach(attachments, envelope),
      ...(box === undefined ? {} : { box: attach(attachments, box) }),
    }))
    const frame = await this.#send('intake', { ...under, items: sent }, attachments)
    const reply = frame.json as { boxes: unknown[] } | { faults: { field: string; code: string }[] }
    if ('faults' in reply) return reply
    return { boxes: reply.boxes.map(one => bytesOf(frame, one, 'boxes')) }
  }

  /** Has boxes sealed anew, all or none, with fields left out or under another slot; null for one that stays as it is. */
  async reseal(under: { grant: string; secret: string }, items: ResealItem[]): Promise<(Buffer | null)[]> {
    const { grant, secret } = under
    const { items: sent, attachments } = attachAll(items)
    const frame = await this.#send('reseal', { grant, secret, items: sent }, attachments)
    const { boxes } = frame.json as { boxes: unknown[] }
    return boxes.map(one => (one === null ? null : bytesOf(frame, one, 'boxes')))
  }

  /**
   * Keyed fingerprints (16 bytes), one per item. Values of the kinds that end in `email` are case-folded first. Under a
   * job's grant they count against the budget of jobs, else against that of everybody.
   */
  async fingerprint(items: FingerprintItem[], under?: { grant: string; secret: string }): Promise<Buffer[]> {
    const frame = await this.#send('fingerprint', { items, ...under }, [])
    const { tokens } = frame.json as { tokens: unknown[] }
    return tokens.map(pointer => bytesOf(frame, pointer, 'tokens'))
  }

  /** The grant counts when this resolves: its entries are durable in every subject's trail. */
  makeGrant(grant: GrantRequest): Promise<{ id: string; index: number }> {
    return this.#ask('grant.make', grant)
  }

  /** When this resolves no reading under the grant can follow. Revoking what has ended already is no error. */
  revokeGrant(id: string, by: string): Promise<{ index: number | null }> {
    return this.#ask('grant.revoke', { id, by })
  }

  revokeAll(actor: string): Promise<{ revoked: string[] }> {
    return this.#ask('grant.revokeAll', { actor })
  }

  /** Appends changes in order, all or none; an id seen before answers its old index. */
  async append(changes: Change[]): Promise<Appended[]> {
    return (await this.#ask<{ appended: Appended[] }>('append', { changes })).appended
  }

  /** One subject's trail, oldest first. The reading is itself appended. */
  entries(request: EntriesRequest): Promise<TrailPage> {
    return this.#ask('entries', request)
  }

  proof(indices: number[]): Promise<ProofReply> {
    return this.#ask('proof', { indices })
  }

  /** Destroys slots for good: refused from now on, unreadable after the next roll. Safe to repeat with its act. */
  shred(request: ShredRequest): Promise<{ act: string; index: number }> {
    return this.#ask('shred', request)
  }

  completeShred(act: string): Promise<{ index: number }> {
    return this.#ask('shred.complete', { act })
  }

  async pendingShreds(): Promise<PendingShred[]> {
    return (await this.#ask<{ pending: PendingShred[] }>('shreds.pending')).pending
  }

  roll(): Promise<RollReply> {
    return this.#ask('roll')
  }

  /** How many shredded slots wait for the next roll. */
  async rollWaiting(): Promise<number> {
    return (await this.#ask<{ count: number }>('roll.waiting')).count
  }

  /** Signs a receipt with the organisation's receipt key. */
  async sign(bytes: Uint8Array): Promise<Signed> {
    const frame = await this.#send('sign', { purpose: 'receipt', bytes: { $b: 0 } }, [bytes])
    const { signature, publicKey } = frame.json as { signature: unknown; publicKey: unknown }
    return {
      signature: bytesOf(frame, signature, 'signature'),
      publicKey: bytesOf(frame, publicKey, 'publicKey'),
    }
  }

  /** Fingerprints of one field inside boxes; null where the box has no such value. */
  async tokens(request: TokensRequest): Promise<(Buffer | null)[]> {
    const { items, attachments } = attachAll(request.items)
    const frame = await this.#send('tokens', { ...request, items }, attachments)
    const { tokens } = frame.json as { tokens: unknown[] }
    return tokens.map(one => (one === null ? null : bytesOf(frame, one, 'tokens')))
  }

  /** The fingerprints under which each of these people is looked for among all others, 16 bytes each. */
  async blocking(request: Omit<TokensRequest, 'kind' | 'field'>): Promise<Map<string, Buffer[]>> {
    const { items, attachments } = attachAll(request.items)
    const frame = await this.#send('blocking', { ...request, items }, attachments)
    const { people } = frame.json as { people: { customer: string; tokens: unknown }[] }
    return new Map(people.map(one => [one.customer, fingerprintsOf(frame, one.tokens)]))
  }

  /** At most twenty masked cards, answered only after an entry is durable in the trail of everybody found. */
  search(under: { grant: string; secret: string }, term: SearchTerm): Promise<SearchReply> {
    return this.#ask('search', { grant: under.grant, secret: under.secret, term })
  }

  /** Has boxes of people's own values taken into what is searched; `whole` when with these everybody is. */
  async hearPeople(request: Omit<TokensRequest, 'kind' | 'field'> & { whole: boolean }): Promise<void> {
    const { items, attachments } = attachAll(request.items)
    await this.#send('people', { ...request, items }, attachments)
  }

  /** Trails and how many changes each holds, ascending, after a slot: how old a database is. */
  numbersAfter(after: number, limit: number): Promise<NumbersPage> {
    return this.#ask('restoring.numbers', { after, limit })
  }

  /** Slots that are erased and whose rows are said to be gone, ascending, after a slot. */
  erasedAfter(after: number, limit: number): Promise<SlotsPage> {
    return this.#ask('restoring.erased', { after, limit })
  }

  /** Whether the log holds the changes of these ids. */
  async seen(ids: string[]): Promise<boolean[]> {
    return (await this.#ask<{ seen: boolean[] }>('restoring.seen', { ids })).seen
  }

  /** Which boxes are below their floor. This and what follows: only of a keeper that was started for restoring. */
  async superseded(boxes: RestoredBox[]): Promise<Superseded[]> {
    return (await this.#ask<{ superseded: Superseded[] }>('restoring.superseded', { boxes })).superseded
  }

  /** What the log says that a subject's database row does not know yet, oldest first. */
  changesAfter(asked: ChangesAfter): Promise<ChangePage> {
    return this.#ask('restoring.changes', asked)
  }

  /** Every erasure that was promised after an index of the log. */
  shredsAfter(after: number): Promise<ShredsPage> {
    return this.#ask('restoring.shreds', { after })
  }

  /** Ends every live grant there is. */
  async endEveryGrant(): Promise<number> {
    return (await this.#ask<{ ended: number }>('restoring.endGrants')).ended
  }

  /** One tile of the log, or one bundle of its leaves. Refuses with `malformed` one that the log does not fill. */
  async tile(name: TileName): Promise<Buffer> {
    const frame = await this.#send('log.tile', name, [])
    return bytesOf(frame, (frame.json as { tile: unknown }).tile, 'tile')
  }

  /** The proof that the log of `to` entries extends that of `from`, base64. */
  async consistency(from: number, to: number): Promise<string[]> {
    return (await this.#ask<{ hashes: string[] }>('log.consistency', { from, to })).hashes
  }

  /** How far a trail goes, as a signed note; null for one without entries. */
  async head(trailSlot: number): Promise<string | null> {
    return (await this.#ask<{ head: string | null }>('log.head', { trailSlot })).head
  }

  /** What entries show in plain, from an index on: at most `count`, which is at most 2,000. */
  records(from: number, count: number): Promise<RecordsPage> {
    return this.#ask('log.records', { from, count })
  }

  /** The newest signed note. */
  async checkpoint(): Promise<string> {
    return (await this.#ask<{ note: string }>('checkpoint')).note
  }

  /** Resolves when the client is connected: at once, or after the keeper has come back. Rejects when it is closed. */
  ready(): Promise<void> {
    if (this.#socket !== undefined) return Promise.resolve()
    if (this.#closed) return Promise.reject(unavailable('this client was closed'))
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  /** Ends the connection; requests in flight fail with `unavailable`. */
  close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    for (const { reject } of this.#waiting.splice(0)) reject(unavailable('this client was closed'))
    const socket = this.#socket ?? this.#opening
    if (socket === undefined) return Promise.resolve()
    return new Promise(resolve => {
      socket.once('close', () => resolve())
      socket.destroy()
    })
  }
}
