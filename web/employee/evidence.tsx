import { Button, NativeSelect, Radio, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { Answered, Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import type { Reading, Task } from './task.tsx'

type Values = Reading['values']
type Noted = NonNullable<Reply<'/api/v1/work/tasks/{id}/evidence'>['noted']>

const kinds = ['passport', 'identity_card', 'driving_licence', 'residence_permit'] as const
type Kind = (typeof kinds)[number]

/** The document of a check of identity: to be written down by the first employee, to be confirmed by a second. */
export function Evidence({ task, values }: { task: Task; values: Values }) {
  const noted = useQuery({
    queryKey: ['task', task.id, 'evidence'],
    queryFn: () => answer(api.GET('/api/v1/work/tasks/{id}/evidence', { params: { path: { id: task.id } } })),
  })
  return (
    <Answered query={noted}>
      {data =>
        data.noted === null ? (
          <Noting task={task} values={values} />
        ) : (
          <Confirming task={task} values={values} noted={data.noted} />
        )
      }
    </Answered>
  )
}

/** After the task has left my hands the list is asked for anew and what I saw is forgotten here. */
function useLeaving(id: string) {
  const questions = useQueryClient()
  const navigate = useNavigate()
  return async (said: string): Promise<void> => {
    questions.removeQueries({ queryKey: ['task', id] })
    void questions.invalidateQueries({ queryKey: ['tasks'] })
    tell(said)
    await navigate({ to: '/', search: { state: 'open' } })
  }
}

interface Compared {
  says: 'same' | 'other' | 'absent'
  other: string
}

function Noting({ task, values }: { task: Task; values: Values }) {
  const { t, word } = useWording()
  const leave = useLeaving(task.id)
  const [kind, setKind] = useState<Kind>('passport')
  const [country, setCountry] = useState('')
  const [expires, setExpires] = useState('')
  const fields = task.fields.filter(field => typeof values[field]?.value === 'string')
  const [compared, setCompared] = useState<Record<string, Compared>>({})
  const [checked, setChecked] = useState(false)
  const of = (field: string): Compared => compared[field] ?? { says: 'absent', other: '' }
  const compare = (field: string, part: Partial<Compared>) =>
    setCompared(all => ({ ...all, [field]: { ...(all[field] ?? { says: 'absent', other: '' }), ...part } }))
  const faults = {
    country: /^[A-Za-z]{2}$/.test(country.trim()) ? null : t('work.evidence.countryFault'),
    expires:
      /^\d{4}$/.test(expires.trim()) && Number(expires) >= new Date().getFullYear()
        ? null
        : t('work.evidence.yearFault'),
    name: of('name').says === 'same' ? null : t('work.evidence.name'),
    other: (field: string) =>
      of(field).says === 'other' && of(field).other.trim() === '' ? t('work.evidence.saysFault') : null,
  }
  const note = useOnce({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/work/tasks/{id}/evidence', {
          params: { path: { id: task.id } },
          body: {
            document: { kind, country: country.trim().toUpperCase(), expires: Number(expires) },
            supports: fields.filter(field => of(field).says === 'same'),
            differs: fields
              .filter(field => of(field).says === 'other')
              .map(field => ({ field, value: of(field).other.trim() })),
          },
        }),
      ),
    onSuccess: () => leave(t('work.evidence.noted')),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    const all = [faults.country, faults.expires, faults.name, ...fields.map(faults.other)]
    if (all.every(fault => fault === null)) note.mutate()
  }
  const shown = (fault: string | null) => (checked ? fault : null)
  return (
    <Section title={t('work.evidence.title')}>
      <form className="form" onSubmit={send} noValidate>
        <p>{t('work.evidence.lead')}</p>
        {note.isError ? <Failure error={note.error} /> : null}
        <NativeSelect
          label={t('work.evidence.kind')}
          value={kind}
          onChange={event => setKind(kinds.find(one => one === event.currentTarget.value) ?? 'passport')}
          data={kinds.map(one => ({ value: one, label: t(`work.evidence.kinds.${one}`) }))}
        />
        <TextInput
          label={t('work.evidence.country')}
          value={country}
          maxLength={2}
          onChange={event => setCountry(event.currentTarget.value)}
          error={shown(faults.country)}
        />
        <TextInput
          label={t('work.evidence.expires')}
          value={expires}
          inputMode="numeric"
          maxLength={4}
          onChange={event => setExpires(event.currentTarget.value)}
          error={shown(faults.expires)}
        />
        {fields.map(field => (
          <div key={field}>
            <Radio.Group
              label={`${t('work.evidence.compare')} ${word('field', field)}`}
              value={of(field).says}
              onChange={says => compare(field, { says: says as Compared['says'] })}
              error={field === 'name' ? shown(faults.name) : null}
            >
              {(['same', 'other', 'absent'] as const).map(says => (
                <Radio key={says} value={says} label={t(`work.evidence.${says}`)} mt="xs" />
              ))}
            </Radio.Group>
            {of(field).says === 'other' ? (
              <TextInput
                mt="xs"
                label={t('work.evidence.says', { field: word('field', field) })}
                value={of(field).other}
                onChange={event => compare(field, { other: event.currentTarget.value })}
                error={shown(faults.other(field))}
              />
            ) : null}
          </div>
        ))}
        <Button type="submit" loading={note.isPending}>
          {t('work.evidence.note')}
        </Button>
      </form>
    </Section>
  )
}

function Confirming({ task, values, noted }: { task: Task; values: Values; noted: Noted }) {
  const { t, words, moment, nameOf } = useWording()
  const leave = useLeaving(task.id)
  const document = noted.fields.map(field => values[field]?.awaiting?.document).find(one => one != null)
  const kind = kinds.find(one => one === document?.kind)
  const confirm = useOnce({
    mutationFn: (agrees: boolean) =>
      answer(
        api.POST('/api/v1/work/tasks/{id}/evidence-confirmations', {
          params: { path: { id: task.id } },
          body: { agrees },
        }),
      ),
    onSuccess: (_answer, agrees) => leave(t(agrees ? 'work.evidence.agreed' : 'work.evidence.disagreed')),
  })
  return (
    <Section title={t('work.evidence.secondTitle')}>
      <p>
        {t('work.evidence.secondLead', { when: moment(noted.seen_at), fields: words('field', noted.fields) })}
      </p>
      {document == null || kind === undefined ? null : (
        <p className="strong">
          {t('work.evidence.seen', {
            kind: t(`work.evidence.kinds.${kind}`),
            country: nameOf('country', document.country),
            year: document.expires,
          })}
        </p>
      )}
      {confirm.isError ? <Failure error={confirm.error} /> : null}
      <div className="row">
        <Button loading={confirm.isPending} onClick={() => confirm.mutate(true)}>
          {t('work.evidence.agree')}
        </Button>
        <Button variant="default" loading={confirm.isPending} onClick={() => confirm.mutate(false)}>
          {t('work.evidence.disagree')}
        </Button>
      </div>
    </Section>
  )
}
