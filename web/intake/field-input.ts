import { cardBrands } from '../ui/card-brand.ts'
import type { CatalogueField } from '../ui/catalogue.ts'
import { codesOf, isBlank, optionsOf } from '../ui/datum.ts'
import type { Language } from '../ui/languages.ts'
import { element } from './element.ts'
import { control, group, type Input, type Labelled, options } from './input.ts'
import { nameOf, wordsOf } from './wording.ts'

interface Asked extends Labelled {
  field: CatalogueField
  value: unknown
  language: Language
}

/** The input for a field of the catalogue, by its type. What it reads is what the field's rule takes. */
export async function fieldInput(field: CatalogueField, value: unknown, language: Language): Promise<Input> {
  const label = field.label[language]
  const help = [field.help?.[language], limitsOf(field, language)].filter(Boolean).join(' ')
  const asked = { field, value, language, label, ...(help === '' ? {} : { help }) }
  const make = inputs[field.type ?? ''] ?? line
  return make(asked)
}

/** Which numbers are taken, where not all are. */
function limitsOf(
  { type, options: { least, most } }: CatalogueField,
  language: Language,
): string | undefined {
  if (type !== 'integer' && type !== 'decimal') return undefined
  const { datum } = wordsOf(language)
  const format = new Intl.NumberFormat(language === 'it' ? 'it-IT' : 'en-GB', { useGrouping: 'min2' })
  const said = (limit: unknown) => format.format(String(limit) as Intl.StringNumericLiteral)
  const put = (text: string) => text.replace('{{least}}', said(least)).replace('{{most}}', said(most))
  if (least === undefined && most === undefined) return undefined
  if (most === undefined) return put(datum.least)
  return put(least === undefined ? datum.most : datum.between)
}

const inputs: Partial<Record<string, (asked: Asked) => Input | Promise<Input>>> = {
  text: lines,
  date: day,
  birth_date: day,
  boolean: yesOrNo,
  choice,
  choices,
  country: code,
  language: code,
  postal_address: address,
  card_reference: card,
}

const lineOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

/** Which keys a phone shows. Nothing here is offered again later, and no spelling is checked elsewhere. */
const keys: Partial<Record<string, string>> = {
  email: 'email',
  phone: 'tel',
  integer: 'numeric',
  decimal: 'decimal',
  partita_iva: 'numeric',
  card_number: 'numeric',
}
const capitals = ['codice_fiscale', 'national_id', 'tax_id', 'iban']

const typing = { autocomplete: 'off', spellcheck: 'false' }

function line({ field: { type, options: limits }, value, ...labelled }: Asked): Input {
  // The keys for digits have no minus on many phones.
  const signed = Number(limits.least ?? 0) < 0
  const made = element('input', {
    ...{ type: 'text', ...typing, inputmode: signed ? 'text' : keys[type ?? ''] },
    autocapitalize: capitals.includes(type ?? '') ? 'characters' : undefined,
  })
  made.value = lineOf(value)
  return control(made, labelled)
}

function lines({ value, ...labelled }: Asked): Input {
  const made = element('textarea', { rows: '3', ...typing })
  made.value = lineOf(value)
  const grow = () => {
    made.style.height = 'auto'
    made.style.height = `${made.scrollHeight + 2}px`
  }
  made.addEventListener('input', grow)
  requestAnimationFrame(grow)
  return control(made, labelled)
}

/** What is read of a date that is begun: no rule takes it, so that nobody believes it was sent. */
const unfinished = 'unfinished'

function day({ value, ...labelled }: Asked): Input {
  const made = element('input', { type: 'date', class: 'short', autocomplete: 'off' })
  made.value = value === unfinished ? '' : lineOf(value)
  return control(made, labelled, one => (one.validity.badInput ? unfinished : one.value))
}

function yesOrNo({ language, value, ...labelled }: Asked): Input {
  const { yes, no } = wordsOf(language)
  const chosen = options({
    ...labelled,
    type: 'radio',
    options: [
      ['yes', yes],
      ['no', no],
    ],
    value: value === true ? ['yes'] : value === false ? ['no'] : [],
  })
  return {
    ...chosen,
    read: () => {
      const [answer] = chosen.read() as string[]
      return answer === undefined ? null : answer === 'yes'
    },
  }
}

