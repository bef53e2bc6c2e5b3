import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change, type Note } from '../core/outbox.ts'
import { type KeeperClient, organisationTrail, type RestoredBox, type ToldShred } from '../keeper/client.ts'
import { countedTrails, findForks } from './database-age.ts'
import { keepsTrailFor, trailEnd } from './erasure.ts'
import { type Counts, noCounts } from './restoration-counts.ts'
import { trustNoAuthority } from './restored-authority.ts'
import { mergeAgain, moveToStaying, type ToldMerges } from './restored-merge.ts'
import {
  holdBases,
  holdPolicies,
  keepAge,
  keepPseudonyms,
  organisationChanges,
} from './restored-organisation.ts'
import { replayTrail } from './restored-trail.ts'

export interface Restoration {
  id: string
  counts: Counts
}

/**
 * Brings an older database up to what the log says, in one transaction: a crash leaves it as old as it was, and the
 * next start finds it so. What was erased, taken back, closed or ended since is so again; a value that the log knows to
 * be corrected or deleted is dropped; nobody is signed in and nothing is granted. What came after the backup is lost
 * and counted. `house.database` is the owner's, `house.keeper` one that was started for restoring, and no server runs:
 * whoever let somebody in before this resolves would bring back who left. The log has an entry of it, with the counts.
 */
export async function restore(
  house: House,
  about: { backupAt: Date | null; progress?: (step: string) => void },
): Promise<Restoration> {
  const step = about.progress ?? (() => {})
  return change(house, async (tx, note) => {
    const counts = noCounts()
    step('erasures')
    await eraseAgain(tx, house, counts)
    step('values')
    await dropSuperseded(tx, house, counts)
    step('changes')
    const unknown = await replayChanges(tx, house, counts)
    step('sign-ins and grants')
    await trustNoAuthority(tx, house, counts)
    await keepPseudonyms(tx, house)
    await holdPolicies(tx, house, counts)
    await keepAge(tx, house)
    await holdBases(tx, house, counts)
    // Of another day, or of nobody: it is built anew from the boxes.
    await tx.query('truncate address, address_generation')
    return await record(tx, note, house, { counts, unknown, backupAt: about.backupAt })
  })
}

/** Every erasure that the log promised: its rows go, and its record is there, also that of somebody unknown here. */
async function eraseAgain(tx: Tx, house: House, counts: Counts): Promise<void> {
  for (let after = -1; ; ) {
    const { shreds, more } = await house.keeper.shredsAfter(after)
    const missing = await unrecorded(tx, shreds)
    for (const shred of missing) await recordErasure(tx, shred)
    for (const shred of missing) if (shred.reason === 'merge') await moveToStaying(tx, shred.trailSlot)
    for (const shred of missing) await linkDocuments(tx, shred)
    const slots = shreds.flatMap(shred => shred.slots)
    const alive = await tx.query<{ number: number }>('select number from slot where number = any ($1)', [
      slots,
    ])
    if (alive.length > 0) await tx.query('select erase_slots($1)', [alive.map(slot => slot.number)])
    counts.erasures += missing.length
    after = shreds.at(-1)?.index ?? after
    if (!more) return
  }
}

async function unrecorded(tx: Tx, shreds: ToldShred[]): Promise<ToldShred[]> {
  const rows = await tx.query<{ act: string }>('select act from erasure where act = any ($1)', [
    shreds.map(shred => shred.act),
  ])
  const recorded = new Set(rows.map(row => row.act))
  return shreds.filter(shred => !recorded.has(shred.act))
}

/**
 * The record, as the log tells it. A withdrawal leaves a trail, for as long as it was promised, whether or not this
 * database knows whose it was: an import must not bring back who joined and left after the backup.
 */
async function recordErasure(tx: Tx, shred: ToldShred): Promise<void> {
  const at = new Date(shred.time)
  const left = isWithdrawal(shred)
  // Of the erasures of one trail the withdrawal is the last.
  if (left)
    await tx.query('update erasure set trail = null, kept_until = null where trail = $1', [shred.trailSlot])
  await tx.query(
    `insert into erasure (act, slots, compartments, entry, t0, link_hash, trail, kept_until)
     values ($1, $2, array(select compartment from slot where number = any ($2)
                             union select compartment from left_slot where number = any ($2) order by 1),
             $3, $4, decode($5, 'hex'), $6, $7)
     on conflict do nothing`,
    [
      ...[shred.act, shred.slots, shred.index, at, shred.link],
      ...(left ? [shred.trailSlot, trailEnd(at)] : [null, null]),
    ],
  )
}

/** Documents of the law outlive their customer, who reads them by the link of the withdrawal. */
async function linkDocuments(tx: Tx, shred: ToldShred): Promise<void> {
  if (!isWithdrawal(shred) || shred.link === null) return
  await tx.query(
    `update statutory_document d set link_hash = decode($2, 'hex')
       from subject s where s.trail = $1 and d.customer = s.id`,
    [shred.trailSlot, shred.link],
  )
}

/**
 * A trail that is gone no longer says why its person was erased: because they left, since nobody's trail is shredded
 * alone while they stay. An erasure that takes the trail along is told by the organisation's.
 */
const isWithdrawal = ({ reason, trailSlot }: ToldShred): boolean =>
  trailSlot !== organisationTrail && (keepsTrailFor(reason) || reason === null)

