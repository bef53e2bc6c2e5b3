import { NativeSelect, Textarea, TextInput, type TextInputProps } from '@mantine/core'
import { type ReactNode, type SyntheticEvent, useEffect, useState } from 'react'
import { AddressInput } from './address-input.tsx'
import { CardInput } from './card-input.tsx'
import { CardOffer } from './card-offer.tsx'
import { type CatalogueField, isCovered } from './catalogue.ts'
import { CodeInput } from './code-input.tsx'
import { loadRules, optionsOf } from './datum.ts'
import { OneOf, SomeOf } from './option-group.tsx'
import { useWording } from './wording.ts'

/** What a form gives to the input of a field: `useSubmit(…).datum(name)`. */
export interface DatumInput {
  /** By which the input is found when it is to have the focus. */
  name: string
  value: unknown
  /** What is wrong, by the part of the value it is about: '' is the value itself. */
  faults: Record<string, string>
  onChange: (value: unknown, part?: string) => void
}

/** What every kind of input shows of its field, in the reader's language. */
export interface Shown {
  label: string
  description: string | undefined
  error: string | undefined
  required: boolean
  withAsterisk: false
}

export interface InputProps extends DatumInput {
  field: CatalogueField
  shown: Shown
}

/**
 * The input for a field of the catalogue, by its type. Its value is what the field's rule takes, and null for nothing;
 * `help` stands where the company has written none.
 */
export function DatumField({ field, help, ...input }: { field: CatalogueField; help?: string } & DatumInput) {
  const { language, t } = useWording()
  const limits = useLimits(field)
  const faultWord = useFaultWord()
  // On the way while somebody types, so that sending does not wait for them.
  useEffect(() => void loadRules().catch(() => {}), [])
  const fault = input.faults['']
  const label = field.label[language]
  const description = [field.help?.[language] ?? help, limits].filter(Boolean).join(' ')
  const Input = inputs[field.type ?? ''] ?? LineInput
  return (
    <>
      <Input
        {...input}
        field={field}
        shown={{
          label: field.required ? label : `${label} (${t('optional')})`,
          description: description === '' ? undefined : description,
          error: fault === undefined ? undefined : faultWord(fault, field.type),
          ...{ required: field.required, withAsterisk: false },
        }}
      />
      <CardOffer fault={fault} name={input.name} text={input.value} onChange={text => input.onChange(text)} />
    </>
  )
}

/** Puts a fault into a sentence that says how to mend it. */
export function useFaultWord() {
  const { word } = useWording()
  return (fault: string, type: string | null = null): string => {
    // A browser's own input for dates takes no spelling that one could be told.
    const said = fault === 'date' && isDate(type) ? 'date_input' : fault
    return word('fault', said, word('fault', 'invalid'))
  }
}

const isDate = (type: string | null) => type === 'date' || type === 'birth_date'

/** Which numbers are taken, where not all are. */
function useLimits({ type, options }: CatalogueField): string | undefined {
  const { t, decimal } = useWording()
  if (type !== 'integer' && type !== 'decimal') return undefined
  const said = (limit: unknown) => decimal(String(limit))
  const { least, most } = options
  if (least === undefined && most === undefined) return undefined
  if (most === undefined) return t('datum.least', { least: said(least) })
  if (least === undefined) return t('datum.most', { most: said(most) })
  return t('datum.between', { least: said(least), most: said(most) })
}

const inputs: Partial<Record<string, (props: InputProps) => ReactNode>> = {
  text: TextLines,
  date: DateInput,
  birth_date: DateInput,
  boolean: YesOrNo,
  choice: Choice,
  choices: Choices,
  country: Code,
  language: Code,
  postal_address: AddressInput,
  card_reference: CardInput,
}

const personalCode: TextInputProps = { autoComplete: 'off', autoCapitalize: 'characters', spellCheck: false }

/** How a line is typed, by the type of its field. */
const typing: Partial<Record<string, TextInputProps>> = {
  name: { autoComplete: 'name' },
  email: { type: 'email', autoComplete: 'email' },
  phone: { type: 'tel', autoComplete: 'tel' },
  integer: { inputMode: 'numeric', autoComplete: 'off' },
  decimal: { inputMode: 'decimal', autoComplete: 'off' },
  codice_fiscale: personalCode,
  partita_iva: { ...personalCode, inputMode: 'numeric' },
  national_id: personalCode,
  tax_id: personalCode,
  iban: personalCode,
}

const lineOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

function LineInput({ field, shown, name, value, onChange }: InputProps) {
  const signed = isBelowZero(field.options.least)
  return (
    <TextInput
      {...shown}
      {...typing[field.type ?? '']}
      // Of the company's own, nothing says that it is about whoever fills it in.
      {...(field.own ? { autoComplete: 'off' } : {})}
      {...(isCovered(field) ? keptHere : {})}
      // The keys for digits have no minus on many phones.
      {...(signed ? { inputMode: 'text' as const } : {})}
      name={name}
      value={lineOf(value)}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

const isBelowZero = (least: unknown): boolean => Number(least ?? 0) < 0

/** Some browsers have their spelling checked elsewhere, and offer later what was typed once. */
const keptHere = { spellCheck: false, autoComplete: 'off' }

function TextLines({ field, shown, name, value, onChange }: InputProps) {
  return (
    <Textarea
      {...shown}
      {...(isCovered(field) ? keptHere : {})}
      name={name}
      autosize
      minRows={3}
      value={lineOf(value)}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

/** What the form holds of a date that is begun: no rule takes it, so that nobody believes it was sent. */
const unfinished = 'unfinished'

/** The browser keeps what is typed; it gives no value before the date is whole. */
function DateInput({ field, shown, name, value, onChange }: InputProps) {
  const [begun] = useState(value === unfinished ? '' : lineOf(value))
  const told = ({ currentTarget }: SyntheticEvent<HTMLInputElement>) => {
    const typed = currentTarget.validity.badInput ? unfinished : currentTarget.value
    // Whoever only passes by has mended nothing.
    if (typed !== lineOf(value)) onChange(typed)
  }
  return (
    <TextInput
      {...shown}
      type="date"
      {...(field.code === 'birth_date' ? { autoComplete: 'bday' } : {})}
      name={name}
      className="datum-date"
      defaultValue={begun}
      onChange={told}
      onBlur={told}
      onKeyDown={event => (event.key === 'Enter' ? told(event) : undefined)}
    />
  )
}

function YesOrNo({ field, shown, name, value, onChange }: InputProps) {
  const { t } = useWording()
  const words = { yes: t('yes'), no: t('no') }
  return (
    <OneOf
      {...{ shown, name, words }}
      clearable={!field.required}
      value={value === true ? 'yes' : value === false ? 'no' : null}
      onChange={chosen => onChange(chosen === null ? null : chosen === 'yes')}
    />
  )
}

/** The words of the options in the reader's language, in the order of the options. */
function useOptionWords(field: CatalogueField): Record<string, string> {
  const { language } = useWording()
  return Object.fromEntries(
    optionsOf(field).map(option => [option, field.option_labels[option]?.[language] ?? option]),
  )
}

/** As many as are seen at a glance stand side by side, more go into a list. */
const glance = 5

function Choice({ field, shown, name, value, onChange }: InputProps) {
  const { t } = useWording()
  const words = useOptionWords(field)
  const chosen = lineOf(value)
  if (Object.keys(words).length <= glance) {
    return (
      <OneOf
        {...{ shown, name, words }}
        clearable={!field.required}
        value={chosen === '' ? null : chosen}
        onChange={onChange}
      />
    )
  }
  return (
    <NativeSelect
      {...shown}
      name={name}
      value={chosen}
      onChange={event => onChange(event.currentTarget.value || null)}
      data={[
        { value: '', label: t('datum.choose') },
        ...Object.entries(words).map(([option, label]) => ({ value: option, label })),
      ]}
    />
  )
}

function Choices({ field, shown, name, value, onChange }: InputProps) {
  const words = useOptionWords(field)
  return (
    <SomeOf {...{ shown, name, words, onChange }} value={Array.isArray(value) ? value.map(String) : []} />
  )
}

function Code({ field, shown, name, value, onChange }: InputProps) {
  return (
    <CodeInput
      {...{ shown, name, onChange }}
      type={field.type === 'language' ? 'language' : 'country'}
      value={lineOf(value)}
    />
  )
}
