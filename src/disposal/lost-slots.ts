import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import type { Counts } from './restoration-counts.ts'

/** What a restore did, as officers see it. */
export interface ShownRestoration {
  id: string
  restored_at: Date
  backup_at: Date | null
  counts: Counts
  /** Whether the slots of those whom it has lost are shredded; null while nobody has asked. */
  shredding: {
    asked_by: string
    asked_at: Date
    confirmed_at: Date | null
    done_at: Date | null
    slots: number | null
  } | null
}

/** The newest first. */
export async function listRestorations(database: Queryable): Promise<ShownRestoration[]> {
  const rows = await database.query<
    Omit<ShownRestoration, 'shredding'> & NonNullable<ShownRestoration['shredding']>
  >(
    `select r.id, r.restored_at, r.backup_at, r.counts, e.pseudonym as asked_by, l.asked_at, l.confirmed_at,
            l.done_at, l.slots
       from restoration r
       left join lost_shredding l on l.restoration = r.id
       left join employee e on e.id = l.asked_by
      order by r.restored_at desc limit 50`,
  )
  return rows.map(({ asked_by, asked_at, confirmed_at, done_at, slots, ...restoration }) => ({
    ...restoration,
    shredding: asked_by === null ? null : { asked_by, asked_at, confirmed_at, done_at, slots },
  }))
}

/**
 * One officer asks that the slots which the log has given away and this database does not know are shredded; another
 * one confirms it, by the same act. Answers whether it was confirmed. What they held is gone with the database that
 * knew them: this ends what copies of that database could still open. Throws `not_found`, `conflict` for the officer
 * who asked, and once it was confirmed.
 */
export async function shredLostSlots(
  house: House,
  by: Pick<Session, 'subject' | 'actor'>,
  restoration: string,
): Promise<boolean> {
  const confirmed = await change(house, async (tx, note) => {
    await tx.one('select 1 from restoration where id = $1', [restoration])
    const asked = await tx.query(
      `insert into lost_shredding (restoration, asked_by, asked_at) values ($1, $2, $3)
       on conflict (restoration) do nothing returning restoration`,
      [restoration, by.subject, house.clock.now()],
    )
    const entry = { kind: 'lost.shredding' as const, actor: by.actor, act: newId(), detail: { restoration } }
    if (asked.length > 0) {
      await note(null, { ...entry, result: 'asked' })
      return false
    }
    const row = await tx.one<{ asked_by: string; confirmed_by: string | null }>(
      'select asked_by, confirmed_by from lost_shredding where restoration = $1 for update',
      [restoration],
    )
    if (row.confirmed_by !== null) throw new Refusal('conflict', { detail: { reason: 'confirmed' } })
    if (row.asked_by === by.subject) throw new Refusal('conflict', { detail: { reason: 'oneself' } })
    await tx.query('update lost_shredding set confirmed_by = $2, confirmed_at = $3 where restoration = $1', [
      ...[restoration, by.subject, house.clock.now()],
    ])
    await note(null, { ...entry, result: 'confirmed' })
    return true
  })
  if (confirmed) await resumeLostShreddings(house)
  return confirmed
}

const atOnce = 10_000

/** Carries out what two officers have decided. Safe to repeat; what a budget of the keeper puts off follows later. */
export async function resumeLostShreddings(house: House): Promise<void> {
  const decided = await house.database.query<{ restoration: string; issued: number }>(
    `select l.restoration, r.issued from lost_shredding l join restoration r on r.id = l.restoration
      where l.confirmed_at is not null and l.done_at is null order by l.confirmed_at`,
  )
  for (const { restoration, issued } of decided) {
    const slots = await findLostSlots(house, issued)
    for (let at = 0; at < slots.length; at += atOnce) await shred(house, slots.slice(at, at + atOnce))
    await house.database.query(
      'update lost_shredding set done_at = $2, slots = $3 where restoration = $1 and done_at is null',
      [restoration, house.clock.now(), slots.length],
    )
  }
}

/**
 * Numbers that were given away before the restore, that nobody here has, and that are not shredded. Nobody can come
 * to have one: servers of before have ended, and the keeper gives no number away twice.
 */
async function findLostSlots(house: House, issued: number): Promise<number[]> {
  const erased = new Set<number>()
  for (let after = -1; ; ) {
    const page = await house.keeper.erasedAfter(after, atOnce)
    for (const slot of page.slots) erased.add(slot)
    if (!page.more) break
    after = page.slots.at(-1) ?? after
  }
  for (const { slots } of await house.keeper.pendingShreds()) for (const slot of slots) erased.add(slot)
  const rows = await house.database.query<{ number: number }>(
    `select number from generate_series(${firstOfPeople}, $1::bigint - 1) as given (number)
      where not exists (select 1 from slot s where s.number = given.number) order by 1`,
    [issued],
  )
  return rows.map(row => row.number).filter(slot => !erased.has(slot))
}

/** Lower numbers are the organisation's own. */
const firstOfPeople = 256

/** The entry lies in the organisation's trail, for the trails of those people are among what goes. */
async function shred(house: House, slots: number[]): Promise<void> {
  const act = newId()
  await house.keeper.shred({
    ...{ act, actor: 'system', reason: 'lost', slots },
    subject: { trailSlot: slots[0]!, alias: 'organisation' },
  })
}
