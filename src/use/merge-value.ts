import { isDeepStrictEqual } from 'node:util'
import { requireFieldLevels } from '../collection/act.ts'
import { type CatalogueField, isSealed, listCatalogue } from '../collection/catalogue.ts'
import { findCustomer } from '../collection/customer.ts'
import { findMerge, type Merge } from '../collection/merge.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { addSlots } from '../identity/subject.ts'
import type { Floor } from '../keeper/client.ts'
import { keep, replace } from '../storage/keeping.ts'
import { lift, restrict } from '../storage/restriction.ts'
import { askForCorrection, endCorrection } from './correction.ts'
import { endGrantsOpening } from './grant.ts'
import { rememberBeside, withoutUndone } from './imported-claim.ts'
import { requireOldEnough } from './old-enough.ts'
import { basisOf, firstVersion, refuseAny, requireKnown } from './own-values.ts'
import { portalGrant } from './portal-grant.ts'
import { type Key, type OpenedBox, read, type Value, type Values } from './reading.ts'

/**
 * Has the values of the record that rests count, in these fields, with all that is known of them, that one is in doubt too; what
 * counted before lies beside until the merge is undone or over. Which values they are passes no request. Refuses `not_found` where nothing is merged,
 * `invalid` for a field that the record that rests does not hold (`required`), that counts already (`taken`) or that this act
 * cannot change (`not_editable`: the address of the sign-in, and a name that was proved; `sealed_only`: what is sealed in the browser is
 * given anew), `no_consent` where no agreement of the record that stays names the field, `level_needed`, `too_young` as
 * `requireOldEnough` does, and `conflict` when another change came between.
 */
export async function takeOver(house: House, session: Session, codes: readonly string[]): Promise<string[]> {
  const two = await findMerge(house.database, session.subject)
  if (two === null || two.completed_at !== null) throw new Refusal('not_found', { why: 'nothing is merged' })
  const fields = await requireTakeable(house, session, two, codes)
  const compartments = [...new Set(fields.map(field => field.compartment))]
  const key = await portalGrant(house, session)
  const resting = await own(house, key, two.rests, compartments)
  const missing = fields.filter(field => valueIn(resting, field) === undefined)
  refuseAny(missing, 'required')
  const boxes = await read(house, key, two.stays, {
    ...{ fields: ['*'], compartments, rows: [two.stays, two.id] },
  })
  await change(house, async (tx, note) => {
    await lockUndone(tx, two)
    const basis = await basisOf(tx, two.stays, fields)
    await addSlots(tx, house, two.stays, compartments)
    await tx.query('select enter($1, $2)', [key.grant, key.secret])
    const floors: Floor[] = []
    const counting: Values = {}
    for (const compartment of compartments) {
      const here = fields.filter(field => field.compartment === compartment)
      const find = (row: string) => boxes.find(box => box.compartment === compartment && box.row === row)
      const [held, beside] = [find(two.stays), find(two.id)]
      const taken = only(here, resting.find(box => box.compartment === compartment)?.values ?? {})
      const before = only(here, held?.values ?? {})
      await requireOldEnough(tx, house, two.stays, { held: before.birth_date, next: taken.birth_date })
      const place = { tx, house, basis, subject: two.stays, compartment, floors }
      Object.assign(counting, taken)
      await put({ ...place, row: two.stays }, held, { ...held?.values, ...taken })
      if (Object.keys(before).length > 0)
        await put({ ...place, row: two.id }, beside, { ...before, ...beside?.values })
    }
    const about = { subject: two.stays, by: session.actor }
    await followDoubt(tx, house, about, codesOf(fields), counting)
    await rememberBeside(tx, two.rests, two.stays, codesOf(fields))
    await tx.query('insert into merge_value (merge, field) select $1, unnest($2::text[])', [
      two.id,
      codesOf(fields),
    ])
    await note(
      two.stays,
      { kind: 'merge.value', actor: session.actor, fields: codesOf(fields), result: 'done' },
      floors,
    )
    await endCorrection(tx, house, note, about)
  })
  return codesOf(fields)
}

const codesOf = (fields: readonly CatalogueField[]) => fields.map(field => field.code)

/**
 * Of these fields closes to tasks what is in doubt among the values that count now, and opens the others again: a doubt goes where
 * its value goes. The transaction holds the person's row.
 */
async function followDoubt(
  tx: Tx,
  house: House,
  { subject, by }: { subject: string; by: string },
  codes: readonly string[],
  values: Values,
): Promise<void> {
  const doubted = codes.filter(code => values[code]?.disputed !== undefined)
  const settled = codes.filter(code => !doubted.includes(code))
  await lift(tx, subject, settled)
  if (doubted.length === 0) return
  await endGrantsOpening(tx, house, subject, doubted, by)
  await restrict(tx, house, subject, doubted)
  const others = doubted.some(code => values[code]!.disputed!.claims.length > 0)
  if (others) await askForCorrection(tx, house, subject)
}

/** The fields of a merge whose values were taken over. */
export async function takenFields(database: Queryable, merge: string): Promise<string[]> {
  const rows = await database.query<{ field: string }>(
    'select field from merge_value where merge = $1 order by field',
    [merge],
  )
  return rows.map(row => row.field)
}

async function requireTakeable(
  house: House,
  session: Session,
  two: Merge,
  codes: readonly string[],
): Promise<CatalogueField[]> {
  const fields = await requireKnown(house.database, codes)
  const proved = ((await findCustomer(house.database, two.stays))?.level ?? 0) > 1
  const fixed = fields.filter(({ code }) => code === 'email' || (code === 'name' && proved))
  refuseAny(fixed, 'not_editable')
  refuseAny(fields.filter(isSealed), 'sealed_only')
  const already = await takenFields(house.database, two.id)
  const twice = fields.filter(field => already.includes(field.code))
  refuseAny(twice, 'taken')
  await requireFieldLevels(house, session, fields)
  return [...fields].sort((a, b) => (a.code < b.code ? -1 : 1))
}

