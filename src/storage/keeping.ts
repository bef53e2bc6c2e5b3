import { compartmentsOfAny } from '../collection/field.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import type { Floor, SealItem } from '../keeper/client.ts'
import { type Leaving, leaveOut } from './leaving-out.ts'
import type { Key, Values } from './record.ts'

/** Why values may be kept: a live consent (`requireConsent`) or a declared basis, and the fields it names. */
export interface Basis {
  fields: readonly string[]
}

interface SlotRow {
  compartment: string
  number: number
}

/** Values grouped by the compartment they are sealed in. */
function byCompartment(values: Values, compartments: ReadonlyMap<string, string>): Map<string, Values> {
  const groups = new Map<string, Values>()
  for (const [field, value] of Object.entries(values)) {
    const compartment = compartments.get(field)!
    const group = groups.get(compartment) ?? {}
    group[field] = value
    groups.set(compartment, group)
  }
  return groups
}

function requireNamed(basis: Basis, values: Values): void {
  const unnamed = Object.keys(values).find(field => !basis.fields.includes(field))
  if (unnamed !== undefined) throw new Refusal('no_consent', { detail: { field: unnamed } })
}

/**
 * Seals values in the keeper and stores the boxes, one per compartment, at version 1 unless told. Nothing plain reaches SQL.
 * Refuses `no_consent` for a field the basis does not name, and `erased` when the subject holds no slot for a
 * compartment (somebody who has left). A second box for the same row is a broken key: use `replace`.
 */
export function keep(
  tx: Tx,
  house: House,
  basis: Basis,
  subject: string,
  row: string,
  values: Values,
  version = 1,
): Promise<void> {
  return keepRows(tx, house, basis, subject, [{ row, values }], version)
}

/** The most boxes in one request to the keeper, so that a frame stays far below its limit. */
const mostSealed = 200

/** Keeps many rows of one customer, such as the invoices of an import; promises and refuses what `keep` does. */
export function keepRows(
  tx: Tx,
  house: House,
  basis: Basis,
  subject: string,
  rows: readonly { row: string; values: Values }[],
  version = 1,
): Promise<void> {
  return keepAll(
    ...([tx, house] as const),
    rows.map(one => ({ ...one, basis, subject, version })),
  )
}

/** A row that is about to be kept, on a basis of its own. */
export interface Keeping {
  basis: Basis
  subject: string
  row: string
  values: Values
  version: number
}

/** Keeps rows of many customers, the values of each on its own basis; promises and refuses what `keep` does. */
export async function keepAll(tx: Tx, house: House, keepings: readonly Keeping[]): Promise<void> {
  for (const { basis, values } of keepings) requireNamed(basis, values)
  const codes = [...new Set(keepings.flatMap(({ values }) => Object.keys(values)))]
  const compartments = await compartmentsOfAny(tx, codes)
  const slots = await slotsOfAll(tx, [...new Set(keepings.map(({ subject }) => subject))])
  const items = keepings.flatMap(({ subject, row, values, version }) =>
    [...byCompartment(values, compartments)].map(([compartment, group]): SealItem => {
      const held = slots.get(subject) ?? new Map()
      const place = { slot: requireSlot(held, compartment), trailSlot: requireSlot(held, 'trail') }
      return { ...place, customer: subject, compartment, row, version, values: group }
    }),
  )
  for (let at = 0; at < items.length; at += mostSealed)
    await storeSealed(tx, house, items.slice(at, at + mostSealed))
}

async function storeSealed(tx: Tx, house: House, items: SealItem[]): Promise<void> {
  const boxes = await house.keeper.seal(items)
  await tx.query(
    `insert into box (subject, compartment, row, version, slot, bytes)
     select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::integer[], $5::bigint[], $6::bytea[])`,
    [
      ...[items.map(item => item.customer), items.map(item => item.compartment)],
      ...[items.map(item => item.row), items.map(item => item.version), items.map(item => item.slot), boxes],
    ],
  )
}

/** Without a lock: a slot that an erasure deletes meanwhile fails the foreign key of the box. */
async function slotsOfAll(tx: Tx, subjects: readonly string[]): Promise<Map<string, Map<string, number>>> {
  const rows = await tx.query<SlotRow & { subject: string }>(
    'select subject, compartment, number from slot where subject = any ($1)',
    [subjects],
  )
  const slots = new Map(subjects.map(subject => [subject, new Map<string, number>()]))
  for (const { subject, compartment, number } of rows) slots.get(subject)!.set(compartment, number)
  return slots
}

async function slotsOf(tx: Tx, subject: string, compartments: string[]): Promise<Map<string, number>> {
  const rows = await tx.query<SlotRow>(
    'select compartment, number from slot where subject = $1 and compartment = any ($2)',
    [subject, compartments],
  )
  return new Map(rows.map(row => [row.compartment, row.number]))
}

function requireSlot(slots: Map<string, number>, compartment: string): number {
  const number = slots.get(compartment)
  if (number === undefined) throw new Refusal('erased', { why: `no slot for ${compartment}` })
  return number
}

/**
 * Puts the next version of one box in its place: the whole box, with values the caller has read under its grant. The
 * caller has entered the transaction with a grant that covers the box (`select enter(grant, secret)`), or PostgreSQL
 * changes nothing: refused as `conflict`, as is a box that somebody else has changed meanwhile. Returns the floor to
 * note with the change's entry: below it the keeper refuses old copies as superseded.
 */