const wordsOfOptions = (field: CatalogueField, language: Language): [string, string][] =>
  optionsOf(field).map(option => [option, field.option_labels[option]?.[language] ?? option])

/** As many as are seen at a glance stand side by side, more go into a list. */
const glance = 5

function choice({ field, language, value, ...labelled }: Asked): Input {
  const offered = wordsOfOptions(field, language)
  if (offered.length > glance) return list(offered, { language, value, ...labelled })
  const chosen = options({ ...labelled, type: 'radio', options: offered, value: [lineOf(value)] })
  return { ...chosen, read: () => (chosen.read() as string[])[0] ?? null }
}

function choices({ field, language, value, ...labelled }: Asked): Input {
  const offered = wordsOfOptions(field, language)
  const before = Array.isArray(value) ? value.map(String) : []
  return options({ ...labelled, type: 'checkbox', options: offered, value: before })
}

function list(
  offered: [string, string][],
  { language, value, ...labelled }: Labelled & { language: Language; value: unknown },
): Input {
  const all: [string, string][] = [['', wordsOf(language).datum.choose], ...offered]
  const made = element('select', { autocomplete: 'off' })
  made.append(...all.map(([option, word]) => element('option', { value: option }, word)))
  made.value = lineOf(value)
  return control(made, labelled)
}

async function code(asked: Asked): Promise<Input> {
  return list(await named(asked.field.type === 'language' ? 'language' : 'country', asked.language), asked)
}

/** Every code that the rule takes, by its name. */
async function named(type: 'country' | 'language', language: Language): Promise<[string, string][]> {
  const codes = (await codesOf(type)) ?? []
  const pairs = codes.map((one): [string, string] => [one, nameOf(language, type, one)])
  return pairs.filter(([one, name]) => one !== name).sort(([, a], [, b]) => a.localeCompare(b, language))
}

const addressParts = ['street', 'house_number', 'addition', 'postal_code', 'city', 'region'] as const
const optionalParts: readonly string[] = ['house_number', 'addition', 'region']

async function address({ language, value, ...labelled }: Asked): Promise<Input> {
  const { datum, optional } = wordsOf(language)
  const held = partsOf(value)
  const countries = await named('country', language)
  const country = list(countries, {
    ...{ language, value: held.country, label: datum.address.country, part: 'country' },
  })
  const rest = addressParts.map((part): [string, Input] => {
    const label = datum.address[part]
    const said = optionalParts.includes(part) ? `${label} (${optional})` : label
    return [part, partLine(held[part], { label: said, part })]
  })
  return group({ country, ...Object.fromEntries(rest) }, labelled, parts => (isBlank(parts) ? null : parts))
}

/** Enough of a card to know it again. */
function card({ language, value, help, ...labelled }: Asked): Input {
  const { card: words } = wordsOf(language).datum
  const held = partsOf(value)
  const brands = [...Object.entries(cardBrands), ['other', words.other] as [string, string]]
  const parts = {
    brand: list(brands, { language, value: held.brand, label: words.brand, part: 'brand' }),
    // No `maxlength`: of a whole number that is pasted here, the first digits would stay.
    last4: partLine(held.last4, { label: words.last4, part: 'last4' }, { inputmode: 'numeric' }),
    expiry: partLine(held.expiry, { label: words.expiry, part: 'expiry' }, { placeholder: words.month }),
  }
  return group(parts, { ...labelled, help: [help, words.why].filter(Boolean).join(' ') }, given => {
    if (isBlank(given)) return null
    // What a payment provider calls it is about the card that was there before.
    const same = given.brand === lineOf(held.brand) && given.last4 === lineOf(held.last4)
    return same && held.token !== undefined ? { ...given, token: held.token } : given
  })
}

function partLine(value: unknown, labelled: Labelled, more: Record<string, string> = {}): Input {
  const made = element('input', { type: 'text', ...typing, ...more })
  made.value = lineOf(value)
  return control(made, labelled)
}

const partsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
