import type { paths } from '../api-types.ts'
import type { Reply } from '../ui/api.ts'

/** A field as it is decided now, or was in an earlier version. */
export type DecidedField = Reply<'/api/v1/office/fields/{code}'>
export type NewField = paths['/api/v1/office/fields']['post']['requestBody']['content']['application/json']
/** What may be decided anew: all but code, type and compartment. */
export type Decided = Omit<NewField, 'code' | 'type' | 'compartment'>
export type Purpose = Decided['purposes'][number]

/** One option of a choice, as it is typed. */
export interface Choice {
  /** For telling options apart while they are moved; never sent. */
  key: string
  it: string
  en: string
  code: string
  /** Its code was saved once, and values may lie under it. */
  fixed: boolean
}

/** A decision about a field as it is typed: texts where people type, and all types' options side by side. */
export interface FieldDraft {
  /** The version that is decided anew; 0 for a field that is new. */
  after: number
  label_it: string
  label_en: string
  code: string
  help_it: string
  help_en: string
  type: string
  longest: string
  least: string
  most: string
  places: string
  /** Digits before the decimal sign: they stay when the places change. */
  whole: number
  country: string
  choices: Choice[]
  compartment: string
  purposes: Purpose[]
  asked: Decided['asked']
  required: boolean
  editor: Decided['editor']
  level: '0' | '1' | '2' | '3'
  sensitive: boolean
  sealed: boolean
  reconfirm_days: string
  /** Empty: as long as it is agreed to. */
  retention_months: string
}

export type OptionName = 'longest' | 'least' | 'most' | 'places' | 'country' | 'choices'

/** What each type leaves open; nothing for those that are not here. */
const openOptions: Record<string, readonly OptionName[]> = {
  line: ['longest'],
  text: ['longest'],
  integer: ['least', 'most'],
  decimal: ['places', 'least', 'most'],
  choice: ['choices'],
  choices: ['choices'],
  phone: ['country'],
  national_id: ['country'],
  tax_id: ['country'],
}
export const optionsOfType = (type: string): readonly OptionName[] => openOptions[type] ?? []

/** What counts where nothing is said, and the most that can be said, as the server's rules have it. */
export const usualLongest = { line: 120, text: 2000 } as const
export const mostLongest = { line: 500, text: 10_000 } as const
const usual = { whole: 10, places: 2, country: 'IT' }

const purposeOrder: readonly Purpose[] = ['service', 'offers', 'payment', 'care']
export const inOrder = (purposes: readonly Purpose[]): Purpose[] =>
  purposeOrder.filter(purpose => purposes.includes(purpose))

let keys = 0
export const newChoice = (): Choice => ({ key: `new ${++keys}`, it: '', en: '', code: '', fixed: false })

/** A field of the company's own, before anything is typed: asked of nobody by surprise, and for one purpose. */
export const emptyDraft = (): FieldDraft => ({
  ...{ after: 0, label_it: '', label_en: '', code: '', help_it: '', help_en: '', type: 'line' },
  ...{ longest: '', least: '', most: '', places: '', whole: usual.whole, country: '', choices: [] },
  ...{ compartment: 'preferences', purposes: [], asked: 'portal', required: false, editor: 'customer' },
  ...{ level: '0', sensitive: false, sealed: false, reconfirm_days: '', retention_months: '' },
})

/** The months of `12_months`; null for `agreement`. */
export const monthsOf = (retention: string): number | null =>
  retention === 'agreement' ? null : Number.parseInt(retention, 10)

/** What was decided in this version, for deciding anew about the version `after`. */
export function draftOf(field: DecidedField, after = field.version): FieldDraft {
  const { code, type, compartment, label, help } = field
  return {
    ...emptyDraft(),
    ...{ after, code, type: type ?? '', compartment },
    ...{ label_it: label.it, label_en: label.en, help_it: help?.it ?? '', help_en: help?.en ?? '' },
    ...typedOptions(field),
    ...{ purposes: inOrder(field.purposes), asked: field.asked, required: field.required },
    ...{ editor: field.editor, level: levelOf(field.level) },
    ...{ sensitive: field.sensitive, sealed: field.sealed },
    reconfirm_days: field.reconfirm_days === null ? '' : String(field.reconfirm_days),
    retention_months: String(monthsOf(field.retention) ?? ''),
  }
}

/** The options as people type them; what only says what counts anyway is left empty. */
function typedOptions({ type, options, option_labels }: DecidedField): Partial<FieldDraft> {
  const said = options as Partial<Record<'least' | 'most' | 'places' | 'digits', string | number>>
  const text = (value: unknown, otherwise?: unknown) =>
    value === undefined || value === otherwise ? '' : String(value)
  if (type === 'line' || type === 'text') return { longest: text(said.most, usualLongest[type]) }
  if (type === 'phone') return { country: text(options.country, usual.country) }
  if (type === 'national_id' || type === 'tax_id') return { country: text(options.country) }
  if (type === 'integer') return { least: text(said.least), most: text(said.most) }
  if (type === 'decimal') {
    const places = Number(said.places ?? usual.places)
    const whole = Number(said.digits ?? usual.whole + usual.places) - places
    return { least: text(said.least), most: text(said.most), places: text(places, usual.places), whole }
  }
  const codes = (options.options ?? []) as string[]
  return {
    choices: codes.map(code => {
      const { it, en } = option_labels[code] ?? { it: code, en: code }
      return { key: code, code, it, en, fixed: true }
    }),
  }
}

