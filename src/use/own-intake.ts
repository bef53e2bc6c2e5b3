import { requireFieldLevels } from '../collection/act.ts'
import { type CatalogueField, isMarked, isSealed, listCatalogue } from '../collection/catalogue.ts'
import { listLiveConsents } from '../collection/consent.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { type FieldFault, Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { addSlots } from '../identity/subject.ts'
import { type Floor, type IntakeItem, KeeperRefusal } from '../keeper/client.ts'
import { slotFor, store } from '../storage/keeping.ts'
import { type Leaving, leaveOut } from '../storage/leaving-out.ts'
import type { Box } from '../storage/record.ts'
import { lift } from '../storage/restriction.ts'
import { sealedRow } from '../storage/sealed-row.ts'
import { endCorrection } from './correction.ts'
import { basisOf, firstVersion } from './own-values.ts'
import { portalGrant } from './portal-grant.ts'
import { sealedBoxes } from './reading.ts'
import { scheduleReminders } from './reminder.ts'

/** What a browser has sealed for the keeper: the server carries it and cannot open it. */
export interface Envelope {
  compartment: string
  /** The codes of the fields that it holds, each given or, as null, taken back. */
  fields: readonly string[]
  nonce: string
  /** The slot of the intake key it was sealed to. */
  key: number
  bytes: Buffer
}

export interface Enveloped {
  /** The notice under which the customer agreed, as it is bound into the envelopes. */
  noticeVersion: number
  envelopes: readonly Envelope[]
}

/**
 * Has the keeper turn envelopes into boxes and stores these, all or none: nothing plain passes through here. Refuses
 * `invalid` with the keeper's faults by field, `intake_changed` where the envelopes must be sealed anew (another key, or
 * taken already), and as `changeOwn` does. Without the keeper nothing is kept: `unavailable`.
 */
export async function takeInOwn(house: House, session: Session, asked: Enveloped): Promise<string[]> {
  const { subject } = session
  const fields = await requireSealed(house, session, asked.envelopes)
  const compartments = asked.envelopes.map(envelope => envelope.compartment)
  await house.database.transaction(async tx => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    await basisOf(tx, subject, fields)
    await addSlots(tx, house, subject, compartments)
  })
  // Only now: the grant covers the compartments that are there when it is made.
  const key = await portalGrant(house, session)
  const placed = asked.envelopes.map(envelope => ({
    ...{ envelope, row: rowOf(subject, fields, envelope) },
  }))
  const rows = [subject, ...placed.map(({ row }) => row)]
  const boxes = await sealedBoxes(house, key, subject, { compartments, rows })
  await change(house, async (tx, note) => {
    const { trail } = await tx.one<{ trail: number }>('select trail from subject where id = $1 for update', [
      subject,
    ])
    await basisOf(tx, subject, fields)
    await requireAgreedUnder(tx, subject, asked.noticeVersion)
    const items: IntakeItem[] = []
    for (const { envelope, row } of placed) {
      const { compartment } = envelope
      const before = boxes.find(box => box.compartment === compartment && box.row === row)
      items.push({
        ...{ customer: subject, compartment, row, trailSlot: trail },
        version:
          before === undefined
            ? await firstVersion(tx, house, subject, compartment, row)
            : before.version + 1,
        slot: await slotFor(tx, subject, compartment),
        fields: rulesFor(fields, envelope),
        ...{ form: asked.noticeVersion, nonce: envelope.nonce, key: envelope.key, envelope: envelope.bytes },
        ...(before === undefined ? {} : { box: before.bytes }),
      })
    }
    const taken = await house.keeper.takeIn(key, items).catch(asSealAnew)
    if ('faults' in taken) throw new Refusal('invalid', { fields: taken.faults.map(named) })
    await tx.query('select enter($1, $2)', [key.grant, key.secret])
    const floors = await storeAll(tx, subject, items, taken.boxes)
    const besides = placed.filter(({ row }) => row !== subject)
    floors.push(...(await leaveOut(tx, house, key, subject, plainCopies(subject, boxes, besides))))
    const codes = fields.map(field => field.code).sort()
    await lift(tx, subject, codes)
    await scheduleReminders(tx, house, subject, { changed: fields, given: fields })
    const detail = { notice: asked.noticeVersion, sealed: true }
    await note(
      subject,
      { kind: 'value', actor: session.actor, fields: codes, result: 'done', detail },
      floors,
    )
    await endCorrection(tx, house, note, { subject, by: session.actor })
  })
  return fields.map(field => field.code)
}

