import { NativeSelect, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useCompany } from '../ui/company.ts'
import { countriesOf } from '../ui/datum.ts'
import { Choices } from './field-choices.tsx'
import {
  type FieldDraft,
  follows,
  type OptionName,
  optionsOfType,
  proposedCode,
  withType,
} from './field-draft.ts'
import { useFieldWording } from './field-wording.ts'

/** What every part of the form is given: the form, and the props of one of its fields with its fault in words. */
export interface PartProps {
  form: UseFormReturnType<FieldDraft>
  input: (name: keyof FieldDraft & string) => ReturnType<UseFormReturnType<FieldDraft>['getInputProps']> & {
    name: string
    error: ReactNode
  }
}

/** Puts several values into the form at once; only their own faults go. */
export function put(form: PartProps['form'], values: Partial<FieldDraft>): void {
  for (const [name, value] of Object.entries(values)) form.setFieldValue(name as keyof FieldDraft, value)
}

/** A part of the form under a heading of its own. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card part">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** What it is called: the name in both languages, the code that follows from it, and the help. */
export function NamingPart({ form, input }: PartProps) {
  const { t } = useFieldWording()
  const isNew = form.values.after === 0
  const english = input('label_en')
  const italian = input('label_it')
  // It is about both names, and said once.
  const both = form.errors.label_it === 'security_code' && form.errors.label_en === 'security_code'
  const nameInEnglish = (text: string) => {
    const { code, label_en } = form.values
    if (isNew && follows(code, label_en, proposedCode)) form.setFieldValue('code', proposedCode(text))
    form.setFieldValue('label_en', text)
  }
  return (
    <Part title={t('office.fields.part.naming')}>
      <div className="pair">
        <TextInput
          label={t('office.fields.label.it')}
          description={t('office.fields.label.text')}
          autoComplete="off"
          lang="it"
          {...italian}
          error={both ? true : italian.error}
        />
        <TextInput
          label={t('office.fields.label.en')}
          description={t('office.fields.label.text')}
          autoComplete="off"
          lang="en"
          {...english}
          error={both ? true : english.error}
          onChange={event => nameInEnglish(event.currentTarget.value)}
        />
      </div>
      {both ? (
        <p className="fault" role="alert">
          {italian.error}
        </p>
      ) : null}
      {isNew ? (
        <TextInput
          label={t('office.fields.code')}
          description={t('office.fields.codeText')}
          autoComplete="off"
          spellCheck={false}
          className="code-text"
          {...input('code')}
        />
      ) : null}
      <div className="pair">
        <TextInput
          label={<Optional name={t('office.fields.help.it')} />}
          description={t('office.fields.help.text')}
          autoComplete="off"
          lang="it"
          {...input('help_it')}
        />
        <TextInput
          label={<Optional name={t('office.fields.help.en')} />}
          description={t('office.fields.help.text')}
          autoComplete="off"
          lang="en"
          {...input('help_en')}
        />
      </div>
    </Part>
  )
}

export function Optional({ name }: { name: string }) {
  const { t } = useFieldWording()
  return (
    <>
      {name} ({t('optional')})
    </>
  )
}

const groups = [
  ['texts', ['line', 'text']],
  ['options', ['boolean', 'choice', 'choices']],
  ['numbers', ['integer', 'decimal']],
  ['days', ['date', 'birth_date']],
  ['people', ['name', 'email', 'phone', 'postal_address', 'country', 'language']],
  ['documents', ['codice_fiscale', 'partita_iva', 'national_id', 'tax_id']],
  ['payment', ['iban', 'card_reference', 'card_number']],
] as const

/** What may be answered: the type, as long as it is open, and what the type leaves open. */
export function KindPart({ form, input }: PartProps) {
  const { t, typeName, typeText } = useFieldWording()
  const { type, after } = form.values
  const options = optionsOfType(type)
  const wholeCards = useCompany().data?.card_numbers === true
  const offered = (one: string) => one !== 'card_number' || wholeCards
  if (after > 0 && options.length === 0) return null
  return (
    <Part title={t('office.fields.part.kind')}>
      {after > 0 ? null : (
        <NativeSelect
          label={t('office.fields.typeLabel')}
          description={typeText(type)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          {...input('type')}
          onChange={event => put(form, withType(form.values, event.currentTarget.value))}
        >
          {groups.map(([group, types]) => (
            <optgroup key={group} label={t(`office.fields.group.${group}`)}>
              {types.filter(offered).map(one => (
                <option key={one} value={one}>
                  {typeName(one)}
                </option>
              ))}
            </optgroup>
          ))}
        </NativeSelect>
      )}
      {options.length === 0 ? null : (
        <div className={options.length > 1 ? 'limits' : undefined}>
          {options.map(option => (
            <Option key={option} option={option} form={form} input={input} />
          ))}
        </div>
      )}
      {after > 0 || wholeCards ? null : <p className="caption">{t('office.fields.noCardNumber')}</p>}
    </Part>
  )
}

function Option({ option, form, input }: PartProps & { option: OptionName }) {
  const { t } = useFieldWording()
  const { type, choices } = form.values
  if (option === 'country') return <CountryInput form={form} input={input} />
  if (option === 'choices') {
    const fault = form.errors.choices
    return (
      <Choices
        choices={choices}
        onChange={next => form.setFieldValue('choices', next)}
        error={typeof fault === 'string' ? fault : undefined}
      />
    )
  }
  const [label, description] =
    option === 'longest'
      ? [t('office.fields.longest.name'), t(`office.fields.longest.${type === 'text' ? 'text' : 'line'}`)]
      : option === 'places'
        ? [t('office.fields.places.name'), t('office.fields.places.text')]
        : [t(`office.fields.${option}`), t('office.fields.limitText')]
  return (
    <TextInput
      label={label}
      description={description}
      inputMode={type === 'decimal' ? 'decimal' : 'numeric'}
      autoComplete="off"
      className="short"
      {...input(option)}
    />
  )
}

/** The countries whose numbers the server knows, by their names in the reader's language. */
function CountryInput({ form, input }: PartProps) {
  const { t, language, nameOf } = useFieldWording()
  const { type } = form.values
  const known = useQuery({
    queryKey: ['countries', type],
    queryFn: () => countriesOf(type),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const countries = (known.data ?? [form.values.country].filter(code => code !== ''))
    .map(code => ({ value: code, label: nameOf('country', code) }))
    .sort((one, other) => one.label.localeCompare(other.label, language))
  const usual = type === 'phone' ? nameOf('country', 'IT') : t('office.fields.country.pick')
  return (
    <NativeSelect
      label={t(
        `office.fields.country.${type === 'phone' ? 'phone' : type === 'tax_id' ? 'tax_id' : 'national_id'}`,
      )}
      data={[{ value: '', label: usual }, ...countries.filter(one => type !== 'phone' || one.value !== 'IT')]}
      {...input('country')}
    />
  )
}