interface BoxPlace {
  subject: string
  compartment: string
  row: string
  version: number
  slot: number
}

const boxesAtOnce = 5000
const idsAtOnce = 5000

/** Boxes that no keeper opens any more. The customer is asked again for what a newer version held. */
async function dropSuperseded(tx: Tx, house: House, counts: Counts): Promise<void> {
  const nobody = '00000000-0000-0000-0000-000000000000'
  let after: Pick<BoxPlace, 'subject' | 'compartment' | 'row'> = {
    subject: nobody,
    compartment: '',
    row: nobody,
  }
  for (;;) {
    const boxes = await tx.query<BoxPlace>(
      `select subject, compartment, row, version, slot from box
        where (subject, compartment, row) > ($1, $2, $3)
        order by subject, compartment, row limit ${boxesAtOnce}`,
      [after.subject, after.compartment, after.row],
    )
    const asked = boxes.map(({ slot, row, version }): RestoredBox => [slot, row, version])
    const old = asked.length === 0 ? [] : await house.keeper.superseded(asked)
    for (const [at, how] of old) await drop(tx, house, boxes[at]!, how, counts)
    const last = boxes.at(-1)
    if (last === undefined) return
    after = last
  }
}

async function drop(
  tx: Tx,
  house: House,
  box: BoxPlace,
  how: 'replaced' | 'deleted',
  counts: Counts,
): Promise<void> {
  counts[how]++
  const place = [box.subject, box.compartment, box.row]
  await tx.query('delete from box where subject = $1 and compartment = $2 and row = $3', place)
  if (how === 'deleted') return
  // An invoice without its lines would be taken for one that is stored: the next import brings it whole.
  const invoices = await tx.query('delete from purchase where id = $1 returning id', [box.row])
  counts.lost.purchases += invoices.length
  if (invoices.length > 0) return
  await tx.query(
    `insert into lost_value (subject, compartment, row, slot, lost_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [...place, box.slot, house.clock.now()],
  )
}

/** Replays every trail that has come further than its row, and answers with the trails of nobody. */
async function replayChanges(tx: Tx, house: House, counts: Counts): Promise<number[]> {
  await removeSeen(tx, house)
  const forked = await findForks(tx, house.keeper)
  const firstFork = new Map<string, number>()
  for (const { subject, number } of forked)
    firstFork.set(subject, Math.min(number, firstFork.get(subject) ?? number))
  const unknown: number[] = []
  const merges: ToldMerges = new Map()
  for await (const page of countedTrails(tx, house.keeper)) {
    for (const { trail, last, subject } of page) {
      if (subject === null) unknown.push(trail)
      if (subject === null) continue
      const { id, last_change } = subject
      const known = Math.min(last_change, (firstFork.get(id) ?? Number.MAX_SAFE_INTEGER) - 1)
      if (known >= last) continue
      await replayTrail(tx, house, { id, trail, known, merges }, counts)
      await tx.query('update subject set last_change = greatest(last_change, $2) where id = $1', [id, last])
    }
  }
  await mergeAgain(tx, merges)
  await renumber(tx, [...firstFork.keys()])
  counts.lost.people = unknown.length
  return unknown
}

/** Entries that wait in the outbox though the log has them: the crash came between the two. */
async function removeSeen(tx: Tx, house: House): Promise<void> {
  const ids = (await tx.query<{ id: string }>('select id from outbox')).map(row => row.id)
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const some = ids.slice(at, at + idsAtOnce)
    const seen = await house.keeper.seen(some)
    await tx.query('delete from outbox where id = any ($1)', [some.filter((_, i) => seen[i])])
  }
}

/** Entries of a second history come after the first one's, in their order. */
async function renumber(tx: Tx, subjects: string[]): Promise<void> {
  for (const subject of subjects) {
    const rows = await tx.query<{ id: string }>(
      'select id from outbox where subject = $1 order by number desc',
      [subject],
    )
    const { last_change } = await tx.one<{ last_change: number }>(
      'select last_change from subject where id = $1',
      [subject],
    )
    const top = last_change + rows.length
    for (const [at, { id }] of rows.entries())
      await tx.query('update outbox set number = $2 where id = $1', [id, top - at])
    await tx.query('update subject set last_change = $2 where id = $1', [subject, top])
  }
}

/** Whether the log says that a backup with this manifest was made and was whole. */
export async function knowsBackup(keeper: KeeperClient, hash: string): Promise<boolean> {
  for await (const { body } of organisationChanges(keeper))
    if (body.kind === 'backup' && body.result === 'done' && body.detail?.manifest === hash) return true
  return false
}

async function record(
  tx: Tx,
  note: Note,
  house: House,
  { counts, unknown, backupAt }: { counts: Counts; unknown: number[]; backupAt: Date | null },
): Promise<Restoration> {
  const id = newId()
  const { issued } = await house.keeper.status()
  await tx.query(
    `insert into restoration (id, restored_at, backup_at, counts, unknown, issued)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, house.clock.now(), backupAt, JSON.stringify(counts), unknown, issued],
  )
  await note(null, { kind: 'restore', act: id, actor: 'system', result: 'replayed', detail: { ...counts } })
  return { id, counts }
}
