import { Button, Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import type { Basis } from './law.tsx'

const fields = [
  ...(['number', 'issued_on', 'buyer_name', 'buyer_address', 'buyer_tax_code'] as const),
  ...(['buyer_vat_number', 'goods', 'vat_rate'] as const),
]
const texts = ['name', 'law', 'why'] as const

interface Values {
  code: string
  name_en: string
  name_it: string
  law_en: string
  law_it: string
  why_en: string
  why_it: string
  fields: string[]
  years: number | string
  counts_from: 'issue' | 'year_end'
}

/** Proposing a basis, or another version of one from what it says now. */
export function LawWriting({ basis, onDone }: { basis: Basis | null; onDone: () => void }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const heading = useId()
  const from = basis?.now ?? null
  const form = useForm<Values>({
    initialValues: {
      ...{ code: basis?.code ?? '', name_en: from?.name.en ?? '', name_it: from?.name.it ?? '' },
      ...{ law_en: from?.law.en ?? '', law_it: from?.law.it ?? '' },
      ...{ why_en: from?.why.en ?? '', why_it: from?.why.it ?? '' },
      ...{ fields: from?.fields ?? ['number', 'issued_on'], years: from?.years ?? 10 },
      counts_from: from?.counts_from ?? 'issue',
    },
    validate: {
      ...{ code: checks.filled, name_en: checks.filled, name_it: checks.filled },
      ...{ law_en: checks.filled, law_it: checks.filled, why_en: checks.filled, why_it: checks.filled },
      fields: chosen => (chosen.length === 0 ? 'required' : null),
      years: years => (typeof years === 'number' ? null : 'required'),
    },
  })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values => {
    tell(null)
    const both = (what: (typeof texts)[number]) => ({
      en: values[`${what}_en`].trim(),
      it: values[`${what}_it`].trim(),
    })
    await answer(
      api.POST('/api/v1/office/bases', {
        body: {
          ...{ code: values.code.trim(), after: basis?.newest ?? 0, years: Number(values.years) },
          ...{ name: both('name'), law: both('law'), why: both('why') },
          fields: fields.filter(one => values.fields.includes(one)),
          ...{ counts_from: values.counts_from, readers: ['invoice_question'] },
        },
      }),
    )
    tell(t('office.law.proposed'))
    await questions.invalidateQueries({ queryKey: ['bases'] })
    onDone()
  })
  return (
    <section className="card law-card" aria-labelledby={heading}>
      <h3 id={heading}>{t(basis === null ? 'office.law.add' : 'office.law.change')}</h3>
      <form onSubmit={onSubmit} noValidate className="form">
        {problem === null ? null : <Failure error={problem} />}
        {basis === null ? (
          <TextInput
            label={t('office.law.code')}
            description={t('office.law.codeText')}
            autoComplete="off"
            {...field('code')}
          />
        ) : null}
        {texts.flatMap(what => [
          <TextInput
            key={`${what}_it`}
            label={t('office.law.italian', { what: t(`office.law.${what}`) })}
            lang="it"
            autoComplete="off"
            {...field(`${what}_it`)}
          />,
          <TextInput
            key={`${what}_en`}
            label={t('office.law.english', { what: t(`office.law.${what}`) })}
            lang="en"
            autoComplete="off"
            {...field(`${what}_en`)}
          />,
        ])}
        <Checkbox.Group
          label={t('office.law.fields')}
          value={form.values.fields}
          onChange={chosen => form.setFieldValue('fields', chosen)}
          error={form.errors.fields === undefined ? undefined : t('office.law.required')}
        >
          {fields.map(one => (
            <Checkbox key={one} value={one} label={t(`document.field.${one}`)} mt="xs" />
          ))}
        </Checkbox.Group>
        <NumberInput
          label={t('office.law.yearsLabel')}
          min={1}
          max={30}
          allowDecimal={false}
          {...field('years')}
        />
        <NativeSelect
          label={t('office.law.fromLabel')}
          data={(['year_end', 'issue'] as const).map(value => ({
            value,
            label: t(`office.law.from.${value}`),
          }))}
          {...field('counts_from')}
        />
        <div className="row">
          <Button type="submit" loading={busy}>
            {t('office.law.propose')}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    </section>
  )
}
