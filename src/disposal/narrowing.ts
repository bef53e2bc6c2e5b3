import { listLiveConsents } from '../collection/consent.ts'
import { compartmentsOfAny } from '../collection/field.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { addJob } from '../core/jobs.ts'
import { Refusal } from '../core/refusal.ts'
import type { Floor } from '../keeper/client.ts'
import { move } from '../storage/keeping.ts'
import type { Leaving } from '../storage/leaving-out.ts'
import type { Box } from '../storage/record.ts'
import { markedFields, sealedRow } from '../storage/sealed-row.ts'
import { type Grant, withJobGrant } from '../use/grant.ts'
import { type OpenedBox, read, sealedBoxes } from '../use/reading.ts'
import { carryOut } from './erasure.ts'

/** What follows for the values of a customer who takes one agreement back. */
export interface Narrowing {
  /** Fields that no other live agreement of theirs names, sorted. */
  fields: string[]
  /** Compartments that nothing covers any more: their slots are shredded with all that lies there. */
  uncovered: Slot[]
  /** Compartments where some of these fields lie beside others: what stays is sealed anew, under another slot. */
  moved: { slot: Slot; boxes: OpenedBox[]; unread: Leaving[] }[]
  /** All of this as it was when it was read: slots, rows and versions. */
  asRead: string
}

interface Slot {
  compartment: string
  number: number
}

/**
 * What taking back this agreement would do to the values, read under a grant of the system's own. Refuses `withdraw_whole`
 * where nothing else is agreed to: that is to leave.
 */
export async function narrowingOf(
  house: House,
  subject: string,
  consent: { id: string; fields: readonly string[] },
  work: (narrowing: Narrowing, grant: Grant | null) => Promise<void>,
): Promise<void> {
  const { database } = house
  const fields = await fieldsLost(database, subject, consent)
  const slots = await slotsOf(database, subject, [...(await compartmentsOfAny(database, fields)).values()])
  const covered = await coveredWithout(database, subject, consent.id)
  if (covered.length === 0) throw new Refusal('withdraw_whole')
  const uncovered = slots.filter(slot => !covered.includes(slot.compartment))
  const shared = slots.filter(slot => covered.includes(slot.compartment))
  const asRead = await stateOf(database, subject, fields)
  if (shared.length === 0) return work({ fields, uncovered, moved: [], asRead }, null)
  const wanted = {
    ...{ subjects: [subject], fields: ['*'], compartments: shared.map(slot => slot.compartment) },
    ...{ purpose: 'withdrawal', minutes: 5, most: 10 },
  }
  await withJobGrant(house, wanted, async grant => {
    const { boxes, unread } = await readBoxes(house, grant, subject, wanted.compartments)
    const moved = shared
      .map(slot => ({
        slot,
        boxes: boxes.filter(box => box.compartment === slot.compartment),
        unread: unread
          .filter(box => box.compartment === slot.compartment)
          .map(box => ({ box, without: fields })),
      }))
      .filter(
        ({ boxes, unread }) =>
          boxes.some(box => fields.some(field => Object.hasOwn(box.values, field))) ||
          unread.some(({ box }) => fields.some(field => sealedRow(subject, field) === box.row)),
      )
    await work({ fields, uncovered, moved, asRead }, grant)
  })
}

/** What lies in these compartments: opened, but for what came sealed by the mark of its field, which nobody needs to read. */
export async function readBoxes(
  house: House,
  grant: Grant,
  subject: string,
  compartments: readonly string[],
): Promise<{ boxes: OpenedBox[]; unread: Box[] }> {
  const marked = (await markedFields(house.database)).map(code => sealedRow(subject, code))
  const rows = await house.database.query<{ row: string }>(
    'select row from box_versions($1) where compartment = any ($2)',
    [subject, compartments],
  )
  const others = rows.map(one => one.row).filter(row => !marked.includes(row))
  return {
    boxes: await read(house, grant, subject, { fields: ['*'], compartments, rows: others }),
    unread: await sealedBoxes(house, grant, subject, { compartments, rows: marked }),
  }
}

/**
 * Which slots and boxes lie where these fields lie, in one text: a value that was given between the reading and the
 * transaction shows in it.
 */
export async function stateOf(
  database: Queryable,
  subject: string,
  fields: readonly string[],
): Promise<string> {
  const compartments = [...(await compartmentsOfAny(database, fields)).values()]
  const rows = await database.query<{ compartment: string; number: number; row: string; version: number }>(
    `select l.compartment, l.number, b.row, b.version
       from slot l left join box_versions($1) b on b.compartment = l.compartment
      where l.subject = $1 and l.compartment = any ($2) order by 1, 2, 3`,
    [subject, compartments],
  )
  return JSON.stringify(rows)
}

