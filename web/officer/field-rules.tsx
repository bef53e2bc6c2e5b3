import { Checkbox, Radio, TextInput } from '@mantine/core'
import {
  compartmentsFor,
  inOrder,
  mayBeMarked,
  type Purpose,
  sealedPurpose,
  withCompartment,
  withMark,
} from './field-draft.ts'
import { Optional, Part, type PartProps, put } from './field-parts.tsx'
import { useFieldWording } from './field-wording.ts'

/** With what a field of the company's own is sealed: decided once. */
export function SealingPart({ form, input }: PartProps) {
  const { t, compartmentName } = useFieldWording()
  const { after, type, compartment } = form.values
  if (after > 0) return null
  return (
    <Part title={t('office.fields.part.sealing')}>
      <RadioSet
        {...{ form, input, name: 'compartment', label: t('office.fields.sealed') }}
        onChange={value => put(form, withCompartment(form.values, value))}
        options={compartmentsFor(type).map(value => ({
          ...{ value, label: compartmentName(value), text: t(`office.fields.sealedText.${value}`) },
        }))}
      />
      <p className="caption">
        {sealedPurpose(compartment) === undefined ? null : `${t('office.fields.sealedInBrowser')} `}
        {t('office.fields.stays')}
      </p>
    </Part>
  )
}

/** What it is for, and how long it is kept. */
export function PurposePart({ form, input }: PartProps) {
  const { t, word } = useFieldWording()
  const { error } = input('purposes')
  const only = sealedPurpose(form.values.compartment)
  return (
    <Part title={t('office.fields.part.why')}>
      {only === undefined ? (
        <Checkbox.Group
          size="md"
          label={t('office.fields.purposes.name')}
          description={t('office.fields.purposes.text')}
          value={form.values.purposes}
          onChange={chosen => form.setFieldValue('purposes', inOrder(chosen as Purpose[]))}
          error={error}
        >
          {(['service', 'offers'] as const).map((purpose, index) => (
            <Checkbox
              key={purpose}
              value={purpose}
              mt="xs"
              {...(index === 0 ? { name: 'purposes' } : {})}
              label={word('purpose', purpose)}
              description={t(`office.fields.purposes.${purpose}`)}
              aria-invalid={error === undefined ? undefined : true}
            />
          ))}
        </Checkbox.Group>
      ) : (
        <p>{t('office.fields.purposes.only', { purpose: word('purpose', only) })}</p>
      )}
      <p className="caption">{t('office.fields.retention.text')}</p>
      <TextInput
        label={<Optional name={t('office.fields.retention.name')} />}
        description={t('office.fields.retention.months')}
        inputMode="numeric"
        autoComplete="off"
        className="short"
        {...input('retention_months')}
      />
    </Part>
  )
}

/** When it is asked, and whether somebody can join without it. */
export function AskingPart({ form, input }: PartProps) {
  const { t } = useFieldWording()
  const { sealed } = form.values
  const times = sealed ? (['portal', 'no'] as const) : (['joining', 'portal', 'no'] as const)
  return (
    <Part title={t('office.fields.part.asking')}>
      <RadioSet
        {...{ form, input, name: 'asked', label: t('office.fields.asked.name') }}
        options={times.map(value => ({
          ...{ value, label: t(`office.fields.asked.${value}`), text: t(`office.fields.asked.${value}Text`) },
        }))}
      />
      {sealed ? <p className="caption">{t('office.fields.asked.sealed')}</p> : null}
      {form.values.asked === 'joining' ? (
        <Checkbox
          name="required"
          label={t('office.fields.required.name')}
          description={t('office.fields.required.text')}
          checked={form.values.required}
          onChange={event => form.setFieldValue('required', event.currentTarget.checked)}
        />
      ) : null}
    </Part>
  )
}

/** Who may change it, how certain we must be who they are, and how it is looked after. */
export function CarePart({ form, input, editorFixed }: PartProps & { editorFixed: boolean }) {
  const { t } = useFieldWording()
  return (
    <Part title={t('office.fields.part.care')}>
      {editorFixed || (form.values.sealed && mayBeMarked(form.values)) ? null : (
        <RadioSet
          {...{ form, input, name: 'editor', label: t('office.fields.editor.name') }}
          options={(['customer', 'approval', 'company'] as const).map(value => ({
            ...{ value, label: t(`office.fields.editor.${value}`) },
            text: t(`office.fields.editor.${value}Text`),
          }))}
        />
      )}
      <RadioSet
        {...{ form, input, name: 'level', label: t('office.fields.level.name') }}
        options={(['0', '1', '2', '3'] as const).map(value => ({
          ...{ value, label: t(`office.fields.level.${value}`), text: t(`office.fields.level.${value}Text`) },
        }))}
      />
      <Checkbox
        name="sensitive"
        label={t('office.fields.sensitive.name')}
        description={t('office.fields.sensitive.text')}
        checked={form.values.sensitive}
        onChange={event => form.setFieldValue('sensitive', event.currentTarget.checked)}
      />
      {mayBeMarked(form.values) ? (
        <Checkbox
          name="sealed"
          label={t('office.fields.mark.name')}
          description={t('office.fields.mark.text')}
          checked={form.values.sealed}
          onChange={event => put(form, withMark(form.values, event.currentTarget.checked))}
          error={input('sealed').error}
        />
      ) : null}
      <TextInput
        label={<Optional name={t('office.fields.reconfirm.name')} />}
        description={t('office.fields.reconfirm.text')}
        inputMode="numeric"
        autoComplete="off"
        className="short"
        {...input('reconfirm_days')}
      />
    </Part>
  )
}

/** One of a few, each with what follows from it. */
function RadioSet({
  form,
  input,
  name,
  label,
  options,
  onChange = value => form.setFieldValue(name, value),
}: PartProps & {
  name: 'compartment' | 'asked' | 'editor' | 'level'
  label: string
  options: { value: string; label: string; text: string }[]
  onChange?: (value: string) => void
}) {
  return (
    <Radio.Group
      size="md"
      name={name}
      label={label}
      value={form.values[name]}
      onChange={onChange}
      error={input(name).error}
    >
      {options.map(option => (
        <Radio
          key={option.value}
          value={option.value}
          mt="xs"
          label={option.label}
          description={option.text}
        />
      ))}
    </Radio.Group>
  )
}