/** Where the value of an envelope lies: that of a field that was marked in a row of its own, and all others together. */
function rowOf(subject: string, fields: readonly CatalogueField[], { fields: codes }: Envelope): string {
  const marked = fields.find(field => codes.includes(field.code) && isMarked(field))
  return marked === undefined ? subject : sealedRow(subject, marked.code)
}

/** What was given in plain before the field was marked goes with what is sealed now. */
function plainCopies(
  subject: string,
  boxes: readonly Box[],
  placed: readonly { envelope: Envelope }[],
): Leaving[] {
  return boxes
    .filter(box => box.row === subject)
    .map(box => {
      const here = placed.filter(({ envelope }) => envelope.compartment === box.compartment)
      return { box, without: here.flatMap(({ envelope }) => envelope.fields) }
    })
}

/** The notice bound into the envelopes must be one under which they agreed. Refuses `invalid`. */
async function requireAgreedUnder(tx: Tx, subject: string, version: number): Promise<void> {
  const live = await listLiveConsents(tx, subject)
  if (!live.some(consent => consent.notice_version === version))
    throw new Refusal('invalid', { fields: [{ field: 'notice_version', code: 'invalid' }] })
}

const named = ({ field, code }: FieldFault): FieldFault => ({ field: `values.${field}`, code })

async function storeAll(
  tx: Tx,
  subject: string,
  items: readonly IntakeItem[],
  boxes: readonly Buffer[],
): Promise<Floor[]> {
  const floors: Floor[] = []
  for (const [at, { compartment, row, slot, version }] of items.entries())
    floors.push(await store(tx, { subject, compartment, row, slot, version, bytes: boxes[at]! }))
  return floors
}

/** The browser seals again and sends again: what was typed is still there. */
function asSealAnew(error: unknown): never {
  if (error instanceof KeeperRefusal && ['intake_key', 'malformed', 'bad_box'].includes(error.code))
    throw new Refusal('intake_changed', { cause: error })
  throw error
}

/** The fields of these envelopes, each one that the customer may give and that is sealed where the envelope says. */
async function requireSealed(
  house: House,
  session: Session,
  envelopes: readonly Envelope[],
): Promise<CatalogueField[]> {
  const catalogue = await listCatalogue(house.database)
  const fields: CatalogueField[] = []
  const faults: FieldFault[] = []
  for (const { compartment, fields: codes } of envelopes)
    for (const code of codes) {
      const field = catalogue.find(one => one.code === code && one.compartment === compartment)
      const fault = faultOf(field, fields, codes.length)
      if (field === undefined || fault === 'unknown') faults.push({ field: 'values', code: 'unknown' })
      else if (fault !== null) faults.push(named({ field: code, code: fault }))
      else fields.push(field)
    }
  if (faults.length > 0) throw new Refusal('invalid', { fields: faults })
  await requireFieldLevels(house, session, fields)
  return fields
}

function faultOf(
  field: CatalogueField | undefined,
  before: readonly CatalogueField[],
  together: number,
): string | null {
  if (field === undefined || field.type === null || before.includes(field)) return 'unknown'
  if (!isSealed(field)) return 'not_sealed'
  // It becomes a box of its own.
  if (isMarked(field) && together > 1) return 'not_alone'
  return field.editor === 'customer' ? null : 'not_editable'
}

/** The rule by which the keeper judges each: the type and what of its options the keeper knows. */
const rulesFor = (fields: readonly CatalogueField[], { fields: codes }: Envelope): IntakeItem['fields'] =>
  Object.fromEntries(
    codes.map(code => {
      const { type, options } = fields.find(field => field.code === code)!
      return [code, { type: type!, ...limitsOf(options) }] as const
    }),
  )

/** What the keeper knows of the options of a type. */
export function limitsOf(options: object): Omit<IntakeItem['fields'][string], 'type'> {
  const { most, least, options: choices } = options as { most?: unknown; least?: unknown; options?: unknown }
  return {
    ...(typeof most === 'number' ? { most } : {}),
    ...(typeof least === 'number' ? { least } : {}),
    ...(Array.isArray(choices) ? { options: choices as string[] } : {}),
  }
}