/** What is sent of a draft. Whatever is compared is compared in this form, in which a thing is said in one way. */
export function decidedOf(draft: FieldDraft): Decided {
  const help = { en: draft.help_en.trim(), it: draft.help_it.trim() }
  const days = draft.reconfirm_days.trim()
  const months = draft.retention_months.trim()
  return {
    label: { en: draft.label_en.trim(), it: draft.label_it.trim() },
    help: help.en === '' && help.it === '' ? null : help,
    ...sentOptions(draft),
    ...{ sensitive: draft.sensitive, sealed: draft.sealed, editor: draft.editor, level: Number(draft.level) },
    ...{ reconfirm_days: days === '' ? null : Number(days) },
    retention: months === '' ? 'agreement' : `${Number(months)}_months`,
    ...{ asked: draft.asked, required: draft.asked === 'joining' && draft.required },
    purposes: inOrder(draft.purposes),
  }
}

/** A number as programs write it, with a point and a plain minus. */
export const numberText = (typed: string): string => typed.trim().replace('\u2212', '-').replace(',', '.')

function sentOptions(draft: FieldDraft): Pick<Decided, 'options' | 'option_labels'> {
  const { type } = draft
  const [longest, least, most, places] = [draft.longest, draft.least, draft.most, draft.places].map(text =>
    text.trim(),
  ) as [string, string, string, string]
  const options: Record<string, unknown> = {}
  if (optionsOfType(type).includes('longest') && longest !== '') options.most = Number(longest)
  if (type === 'integer' && least !== '') options.least = Number(numberText(least))
  if (type === 'integer' && most !== '') options.most = Number(numberText(most))
  if (type === 'decimal') {
    options.places = places === '' ? usual.places : Number(places)
    options.digits = draft.whole + Number(options.places)
    if (least !== '') options.least = numberText(least)
    if (most !== '') options.most = numberText(most)
  }
  if (type === 'phone') options.country = draft.country === '' ? usual.country : draft.country
  if (type === 'national_id' || type === 'tax_id') options.country = draft.country
  if (!optionsOfType(type).includes('choices')) return { options, option_labels: {} }
  return {
    options: { options: draft.choices.map(choice => choice.code.trim()) },
    option_labels: Object.fromEntries(
      draft.choices.map(({ code, en, it }) => [code.trim(), { en: en.trim(), it: it.trim() }]),
    ),
  }
}

/** A field that is sent for the first time. */
export const newFieldOf = (draft: FieldDraft) =>
  ({
    ...{ ...decidedOf(draft), code: draft.code.trim() },
    ...{ type: draft.type, compartment: draft.compartment },
  }) as NewField

/** What is sealed in the browser, and the one purpose that each compartment of it serves. */
const sealedFor: Readonly<Record<string, Purpose>> = { payment: 'payment', health: 'care' }
export const sealedPurpose = (compartment: string): Purpose | undefined => sealedFor[compartment]

/** Types that belong into the compartment of payment alone. */
const ofPayment = ['iban', 'card_reference', 'card_number']
export const compartmentsFor = (type: string) =>
  ofPayment.includes(type)
    ? (['payment'] as const)
    : (['identity', 'preferences', 'payment', 'health'] as const)

/** What changes with another type: what was chosen stays, where it still can. */
export function withType(draft: FieldDraft, type: string): Partial<FieldDraft> {
  if (ofPayment.includes(type)) return { type, ...withCompartment(draft, 'payment') }
  return ofPayment.includes(draft.type) ? { type, ...withCompartment(draft, 'preferences') } : { type }
}

/** What changes with another compartment: what is sealed in the browser has one purpose, and is not asked at joining. */
export function withCompartment(draft: FieldDraft, compartment: string): Partial<FieldDraft> {
  const purpose = sealedPurpose(compartment)
  if (purpose === undefined) {
    const open = draft.purposes.filter(one => !Object.values(sealedFor).includes(one))
    const sealed = sealedPurpose(draft.compartment) !== undefined
    return { compartment, purposes: open, ...(sealed ? { sensitive: false, sealed: false } : {}) }
  }
  const asked = afterJoining(draft.asked)
  return { compartment, purposes: [purpose], asked, required: false, sensitive: true, sealed: true }
}

const afterJoining = (asked: Decided['asked']) => (asked === 'joining' ? 'portal' : asked)

/** What the program itself goes by, and what is no form's, cannot be sealed by a mark; what is sealed anyway needs none. */
const neededPlain = ['name', 'email', 'phone']
export const mayBeMarked = ({ code, type, compartment }: FieldDraft): boolean =>
  type !== '' && !neededPlain.includes(code) && sealedPurpose(compartment) === undefined

/** What changes with the mark: what is sealed is given by the customer alone, once they have joined. */
export function withMark(draft: FieldDraft, sealed: boolean): Partial<FieldDraft> {
  if (!sealed) return { sealed }
  return { sealed, asked: afterJoining(draft.asked), required: false, editor: 'customer' }
}

/** Small letters of a-z, digits and `_`: what a code is made of. */
const plain = (label: string): string =>
  label
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')

/** The code that a field of this English name is given unless somebody types another. */
export function proposedCode(label: string): string {
  const words = plain(label)
    .replace(/^[0-9_]+/, '')
    .slice(0, 40)
    .replace(/_+$/, '')
  return words === '' ? '' : `own_${words}`
}

/** The same for an option. */
export const proposedOption = (words: string): string => plain(words).slice(0, 40).replace(/_+$/, '')

/** A text with what follows from it, as long as nobody has typed something else there. */
export const follows = (typed: string, from: string, propose: (text: string) => string): boolean =>
  typed === '' || typed === propose(from)

/** A level as the form and its words name it. */
export const levelOf = (level: number): FieldDraft['level'] =>
  level === 3 ? '3' : level === 2 ? '2' : level === 1 ? '1' : '0'
