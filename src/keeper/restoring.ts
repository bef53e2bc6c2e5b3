import type { Answer, Operation } from './connection.ts'
import { intentOf } from './erasure.ts'
import { endEveryGrant } from './granting.ts'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'
import * as request from './request-shapes.ts'
import type {
  ChangePage,
  ChangesAfter,
  NumbersPage,
  RestoredBox,
  ShredsPage,
  SlotsPage,
  Superseded,
  ToldChange,
  ToldShred,
} from './requests.ts'
import { firstIssued, organisationTrail } from './reserved.ts'

/** So many changes or shreds on one page: their bodies have at most 256 KiB and nearly always far less. */
const perPage = 200
const longestPage = 4 * 1024 * 1024

/**
 * What somebody who brings an older database back must know of the log, so that it resurrects nobody. Numbers and
 * slots may be asked for at any time, for they tell only how old a database is; what changes say is told by a keeper
 * that was started for restoring alone, when no server runs, and the organisation's trail says that it was.
 */
export function restoringOperations(keeper: Keeper): [string, Operation][] {
  const plain = (act: (args: Record<string, unknown>) => unknown): Operation => {
    return async (args): Promise<Answer> => ({ json: await act(args) })
  }
  const gated = (act: (args: Record<string, unknown>) => unknown): Operation =>
    plain(async args => {
      await requireRestoring(keeper)
      return act(args)
    })
  return [
    ['restoring.numbers', plain(args => numbersAfter(keeper, ...request.pageAfter(args)))],
    ['restoring.erased', plain(args => erasedAfter(keeper, ...request.pageAfter(args)))],
    [
      'restoring.seen',
      plain(args => ({ seen: request.ids(args).map(id => keeper.changes.find(id) !== null) })),
    ],
    ['restoring.superseded', gated(args => ({ superseded: superseded(keeper, request.restored(args)) }))],
    ['restoring.changes', gated(args => changesAfter(keeper, request.changesAfter(args)))],
    ['restoring.shreds', gated(args => shredsAfter(keeper, request.after(args)))],
    ['restoring.endGrants', gated(async () => ({ ended: await endEveryGrant(keeper, 'system') }))],
  ]
}

/** Refuses with `outside_grant` unless this keeper was started for restoring. The first use leaves an entry. */
async function requireRestoring(keeper: Keeper): Promise<void> {
  if (!keeper.restoring) throw new KeeperRefusal('outside_grant', { why: 'this keeper restores nothing' })
  const known = noted.get(keeper)
  if (known !== undefined) return void (await known)
  const body = {
    ...{ kind: 'restoring', act: 'restoring', actor: 'keeper' },
    ...{ subject: 'organisation', result: 'trails-are-read' },
  }
  const written = keeper.write([{ trailSlot: organisationTrail, body }])
  noted.set(keeper, written)
  await written
}

const noted = new WeakMap<Keeper, Promise<unknown>>()

/** Trails with how many changes each holds, by ascending slot. A trail that was shredded is nobody's any more. */
function numbersAfter(keeper: Keeper, after: number, limit: number): NumbersPage {
  const isLiving = (slot: number) => slot >= firstIssued && !keeper.slots.isErased(slot)
  const { page, more } = pageOf(keeper.changes.trails(), after, limit, isLiving)
  return { numbers: page.map(slot => [slot, keeper.changes.last(slot)]), more }
}

/** Shredded slots by ascending number; only those whose rows are said to be gone. */
function erasedAfter(keeper: Keeper, after: number, limit: number): SlotsPage {
  const pending = new Set(keeper.shreds.pending().flatMap(shred => shred.slots))
  const { page, more } = pageOf(keeper.slots.erased(), after, limit, slot => !pending.has(slot))
  return { slots: page, issued: keeper.slots.issued, more }
}

/** At most `limit` of ascending numbers that are greater than `after` and count. */
function pageOf(
  ascending: readonly number[],
  after: number,
  limit: number,
  counts: (slot: number) => boolean,
): { page: number[]; more: boolean } {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! <= after) low = middle + 1
    else high = middle
  }
  const page: number[] = []
  for (; low < ascending.length && page.length <= limit; low++) {
    const slot = ascending[low]!
    if (counts(slot)) page.push(slot)
  }
  return { page: page.slice(0, limit), more: page.length > limit }
}

/** Which of these boxes the log calls old, by their place in the request. */
function superseded(keeper: Keeper, boxes: RestoredBox[]): Superseded[] {
  return boxes.flatMap(([slot, row, version], at): Superseded[] => {
    const floor = keeper.floors.of(slot, row)
    if (version >= floor) return []
    return [[at, Number.isFinite(floor) ? 'replaced' : 'deleted']]
  })
}

/**
 * The changes of one trail with a number greater than `number` and an index greater than `after`, oldest first. In
 * the organisation's trail, where they are not counted, all of them.
 */
async function changesAfter(keeper: Keeper, asked: ChangesAfter): Promise<ChangePage> {
  const { trailSlot, number } = asked
  if (trailSlot !== organisationTrail) keeper.slots.requireUsable(trailSlot)
  await keeper.fetch([trailSlot])
  const changes: ToldChange[] = []
  let bytes = 0
  for (let after = asked.after; ; ) {
    const indices = keeper.log.trail(trailSlot, after, perPage)
    for (const index of indices) {
      after = index
      const own = keeper.changes.numberAt(index)
      if (own === null || (trailSlot !== organisationTrail && own <= number)) continue
      const { body } = await keeper.log.bodyOf(index)
      bytes += body.length
      changes.push({ index, number: own, body: JSON.parse(body) })
      if (changes.length === perPage || bytes > longestPage) return { changes, after, more: true }
    }
    if (indices.length < perPage) return { changes, after, more: false }
  }
}

/** The erasures that were promised after an index, oldest first, with what their entries say. */
async function shredsAfter(keeper: Keeper, after: number): Promise<ShredsPage> {
  const found = keeper.shreds.after(after)
  const shreds: ToldShred[] = []
  let slots = 0
  for (const { act, slots: own, trailSlot, time, index, completed } of found) {
    const said = await intentOf(keeper, { index, trailSlot })
    shreds.push({
      ...{ act, slots: own, index, trailSlot, time: new Date(time).toISOString() },
      ...{ ...said, completed: completed !== null },
    })
    slots += own.length
    if (shreds.length === perPage || slots > 20_000) break
  }
  return { shreds, more: shreds.length < found.length }
}
