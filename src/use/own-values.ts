import { requireFieldLevels } from '../collection/act.ts'
import { type Answers, judgeAnswers } from '../collection/answer.ts'
import { type CatalogueField, isSealed, listCatalogue } from '../collection/catalogue.ts'
import { listLiveConsents } from '../collection/consent.ts'
import { lowerLevel } from '../collection/customer.ts'
import { reworded } from '../collection/notice.ts'
import { brokenConstraint, type Queryable, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { addSlots } from '../identity/subject.ts'
import type { Floor } from '../keeper/client.ts'
import { settle } from '../storage/claim.ts'
import { type Basis, keep, replace } from '../storage/keeping.ts'
import { type Leaving, leaveOut } from '../storage/leaving-out.ts'
import { lift } from '../storage/restriction.ts'
import { everSealed, sealedRow } from '../storage/sealed-row.ts'
import { endCorrection } from './correction.ts'
import { requireOldEnough } from './old-enough.ts'
import { portalGrant } from './portal-grant.ts'
import { type Key, type OpenedBox, read, sealedBoxes, type Values } from './reading.ts'
import { scheduleReminders } from './reminder.ts'

/**
 * Gives, changes or removes (null) values of one's own, all or none. Each is judged by its field's rule; what is not
 * mentioned stays as it is. Refuses `invalid` with every fault (`not_editable` where the field is not the customer's to
 * change, `not_asked` where the company does not ask it any more), `no_consent` where no agreement of theirs names the
 * field, `level_needed`, `too_young` for a date of birth as `requireOldEnough` does, and `conflict` when another change came between.
 */
export async function changeOwn(house: House, session: Session, answers: Answers): Promise<string[]> {
  const asked = await requireEditable(house, session, answers)
  const today = house.clock.now().toISOString().slice(0, 10)
  const judged = judgeAnswers({ fields: asked, today }, answers)
  const changed = asked.filter(field => Object.hasOwn(judged, field.code))
  if (changed.length === 0) return []
  const given = changed.filter(field => judged[field.code] !== null)
  await putAll(house, session, { changed, given, detail: { given: given.length } }, compartment =>
    valuesFor(house, changed, judged, compartment),
  )
  return changed.map(field => field.code)
}

/**
 * Says of values of one's own that they are still so, from which their time runs anew. Refuses `invalid` for a field that
 * is not held (`required`), not known, or sealed in the browser (`sealed_only`: it is given again instead), and `conflict`
 * as `changeOwn` does.
 */
export async function confirmOwn(
  house: House,
  session: Session,
  codes: readonly string[],
): Promise<string[]> {
  const fields = await requireKnown(house.database, codes)
  refuseAny(fields.filter(isSealed), 'sealed_only')
  await requireFieldLevels(house, session, fields)
  const confirmed = house.clock.now().toISOString()
  const whole = { changed: fields, given: fields, detail: { confirmed: fields.length } }
  await putAll(house, session, whole, (compartment, values) => {
    const here = fields.filter(field => field.compartment === compartment)
    const missing = here.filter(field => values[field.code] === undefined)
    refuseAny(missing, 'required')
    return new Map(here.map(({ code }) => [code, settle(values[code]!, null, confirmed)!]))
  })
  return fields.map(field => field.code)
}

/** The fields of these codes that the company may ask. Refuses `invalid` where one is none of them. */
export async function requireKnown(database: Queryable, codes: readonly string[]): Promise<CatalogueField[]> {
  const catalogue = await listCatalogue(database)
  const fields = catalogue.filter(field => codes.includes(field.code) && field.type !== null)
  if (fields.length < new Set(codes).size)
    throw new Refusal('invalid', { fields: [{ field: 'fields', code: 'unknown' }] })
  return fields
}

/** Refuses `invalid` where there is any of these fields, each for this reason. */
export function refuseAny(fields: readonly CatalogueField[], code: string): void {
  if (fields.length > 0)
    throw new Refusal('invalid', { fields: fields.map(field => ({ field: `values.${field.code}`, code })) })
}

/** What goes into one compartment, where these values lie: null for what is removed. */
type Given = (compartment: string, values: Values) => Map<string, Values[string] | null>

interface Changing {
  changed: readonly CatalogueField[]
  /** Those of them that are not removed. */
  given: readonly CatalogueField[]
  /** What the entry says besides the fields' names. */
  detail: Record<string, number>
}

/** Reads the boxes of these fields, puts into each what is given for it, and notes it, all or none. */
async function putAll(
  house: House,
  session: Session,
  { changed, given, detail }: Changing,
  valuesOf: Given,
): Promise<void> {
  const { subject } = session
  const compartments = [...new Set(changed.map(field => field.compartment))]
  const key = await portalGrant(house, session)
  // What was sealed before its field lost the mark lies in a row of its own, and comes back beside the others.
  const once = await everSealed(
    house.database,
    changed.map(field => field.code),
  )
  const aside = await asideOf(house, key, subject, { compartments, codes: once })
  const rows = [subject, ...aside.map(({ box }) => box.row)]
  const boxes = await read(house, key, subject, { fields: ['*'], compartments, rows })
  await change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const basis = await basisOf(tx, subject, given)
    await addSlots(tx, house, subject, compartments)
    await tx.query('select enter($1, $2)', [key.grant, key.secret])
    const floors: Floor[] = []
    let renamed = false
    for (const compartment of compartments) {
      const here = boxes.filter(one => one.compartment === compartment)
      const box = here.find(one => one.row === subject)
      const held: Values = Object.assign({}, ...here.map(one => one.values))
      const values = valuesOf(compartment, held)
      await requireOldEnough(tx, house, subject, {
        held: held.birth_date,
        next: values.get('birth_date'),
      })
      const name = values.get('name')
      renamed ||= name != null && name.value !== box?.values.name?.value
      const floor = await put(tx, house, { basis, subject, compartment, box, given: values })
      if (floor !== null) floors.push(floor)
    }
    floors.push(...(await leaveOut(tx, house, key, subject, aside)))
    const codes = changed.map(field => field.code).sort()
    // Whoever gives it anew, takes it out or says that it is right has settled what was in doubt.
    await lift(tx, subject, codes)
    if (renamed) await lowerLevel(tx, subject)
    await scheduleReminders(tx, house, subject, { changed, given })
    await note(
      subject,
      { kind: 'value', actor: session.actor, fields: codes, result: 'done', detail },
      floors,
    )
    await endCorrection(tx, house, note, { subject, by: session.actor })
  })
}

