import * as z from 'zod'
import { brokenConstraint, type Queryable, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { type FieldFault, Refusal } from '../core/refusal.ts'
import { type DatumTypeCode, datumTypes } from './datum/datum-type.ts'
import { looksLikeSecurityCode } from './datum/security-code.ts'
import { lineRule } from './datum/text.ts'
import { findField } from './field.ts'
import { publishNotice } from './notice.ts'
import { type PurposeCode, purposeSchema } from './purpose.ts'
import { retentionSchema } from './retention.ts'

/** The mark of a company's own field: what the program itself asks for in some later version never has it. */
const ownCode = /^own_[a-z][a-z0-9_]{0,39}$/

/** In which a company's own fields are sealed. */
export const ownCompartments = ['identity', 'preferences', 'payment', 'health'] as const

/** What lies here is always sealed in the browser, and is for one purpose alone. */
export const sealedCompartments: Readonly<Record<string, PurposeCode>> = {
  payment: 'payment',
  health: 'care',
}

const liesSealed = (compartment: string): boolean => Object.hasOwn(sealedCompartments, compartment)

/** Whether a value of this field is sealed in the browser: the server never sees it on its way here. */
export const isSealed = (field: { sealed: boolean }): boolean => field.sealed

/** Whether it is sealed by its mark, beside others that are not: such a value lies in a row of its own. */
export const isMarked = (field: { compartment: string; sealed: boolean }): boolean =>
  field.sealed && !liesSealed(field.compartment)

/** Whether whoever looks at a value of this field over the customer's shoulder, or at a screen left open, harms them. */
export const isDelicate = (field: { sensitive: boolean; sealed: boolean } | undefined): boolean =>
  field !== undefined && (field.sensitive || isSealed(field))

const ownTypes = Object.keys(datumTypes) as DatumTypeCode[]
const paymentTypes = ['iban', 'card_reference', 'card_number']

const inBoth = <T extends z.ZodType>(text: T) => z.strictObject({ en: text, it: text })
const label = inBoth(lineRule(80))

/** What an officer decides about a field, and may decide anew. */
export const decidedSchema = z.strictObject({
  label,
  help: inBoth(lineRule(300)).nullable(),
  options: z.record(z.string(), z.unknown()),
  option_labels: z.record(z.string().max(40), label),
  sensitive: z.boolean(),
  editor: z.enum(['customer', 'approval', 'company']),
  level: z.int().min(0).max(3),
  reconfirm_days: z.int().min(1).max(3650).nullable(),
  retention: retentionSchema,
  asked: z.enum(['joining', 'portal', 'no']),
  required: z.boolean(),
  purposes: z.array(purposeSchema).min(1, 'required').max(10),
})
export type Decided = z.infer<typeof decidedSchema>

/**
 * The mark of a field that is sealed in the browser. Left out: as it is, and for a new field as its compartment says. So nobody
 * takes it away by not knowing of it.
 */
const mark = { sealed: z.boolean().optional() }
export const decidingSchema = decidedSchema.extend(mark)
export type Deciding = z.infer<typeof decidingSchema>
type Marked = Decided & { sealed: boolean }

/** A field of the company's own, as it is added. Code, type and compartment stay for ever. */
export const newFieldSchema = decidingSchema.extend({
  code: z.string().regex(ownCode, 'invalid'),
  type: z.enum(ownTypes),
  compartment: z.enum(ownCompartments),
})
export type NewField = z.infer<typeof newFieldSchema>

const shownWords = z.object({ en: z.string(), it: z.string() })

/** A field as it is now, or was in an earlier version. */
export const catalogueFieldSchema = decidedSchema.extend({
  // What was judged when it came in goes out as it is.
  ...{ label: shownWords, help: shownWords.nullable(), option_labels: z.record(z.string(), shownWords) },
  code: z.string(),
  /** Null for what no form asks, such as a purchase. */
  type: z.string().nullable(),
  compartment: z.string(),
  own: z.boolean(),
  sealed: z.boolean(),
  version: z.int(),
  made_at: z.iso.datetime(),
  made_by: z.string(),
})

export interface CatalogueField extends Marked {
  code: string
  type: DatumTypeCode | null
  compartment: string
  own: boolean
  version: number
  made_at: Date
  made_by: string
}

/** The catalogue as it is now, in the order of the compartments and of the codes. */
export const listCatalogue = (database: Queryable): Promise<CatalogueField[]> =>
  database.query<CatalogueField>('select * from field_now order by own, compartment, code')

/** The field of this code as it is now. Throws `not_found`. */
export async function getCatalogueField(database: Queryable, code: string): Promise<CatalogueField> {
  const field = await database.maybe<CatalogueField>('select * from field_now where code = $1', [code])
  if (field === null) throw new Refusal('not_found', { why: 'no such field' })
  return field
}

/** What policies are told of these fields as they are now, in this order; a code that nothing has is missing in the answer. */
export const describeFields = (
  database: Queryable,
  codes: readonly string[],
): Promise<{ code: string; compartment: string; sensitive: boolean }[]> =>
  database.query(
    'select code, compartment, sensitive from field_now where code = any ($1) order by array_position($1::text[], code)',
    [codes],
  )

/** Every version of a field, the newest first; none for a code that nothing has. */
export const listVersions = (database: Queryable, code: string): Promise<CatalogueField[]> =>
  database.query<CatalogueField>(
    `select f.code, f.compartment, f.type, f.own, v.version, v.label, v.help, v.option_labels, v.options, v.sensitive,
            v.sealed, v.editor, v.level, v.reconfirm_days, v.retention, v.asked, v.required, v.purposes, v.made_at, v.made_by
       from field f join field_version v on v.field = f.code where f.code = $1 order by v.version desc`,
    [code],
  )

/**
 * Adds a field of the company's own, and publishes the notice that tells of it. Refuses `conflict` for a code that is
 * taken, `invalid` for options that do not belong to the type, for a choice without words, and for a field that would
 * keep a card's security code: that is kept nowhere, ever (PCI DSS 3.3.1), or its whole number while the card module is off.
 */
export async function addField(house: House, by: string, given: NewField): Promise<CatalogueField> {
  const { code, type, compartment, ...decided } = given
  requireNoSecurityCode(code, decided)
  // The whole number of a card is kept by no company that has not decided to answer for it (PCI DSS).
  if (type === 'card_number' && house.cardNumbers !== true)
    throw invalid({ field: 'type', code: 'card_module_off' })
  if (paymentTypes.includes(type) && compartment !== 'payment')
    throw invalid({ field: 'compartment', code: 'payment_only' })
  const sealed = decided.sealed ?? liesSealed(compartment)
  const judged = judge({ code, type, compartment }, { ...decided, sealed })
  return change(house, async (tx, note) => {
    try {
      await tx.query('insert into field (code, type, compartment, own) values ($1, $2, $3, true)', [
        ...[code, type, compartment],
      ])
    } catch (error) {
      if (brokenConstraint(error) !== 'field_pkey') throw error
      throw new Refusal('conflict', { fields: [{ field: 'code', code: 'taken' }], cause: error })
    }
    await writeVersion(tx, house, by, { code, version: 1 }, judged)
    await publishNotice(tx, house.clock)
    await note(null, { ...noted(by, code, 1, judged), fields: [code] })
    return getCatalogueField(tx, code)
  })
}

/**
 * Decides anew about a field, as a version of its own; whoever wrote `version` before is not overwritten unseen
 * (`conflict`). Customers who agreed before are asked again for what is new to them, and keep what they agreed to.
 * Refuses what `addField` refuses, `not_found`, and `fixed` where the program needs the field as it is.
 */
export async function changeField(
  house: House,
  by: string,
  code: string,
  version: number,
  decided: Deciding,
): Promise<CatalogueField> {
  requireNoSecurityCode(code, decided)
  return change(house, async (tx, note) => {
    const now = await getCatalogueField(tx, code)
    if (now.version !== version) throw new Refusal('conflict', { why: 'a newer version exists' })
    requireFree(now, decided)
    // A value that names an option of before must still have its words.
    const option_labels = { ...now.option_labels, ...decided.option_labels }
    const judged = judge(now, { ...decided, option_labels, sealed: decided.sealed ?? now.sealed })
    if (judged.retention !== 'agreement') await requireNeverSealed(tx, code)
    await writeVersion(tx, house, by, { code, version: version + 1 }, judged)
    await publishNotice(tx, house.clock)
    await note(null, { ...noted(by, code, version + 1, judged), fields: [code] })
    return getCatalogueField(tx, code)
  })
}

const invalid = (...fields: FieldFault[]) => new Refusal('invalid', { fields })

function requireNoSecurityCode(code: string, { label, help, option_labels }: Decided): void {
  const words = [label, help, ...Object.values(option_labels)].flatMap(one =>
    one === null ? [] : [one.en, one.it],
  )
  if ([code, ...words].some(looksLikeSecurityCode)) throw invalid({ field: 'label', code: 'security_code' })
}

/** What was sealed once may lie sealed still, where its time is not looked for. */
async function requireNeverSealed(tx: Tx, code: string): Promise<void> {
  const sealed = await tx.maybe('select 1 from field_version where field = $1 and sealed limit 1', [code])
  if (sealed !== null) throw invalid({ field: 'retention', code: 'not_sealed' })
}

/** Without a name and an address nobody can join, and records are no fields of a form. */
const neverLeft = ['name', 'email']

function requireFree({ code, type, editor, purposes }: CatalogueField, decided: Decided): void {
  if (type === null) throw new Refusal('fixed', { why: 'a record of the program' })
  if (!neverLeft.includes(code)) return
  const kept = purposes.every(purpose => decided.purposes.includes(purpose))
  if (decided.asked !== 'joining' || !decided.required || !kept) throw new Refusal('fixed')
  // Without an address nobody would be told, or could sign in to say that it is still so.
  if (decided.retention !== 'agreement') throw new Refusal('fixed')
  if (code === 'email' && decided.editor !== editor) throw new Refusal('fixed')
}

/** What is decided, with the options as the type understands them. */
function judge(
  { code, type, compartment }: Pick<CatalogueField, 'code' | 'type' | 'compartment'>,
  decided: Marked,
): Marked {
  const options = datumTypes[type!].options.safeParse(decided.options)
  if (!options.success) throw invalid({ field: 'options', code: 'invalid' })
  requireSealable(code, compartment, decided)
  requireSense(compartment, decided)
  // To see when it was given somebody would have to open what nobody needs to read.
  if (decided.sealed && decided.retention !== 'agreement')
    throw invalid({ field: 'retention', code: 'not_sealed' })
  if (decided.required && decided.asked !== 'joining')
    throw invalid({ field: 'required', code: 'only_at_joining' })
  const chosen = ((options.data as { options?: string[] }).options ?? []).filter(
    option => !Object.hasOwn(decided.option_labels, option),
  )
  if (chosen.length > 0) throw invalid({ field: 'option_labels', code: 'required' })
  return { ...decided, options: options.data as Decided['options'] }
}

/** Who is asked can answer, and what is sealed in the browser serves its own purpose alone, once somebody has joined. */
function requireSense(compartment: string, { purposes, asked, editor }: Decided): void {
  const own = sealedCompartments[compartment]
  const fits =
    own === undefined
      ? !purposes.some(purpose => Object.values(sealedCompartments).includes(purpose))
      : purposes.length === 1 && purposes[0] === own
  if (!fits) throw invalid({ field: 'purposes', code: own === undefined ? 'sealed_only' : 'own_purpose' })
  if (own !== undefined && asked === 'joining') throw invalid({ field: 'asked', code: 'not_at_joining' })
  // In the portal there is nobody else to fill it in.
  if (asked === 'portal' && editor !== 'customer') throw invalid({ field: 'editor', code: 'only_customer' })
}

/**
 * What lies among payment and health data is sealed for ever. Anything else may be marked that its customer gives once they have
 * joined: before that there is no trail to bind an envelope to, and nobody but they can seal. What the program itself goes by
 * cannot be: by an address people sign in and by a name and a number they are served.
 */
function requireSealable(code: string, compartment: string, { sealed, asked, editor }: Marked): void {
  if (liesSealed(compartment)) {
    if (!sealed) throw invalid({ field: 'sealed', code: 'always_sealed' })
    return
  }
  if (!sealed) return
  if (findField(code) !== null) throw invalid({ field: 'sealed', code: 'needed_plain' })
  if (asked === 'joining') throw invalid({ field: 'asked', code: 'not_at_joining' })
  if (editor !== 'customer') throw invalid({ field: 'editor', code: 'only_customer' })
}

async function writeVersion(
  tx: Tx,
  house: House,
  by: string,
  { code, version }: { code: string; version: number },
  decided: Marked,
): Promise<void> {
  try {
    await tx.query(
      `insert into field_version (field, version, label, help, options, option_labels, sensitive, editor, level,
         reconfirm_days, retention, asked, required, purposes, made_at, made_by, sealed)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        ...[code, version, decided.label, decided.help, decided.options, decided.option_labels],
        ...[decided.sensitive, decided.editor, decided.level, decided.reconfirm_days, decided.retention],
        ...[decided.asked, decided.required, decided.purposes, house.clock.now(), by, decided.sealed],
      ],
    )
  } catch (error) {
    // Two officers at the same moment.
    if (brokenConstraint(error) === 'field_version_pkey') throw new Refusal('conflict', { cause: error })
    throw error
  }
  await tx.query('select name_purposes($1)', [code])
}

/** What the company's trail says of it: codes alone, and none of the words. */
const noted = (actor: string, field: string, version: number, decided: Marked) => ({
  ...{ kind: 'field' as const, actor, result: version === 1 ? 'added' : 'changed' },
  detail: {
    ...{ field, version, asked: decided.asked, purposes: decided.purposes, editor: decided.editor },
    ...{
      level: decided.level,
      sensitive: decided.sensitive,
      sealed: decided.sealed,
      retention: decided.retention,
    },
  },
})

/** As the API shows it. */
export const shownField = ({ made_at, ...field }: CatalogueField): z.input<typeof catalogueFieldSchema> => ({
  ...field,
  made_at: made_at.toISOString(),
})