export async function replace(
  tx: Tx,
  house: House,
  basis: Basis,
  box: { subject: string; compartment: string; row: string; version: number; slot: number },
  values: Values,
): Promise<Floor> {
  requireNamed(basis, values)
  const version = box.version + 1
  const { subject, compartment, row, slot } = box
  const trailSlot = requireSlot(await slotsOf(tx, subject, ['trail']), 'trail')
  const place = { customer: subject, compartment, row, version, slot, trailSlot }
  const [bytes] = await house.keeper.seal([{ ...place, values }])
  const changed = await tx.query(
    `update box set version = $5, bytes = $6
      where subject = $1 and compartment = $2 and row = $3 and version = $4 returning version`,
    [subject, compartment, row, box.version, version, bytes],
  )
  if (changed.length !== 1)
    throw new Refusal('conflict', { why: 'the box has changed or no grant covers it' })
  return { customer: subject, row, slot, version }
}

/** A box that the keeper has sealed from an envelope, which nobody here has opened. */
export interface SealedBox {
  subject: string
  compartment: string
  row: string
  slot: number
  version: number
  bytes: Buffer
}

/**
 * Stores such a box as the customer's own, in the place of the version before. The transaction has entered with a grant
 * that covers it. Refuses `conflict` where somebody else has changed the box meanwhile. Returns the floor to note.
 */
export async function store(
  tx: Tx,
  { subject, compartment, row, slot, version, bytes }: SealedBox,
): Promise<Floor> {
  const stored = await tx.query(
    `insert into box (subject, compartment, row, version, slot, bytes) values ($1, $2, $6, $3, $4, $5)
     on conflict (subject, compartment, row) do update set version = $3, bytes = $5
      where box.version = $3 - 1 and box.slot = $4 returning version`,
    [subject, compartment, version, slot, bytes, row],
  )
  if (stored.length !== 1) throw new Refusal('conflict', { why: 'the box has changed meanwhile' })
  return { customer: subject, row, slot, version }
}

/** The slot of a compartment. Refuses `erased` where there is none. */
export async function slotFor(tx: Tx, subject: string, compartment: string): Promise<number> {
  return requireSlot(await slotsOf(tx, subject, [compartment]), compartment)
}

/** A box as it was read, with the values that stay in it. */
export interface Staying {
  row: string
  version: number
  values: Values
}

/**
 * Gives a compartment a new slot and seals what stays in each of its boxes under it: whatever was sealed under the old
 * one, in backups too, is lost once that is shredded, which is the caller's to do. The grant covers the compartment. `unread`:
 * boxes that the keeper moves without telling what is in them.
 * Refuses `conflict` where a box has changed since it was read, or one was added. Returns the floors to note.
 */
export async function move(
  tx: Tx,
  house: House,
  from: { subject: string; compartment: string; number: number },
  boxes: readonly Staying[],
  grant: Key,
  unread: readonly Leaving[] = [],
): Promise<Floor[]> {
  const { subject, compartment } = from
  const [slot] = (await house.slots.take(1)) as [number]
  const trailSlot = requireSlot(await slotsOf(tx, subject, ['trail']), 'trail')
  await tx.query('select enter($1, $2)', [grant.grant, grant.secret])
  // Every row that hangs on the slot follows it (`on update cascade`).
  const { moved } = await tx.one<{ moved: boolean }>('select move_slot($1, $2, $3, $4) as moved', [
    ...[subject, compartment, from.number, slot],
  ])
  if (!moved) throw new Refusal('conflict', { why: 'the compartment was moved meanwhile' })
  const items = boxes.map(({ row, version, values }) => ({
    ...{ customer: subject, compartment, row, version: version + 1, slot, trailSlot, values },
  }))
  for (let at = 0; at < items.length; at += mostSealed)
    await storeMoved(tx, house, subject, items.slice(at, at + mostSealed))
  const others: Floor[] = []
  for (let at = 0; at < unread.length; at += mostSealed)
    others.push(...(await leaveOut(tx, house, grant, subject, unread.slice(at, at + mostSealed), slot)))
  const { left } = await tx.one<{ left: number }>(
    `select count(*)::integer as left from box
      where subject = $1 and compartment = $2 and not (row = any ($3))`,
    [subject, compartment, [...boxes.map(box => box.row), ...unread.map(({ box }) => box.row)]],
  )
  if (left > 0) throw new Refusal('conflict', { why: 'a box was added meanwhile' })
  return [...items.map(({ row, version }) => ({ customer: subject, row, slot, version })), ...others]
}

async function storeMoved(tx: Tx, house: House, subject: string, items: SealItem[]): Promise<void> {
  const sealed = await house.keeper.seal(items)
  const changed = await tx.query(
    `update box b set version = t.v, bytes = t.b
       from unnest($3::uuid[], $4::integer[], $5::bytea[]) as t (r, v, b)
      where b.subject = $1 and b.compartment = $2 and b.row = t.r and b.version = t.v - 1 returning b.row`,
    [
      ...[subject, items[0]!.compartment, items.map(item => item.row)],
      ...[items.map(item => item.version), sealed],
    ],
  )
  if (changed.length !== items.length) throw new Refusal('conflict', { why: 'a box has changed meanwhile' })
}