/** The boxes that these fields have for themselves, with what is to leave each. */
async function asideOf(
  house: House,
  key: Key,
  subject: string,
  { compartments, codes }: { compartments: readonly string[]; codes: readonly string[] },
): Promise<Leaving[]> {
  if (codes.length === 0) return []
  const rows = codes.map(code => sealedRow(subject, code))
  const boxes = await sealedBoxes(house, key, subject, { compartments, rows })
  return boxes.map(box => ({ box, without: codes }))
}

/** The fields of these answers, each one that the customer may change. */
async function requireEditable(house: House, session: Session, answers: Answers): Promise<CatalogueField[]> {
  const catalogue = await listCatalogue(house.database)
  const fields = catalogue.filter(field => Object.hasOwn(answers, field.code))
  const faults = fields.flatMap(field => {
    const fault = faultOf(field, answers[field.code])
    return fault === null ? [] : [{ field: `values.${field.code}`, code: fault }]
  })
  if (faults.length > 0) throw new Refusal('invalid', { fields: faults })
  await requireFieldLevels(house, session, fields)
  return fields
}

/** What is no longer asked can still be removed; giving needs somebody who asks. What is required stays (`judgeAnswers`). */
function faultOf(field: CatalogueField, answer: unknown): string | null {
  if (field.type === null || field.editor !== 'customer') return 'not_editable'
  if (isSealed(field)) return 'sealed_only'
  return field.asked === 'no' && answer !== null ? 'not_asked' : null
}

/**
 * What their live agreements name together. Each field that is given must be one, by the words it has now; to remove a value
 * nobody needs an agreement. Refuses `no_consent`.
 */
export async function basisOf(tx: Tx, subject: string, given: readonly CatalogueField[]): Promise<Basis> {
  const live = await listLiveConsents(tx, subject)
  const fields = [...new Set(live.flatMap(consent => consent.fields))]
  const agreed = new Set<string>()
  for (const consent of live) {
    const others = await reworded(tx, consent)
    for (const field of consent.fields) if (!others.includes(field)) agreed.add(field)
  }
  const without = given.find(field => !agreed.has(field.code))
  if (without !== undefined) throw new Refusal('no_consent', { detail: { field: without.code } })
  return { fields }
}

/** What goes into one compartment; null for what is removed. */
function valuesFor(
  house: House,
  changed: readonly CatalogueField[],
  judged: Record<string, unknown>,
  compartment: string,
): Map<string, Values[string] | null> {
  const at = house.clock.now().toISOString()
  const given = new Map<string, Values[string] | null>()
  for (const { code } of changed.filter(field => field.compartment === compartment)) {
    const value = judged[code]
    given.set(code, value === null ? null : { value, source: 'customer', at })
  }
  return given
}

interface Putting {
  basis: Basis
  subject: string
  compartment: string
  box: OpenedBox | undefined
  given: Map<string, Values[string] | null>
}

async function put(tx: Tx, house: House, putting: Putting): Promise<Floor | null> {
  const { basis, subject, compartment, box, given } = putting
  const values: Values = { ...box?.values }
  for (const [code, value] of given) {
    if (value === null) delete values[code]
    else values[code] = value
  }
  if (box !== undefined) return replace(tx, house, basis, { subject, ...box }, values)
  if (Object.keys(values).length === 0) return null
  const version = await firstVersion(tx, house, subject, compartment)
  await keep(tx, house, basis, subject, subject, values, version).catch(asConflict)
  return null
}

/** Another page has put the first values there. */
function asConflict(error: unknown): never {
  if (brokenConstraint(error) === 'box_pkey')
    throw new Refusal('conflict', { why: 'a box was made meanwhile', cause: error })
  throw error
}

/**
 * What a restore has lost is given again above every version that the log may know of it: versions count from 1, and
 * the seconds of the clock are ahead of any that was ever counted.
 */
export async function firstVersion(
  tx: Tx,
  house: House,
  subject: string,
  compartment: string,
  row = subject,
): Promise<number> {
  const lost = await tx.query(
    'delete from lost_value where subject = $1 and row = $3 and compartment = $2 returning row',
    [subject, compartment, row],
  )
  return lost.length === 0 ? 1 : Math.floor(house.clock.now().getTime() / 1000)
}