const own = (house: House, key: Key, subject: string, compartments: readonly string[]) =>
  read(house, key, subject, { fields: ['*'], compartments, rows: [subject] })

const valueIn = (boxes: readonly OpenedBox[], { compartment, code }: CatalogueField) =>
  boxes.find(box => box.compartment === compartment)?.values[code]

const only = (fields: readonly { code: string }[], values: Values): Values =>
  Object.fromEntries(fields.flatMap(({ code }) => (values[code] === undefined ? [] : [[code, values[code]]])))

/** The two rows locked; a merge that was undone or completed meanwhile is `conflict`. */
async function lockUndone(tx: Tx, two: Merge): Promise<void> {
  await tx.query('select 1 from subject where id = any ($1) order by id for update', [[two.stays, two.rests]])
  const still = await tx.maybe('select 1 from merge where id = $1 and completed_at is null', [two.id])
  if (still === null) throw new Refusal('conflict', { why: 'undone or completed meanwhile' })
}

interface Place {
  tx: Tx
  house: House
  basis: { fields: readonly string[] }
  subject: string
  compartment: string
  row: string
  floors: Floor[]
}

async function put(place: Place, box: OpenedBox | undefined, values: Values): Promise<void> {
  const { tx, house, basis, subject, compartment, row, floors } = place
  if (box === undefined) {
    const version = await firstVersion(tx, house, subject, compartment, row)
    await keep(tx, house, basis, subject, row, values, version)
  } else floors.push(await replace(tx, house, basis, { subject, ...box }, values))
}

/** What an undoing puts back, as it was read. */
export interface Back {
  /** The fields that had been taken over by then. */
  taken: string[]
  /**
   * The own boxes of the record that stays, each with what it holds again: null where that is what it holds, and of what lay
   * beside.
   */
  boxes: { box: OpenedBox; values: Values | null }[]
}

/**
 * Reads what an undoing gives back: of each field that was taken over, and not given anew since, the value that counted before, or
 * none; that it was confirmed or put in doubt makes it no other value. What the customer has given since is newer than both, and stays.
 */
export async function readBack(house: House, key: Key, two: Merge): Promise<Back> {
  const taken = await takenFields(house.database, two.id)
  if (taken.length === 0) return { taken, boxes: [] }
  const catalogue = await listCatalogue(house.database)
  const fields = catalogue.filter(field => taken.includes(field.code))
  const compartments = [...new Set(fields.map(field => field.compartment))]
  const resting = await own(house, key, two.rests, compartments)
  const boxes = await read(house, key, two.stays, {
    ...{ fields: ['*'], compartments, rows: [two.stays, two.id] },
  })
  const aside = new Map<string, Values>()
  for (const { row, compartment, values } of boxes)
    if (row === two.id) aside.set(compartment, await withoutUndone(house.database, values))
  const back = boxes.map(box => {
    if (box.row === two.id) return { box, values: null }
    const beside = aside.get(box.compartment)
    const values = { ...box.values }
    for (const field of fields.filter(one => one.compartment === box.compartment)) {
      const { code } = field
      if (!isSame(values[code], valueIn(resting, field))) continue
      const before = beside?.[code]
      if (before === undefined) delete values[code]
      else values[code] = before
    }
    return { box, values: isDeepStrictEqual(values, box.values) ? null : values }
  })
  return { taken, boxes: back }
}

/** Whether it is the value that was given once, whatever was shown or said of it since. */
const isSame = (one: Value | undefined, other: Value | undefined): boolean =>
  one !== undefined &&
  isDeepStrictEqual([one.value, one.source, one.at], [other?.value, other?.source, other?.at])

/** Puts it back, and removes what lay beside. What is in doubt of it is closed to tasks. Refuses `conflict` where a box has changed since. Returns the floors to note. */
export async function giveBack(
  tx: Tx,
  house: House,
  { key, by }: { key: Key; by: string },
  two: Merge,
  { taken, boxes }: Back,
): Promise<Floor[]> {
  if ((await takenFields(tx, two.id)).join() !== taken.join())
    throw new Refusal('conflict', { why: 'a value was taken over meanwhile' })
  const basis = { fields: [...new Set(boxes.flatMap(({ values }) => Object.keys(values ?? {})))] }
  await tx.query('select enter($1, $2)', [key.grant, key.secret])
  const floors: Floor[] = []
  for (const { box, values } of boxes) {
    if (values !== null) floors.push(await replace(tx, house, basis, { subject: two.stays, ...box }, values))
    if (box.row === two.id) floors.push(await removeBeside(tx, two, box))
  }
  const own = boxes.filter(({ box }) => box.row === two.stays)
  const counting: Values = Object.assign({}, ...own.map(({ box, values }) => values ?? box.values))
  await followDoubt(tx, house, { subject: two.stays, by }, taken, counting)
  return floors
}

async function removeBeside(tx: Tx, { stays, id }: Merge, box: OpenedBox): Promise<Floor> {
  const gone = await tx.query(
    'delete from box where subject = $1 and compartment = $2 and row = $3 and version = $4 returning row',
    [stays, box.compartment, id, box.version],
  )
  if (gone.length === 0) throw new Refusal('conflict', { why: 'what lay beside has changed meanwhile' })
  return { customer: stays, row: id, slot: box.slot, version: null }
}