/** Whether everything is still as it was read. The caller holds the subject's lock. */
export const isAsRead = async (tx: Tx, subject: string, { fields, asRead }: Narrowing): Promise<boolean> =>
  (await stateOf(tx, subject, fields)) === asRead

/** The fields that only this agreement names among those that are live. */
export async function fieldsLost(
  database: Queryable,
  subject: string,
  consent: { id: string; fields: readonly string[] },
): Promise<string[]> {
  const others = (await listLiveConsents(database, subject)).filter(one => one.id !== consent.id)
  const named = new Set(others.flatMap(one => one.fields))
  return consent.fields.filter(field => !named.has(field)).sort()
}

const slotsOf = (database: Queryable, subject: string, compartments: readonly string[]): Promise<Slot[]> =>
  database.query<Slot>(
    'select compartment, number from slot where subject = $1 and compartment = any ($2) order by compartment',
    [subject, compartments],
  )

/** Compartments that the other live agreements cover. */
async function coveredWithout(database: Queryable, subject: string, consent: string): Promise<string[]> {
  const rows = await database.query<{ compartment: string }>(
    `select distinct f.compartment
       from consent c join consent_field cf on cf.consent = c.id join field f on f.code = cf.field
      where c.subject = $1 and c.id <> $2
        and not exists (select 1 from consent_withdrawal w where w.consent = c.id)`,
    [subject, consent],
  )
  return rows.map(row => row.compartment)
}

/**
 * Removes what has lost its agreement or its time, within the transaction that says so: rows that nothing covers go, what stays
 * beside them is sealed under new slots. Answers with the floors to note and the old slots, which `shredLeft` destroys; a
 * job does it where this process ends first. Refuses `conflict` where a box has changed since it was read.
 */
export async function narrow(
  tx: Tx,
  house: House,
  subject: string,
  { fields, uncovered, moved }: Narrowing,
  grant: Grant | null,
  reason: Left['reason'] = 'consent',
): Promise<{ floors: Floor[]; left: Left | null }> {
  const leaving = [...uncovered, ...moved.map(({ slot }) => slot)]
  const slots = leaving.map(slot => slot.number)
  if (slots.length === 0) return { floors: [], left: null }
  await keepCompartments(tx, leaving)
  if (uncovered.length > 0) await tx.query('select erase_slots($1)', [uncovered.map(slot => slot.number)])
  const floors: Floor[] = []
  for (const { slot, boxes, unread } of moved) {
    const kept = boxes.map(box => ({ ...box, subject, values: without(box, fields) }))
    floors.push(...(await move(tx, house, { subject, ...slot }, kept, grant!, unread)))
  }
  const left = { act: newId(), subject, slots, reason }
  await addJob(
    tx,
    'consent.shredding',
    { act: left.act, subject, slots: slots.join(), reason },
    { key: `consent.shredding:${left.act}` },
  )
  return { floors, left }
}

/** For the record of a destruction that comes once these rows are gone or lie elsewhere: what its slots were for. */
export async function keepCompartments(tx: Tx, slots: readonly Slot[]): Promise<void> {
  await tx.query(
    `insert into left_slot (number, compartment) select * from unnest($1::bigint[], $2::text[])
     on conflict do nothing`,
    [slots.map(slot => slot.number), slots.map(slot => slot.compartment)],
  )
}

const without = ({ values }: OpenedBox, fields: readonly string[]) =>
  Object.fromEntries(Object.entries(values).filter(([field]) => !fields.includes(field)))

/** Slots that nothing in the database names any more, and whose keys are to be destroyed. */
export interface Left {
  act: string
  subject: string
  slots: number[]
  /** An agreement was taken back, the time of a value was over, or an import was taken back. */
  reason: 'consent' | 'retention' | 'import'
}

/**
 * Promises in the customer's trail that these slots are destroyed, and records it: from then on no backup opens what lay
 * under them, once the next roll is done. Safe to repeat. Whoever has left meanwhile took their slots along.
 */
export async function shredLeft(house: House, { act, subject, slots, reason }: Left): Promise<void> {
  const whose = await house.database.maybe<{ alias: string; trail: number }>(
    'select alias, trail from subject where id = $1',
    [subject],
  )
  if (whose === null) return
  const { index } = await house.keeper.shred({
    ...{ act, actor: reason === 'consent' ? 'customer' : 'system', slots, reason },
    subject: { trailSlot: whose.trail, alias: whose.alias },
  })
  await carryOut(house, { act, slots, index, reason, link: null, readable: true })
}
