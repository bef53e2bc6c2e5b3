import { findMerge, type Merge } from '../collection/merge.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { removePasskeysSince } from '../identity/passkey.ts'
import type { Session } from '../identity/session.ts'
import { endCorrection } from './correction.ts'
import { endGrant, endGrantsAbout, endSessionsOf } from './grant.ts'
import { tellOfMerge } from './merge-letter.ts'
import { giveBack, readBack } from './merge-value.ts'
import { isWordOf, lockPair, undoableUntil } from './merge-word.ts'
import { portalGrant } from './portal-grant.ts'

export interface Merged {
  at: Date
  until: Date
  /** With it the customer reads later how the record that rests was destroyed. */
  link: string
}

/**
 * Makes two records of one person one: that of this session stays, the other rests from now on. Nobody who has not both rooms
 * comes here: the word was shown in the other one, after the proof that this act asks for, and is typed in this one after the
 * same. Nothing is copied. When this resolves nobody is signed in to the other record, and no grant opens it but its person's own.
 * Refuses `not_found` and `conflict` as `makeMergeWord` does, `conflict` too where the address of either was changed in the last
 * days and whoever had it before can still take that back, and as `lockPair` does; and `wrong_code` alike for a wrong, old and unknown word.
 */
export async function merge(house: House, session: Session, task: string, word: string): Promise<Merged> {
  const [id, act, link] = [newId(), newId(), newToken()]
  const at = house.clock.now()
  const until = undoableUntil(at)
  const rests = await change(house, async (tx, note) => {
    const other = await lockPair(tx, session.subject, task)
    if (!(await isWordOf(tx, house, { other, task, word }))) throw new Refusal('wrong_code')
    const made = await tx.one<{ made: boolean }>('select make_merge($1, $2, $3, $4, $5, $6) as made', [
      ...[id, session.subject, other, at, until, sha256(link)],
    ])
    if (!made.made)
      throw new Refusal('conflict', {
        why: 'one of the two is leaving, has a guardian, or its address was changed lately',
      })
    await tx.query('delete from merge_word where subject = any ($1)', [[session.subject, other]])
    const entry = { kind: 'merge' as const, actor: session.actor, task, result: 'done', act }
    const detail = { merge: id, until: until.toISOString(), link: sha256(link).toString('hex') }
    const both = partsOf({ stays: session.subject, rests: other })
    for (const { subject, part } of both) await note(subject, { ...entry, detail: { ...detail, part } })
    await tellOfMerge(tx, both, 'merged')
    return other
  }).catch(error => noteWrongWord(house, session, task, error))
  await endWhatOpens(house, rests, session.actor)
  await endStrayGrants(house)
  return { at, until, link }
}

async function noteWrongWord(house: House, session: Session, task: string, error: unknown): Promise<never> {
  if (error instanceof Refusal && error.code === 'wrong_code')
    await noteOnly(house, session.subject, {
      ...{ kind: 'merge.refused', actor: session.actor, task, result: 'refused' },
    })
  throw error
}

/** Whoever was in by it, and whatever was granted of it, in this order: nobody takes a new grant in between. */
async function endWhatOpens(house: House, subject: string, actor: string): Promise<void> {
  await endSessionsOf(house, subject, actor)
  await endGrantsAbout(house, subject, actor)
}

/**
 * Makes one record two again, each as it was: what rested counts for itself again, values that were taken over go back where
 * nobody has changed them since, and what else has happened since stays with the record that stayed. Everybody who is signed in
 * to either is signed out, this session too, and a passkey that was added meanwhile is removed. Refuses `not_found` where nothing is merged or its time is over, and `conflict` where
 * the person is leaving or a value was changed at this very moment.
 */
export async function undoMerge(house: House, session: Session): Promise<Date> {
  const at = house.clock.now()
  const two = await requireUndoable(house.database, house, session.subject)
  const key = await portalGrant(house, session)
  const back = await readBack(house, key, two)
  await change(house, async (tx, note) => {
    await lockBoth(tx, two)
    const floors = await giveBack(tx, house, { key, by: session.actor }, two, back)
    const { undone } = await tx.one<{ undone: boolean }>('select undo_merge($1, $2) as undone', [two.id, at])
    if (!undone) throw new Refusal('conflict', { why: 'undone, over or leaving meanwhile' })
    // Whoever came in by the other address may have added it.
    await removePasskeysSince(tx, two.stays, two.at)
    const entry = { kind: 'merge.undo' as const, actor: session.actor, result: 'done', act: newId() }
    for (const { subject, part } of partsOf(two)) {
      const detail = { merge: two.id, part }
      await note(subject, { ...entry, detail }, part === 'stays' ? floors : [])
    }
    await endCorrection(tx, house, note, { subject: two.stays, by: session.actor })
    await tellOfMerge(tx, partsOf(two), 'undone')
  })
  await endWhatOpens(house, two.rests, session.actor)
  await endSessionsOf(house, two.stays, session.actor)
  return at
}

const partsOf = ({ stays, rests }: Pick<Merge, 'stays' | 'rests'>) => [
  { subject: stays, part: 'stays' as const },
  { subject: rests, part: 'rests' as const },
]

const lockBoth = (tx: Tx, { stays, rests }: Merge) =>
  tx.query('select 1 from subject where id = any ($1) order by id for update', [[stays, rests]])

/** The merge in which this record stays and that can still be undone. Refuses `not_found`. */
export async function requireUndoable(database: Queryable, house: House, stays: string): Promise<Merge> {
  const two = await findMerge(database, stays)
  if (two === null || two.until <= house.clock.now())
    throw new Refusal('not_found', { why: 'nothing to undo' })
  return two
}

/**
 * Ends what a merge or its undoing lets nobody have any more, and what a crash has left alive of it: grants of others about a record
 * that rests, those of a session about a record that is not (any more) merged with its own, and those of tasks about the record that
 * stays that were decided before, or were being decided, for what is agreed to by itself: in the other record its person may have said no.
 */
export async function endStrayGrants(house: House): Promise<void> {
  const stray = await house.database.query<{ id: string }>(
    `select distinct g.id
       from grants g join grant_subject gs on gs.grant_id = g.id join subject s on s.id = gs.subject
       left join session n on n.id = g.session and n.room = 'portal'
      where g.ended_at is null and g.until > clock_timestamp()
        and not exists (select 1 from merge m where m.stays = n.subject and m.rests = gs.subject)
        and (s.kind = 'resting' and (g.kind = 'task' or n.id is not null)
             or s.kind = 'customer' and n.subject <> gs.subject
             or g.kind = 'task'
                and exists (select 1 from merge m where m.stays = gs.subject and g.made_at <= m.at + interval '10 seconds')
                and exists (select 1 from purpose p where p.code = g.purpose and not p.needed))`,
  )
  for (const { id } of stray) await endGrant(house, id, 'system')
}
