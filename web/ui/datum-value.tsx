import { useEffect, useState } from 'react'
import { cardBrands } from './card-brand.ts'
import type { CatalogueField } from './catalogue.ts'
import { type Address, addressLines } from './datum.ts'
import { textOf, useWording } from './wording.ts'

interface Held {
  /** Undefined for what the catalogue does not know: it is shown as it is kept. */
  field: CatalogueField | undefined
  value: unknown
}

/** A value in the words of whoever reads it; an address in the lines of its country's post. */
export function DatumValue({ field, value }: Held) {
  const text = useDatumText()
  if (field?.type !== 'postal_address' || !isAddress(value)) return text(field, value)
  return <AddressLines address={value} plainly={text(field, value)} />
}

/** Plainly until it is known how that post reads them, and where it is not. */
function AddressLines({ address, plainly }: { address: Address; plainly: string }) {
  const { language } = useWording()
  const [lines, setLines] = useState<string[] | null>(null)
  useEffect(() => void addressLines(address, language).then(setLines), [address, language])
  return lines?.join('\n') ?? plainly
}

/** The same as text alone, for a line. */
export function useDatumText(): (field: CatalogueField | undefined, value: unknown) => string {
  const wording = useWording()
  return (field, value) => {
    const say = says[field?.type ?? '']
    return (field === undefined ? undefined : say?.(value, field, wording)) ?? textOf(value)
  }
}

type Wording = ReturnType<typeof useWording>
type Say = (value: unknown, field: CatalogueField, wording: Wording) => string | undefined

const ifText = (value: unknown, say: (text: string) => string): string | undefined =>
  typeof value === 'string' ? say(value) : undefined

const date: Say = (value, _field, wording) =>
  ifText(value, text => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? wording.date(text) : text))

const optionWord = (option: unknown, field: CatalogueField, { language }: Wording): string =>
  field.option_labels[String(option)]?.[language] ?? String(option)

/** How a value of each type is said. A value that is not of the type's shape is left as it is kept. */
const says: Partial<Record<string, Say>> = {
  date,
  birth_date: date,
  integer: (value, _field, { decimal }) => (typeof value === 'number' ? decimal(String(value)) : undefined),
  decimal: (value, _field, { decimal }) => ifText(value, text => (isDecimal(text) ? decimal(text) : text)),
  boolean: (value, _field, { t }) => (typeof value === 'boolean' ? t(value ? 'yes' : 'no') : undefined),
  choice: optionWord,
  choices: (value, field, wording) =>
    Array.isArray(value) ? wording.list(value.map(option => optionWord(option, field, wording))) : undefined,
  country: (value, _field, { nameOf }) => ifText(value, code => nameOf('country', code)),
  language: (value, _field, { nameOf }) => ifText(value, code => nameOf('language', code)),
  postal_address: (value, _field, wording) => (isAddress(value) ? plainAddress(value, wording) : undefined),
  card_reference: (value, _field, { t }) =>
    isAddress(value) ? cardLine(value, t('datum.card.other')) : undefined,
}

/** As it is printed on receipts. */
function cardLine({ brand = '', last4, expiry }: Record<string, string>, other: string): string {
  const [year = '', month = ''] = (expiry ?? '').split('-')
  return `${cardBrands[brand] ?? other} •••• ${last4}, ${month}/${year.slice(2)}`
}

const isDecimal = (text: string) => /^-?\d+(\.\d+)?$/.test(text)

/** Whether this is the parts of an address, or of another value that has only texts in it. */
export const isAddress = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every(part => typeof part === 'string')

/** An address in lines, in the order of most posts. */
export function plainAddress(address: Address, { nameOf }: Wording): string {
  const { street, house_number, addition, postal_code, city, region, country } = address
  const lines = [
    [street, house_number],
    [addition],
    [postal_code, city, region],
    [country === undefined ? undefined : nameOf('country', country)],
  ]
  return lines
    .map(line => line.filter(Boolean).join(' '))
    .filter(line => line !== '')
    .join('\n')
}
