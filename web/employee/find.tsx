import { Button, NativeSelect, Radio, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page, Section } from '../ui/page.tsx'
import { Empty, Failure } from '../ui/states.tsx'
import { checks, useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'

type Found = Reply<'/api/v1/work/searches', 'post'>
export type Card = Found['hits'][number]['shown']

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The masked card of whom the task was opened about. */
    found?: Card
  }
}

const ways = ['phone', 'email', 'number', 'person'] as const
type Way = (typeof ways)[number]

const letters = (name: string) => (name.match(/\p{L}/gu) ?? []).length

/** Finding a customer who calls or writes. What is typed lives in this page alone: it is in no address and no history. */
export function FindPage() {
  const { t } = useWording()
  const [found, setFound] = useState<Found | null>(null)
  return (
    <Page title={t('work.find.page')} lead={t('work.find.lead')}>
      <Search onFound={setFound} />
      <div aria-live="polite">{found === null ? null : <Results found={found} />}</div>
    </Page>
  )
}

function Search({ onFound }: { onFound: (found: Found | null) => void }) {
  const { t } = useWording()
  const first = useRef<HTMLInputElement>(null)
  const [by, setBy] = useState<Way>('phone')
  useEffect(() => first.current?.focus(), [])
  const form = useForm({
    initialValues: { phone: '', email: '', number: '', name: '', birth: '' },
    validate: {
      phone: value => (by === 'phone' ? checks.filled(value) : null),
      email: value => (by === 'email' ? checks.email(value) : null),
      number: value => (by === 'number' ? checks.filled(value) : null),
      name: value => (by === 'person' && letters(value) < 3 ? 'three_letters' : null),
      birth: value => (by === 'person' ? checks.filled(value) : null),
    },
  })
  const { busy, problem, onSubmit, field } = useSubmit(
    form,
    async ({ phone, email, number, name, birth }) => {
      tell(null)
      onFound(null)
      const terms = {
        phone: { by: 'phone', phone },
        email: { by: 'email', email: email.trim() },
        number: { by: 'number', number },
        person: { by: 'person', name, birth },
      } as const
      onFound(await answer(api.POST('/api/v1/work/searches', { body: terms[by] })))
    },
  )
  const choose = (way: Way) => {
    setBy(way)
    form.clearErrors()
  }
  return (
    <form onSubmit={onSubmit} noValidate className="form find" autoComplete="off">
      {problem === null ? null : <Failure error={problem} />}
      <Radio.Group label={t('work.find.by')} value={by} onChange={value => choose(value as Way)} size="md">
        <div className="find-ways">
          {ways.map(way => (
            <Radio
              key={way}
              value={way}
              label={t(`work.find.ways.${way}`)}
              {...(way === 'phone' ? { ref: first } : {})}
            />
          ))}
        </div>
      </Radio.Group>
      {by === 'person' ? (
        <>
          <TextInput label={t('work.find.name')} description={t('work.find.nameHint')} {...field('name')} />
          <TextInput label={t('work.find.birth')} type="date" {...field('birth')} />
        </>
      ) : (
        <TextInput
          key={by}
          label={t(`work.find.${by}`)}
          type={by === 'phone' ? 'tel' : by === 'email' ? 'email' : 'text'}
          {...field(by)}
        />
      )}
      <Button type="submit" loading={busy}>
        {t('work.find.search')}
      </Button>
    </form>
  )
}

function Results({ found: { hits, more, types } }: { found: Found }) {
  const { t } = useWording()
  if (hits.length === 0)
    return (
      <div className="section">
        <Empty title={t('work.find.none')}>{t('work.find.noneText')}</Empty>
      </div>
    )
  return (
    <Section title={t('work.find.found', { count: hits.length })}>
      <p>{t('work.find.foundText')}</p>
      {more ? <p className="strong">{t('work.find.more')}</p> : null}
      <ul className="hits">
        {hits.map((hit, at) => (
          <Hit key={hit.hit} hit={hit} at={at + 1} types={types} />
        ))}
      </ul>
    </Section>
  )
}

function Hit({
  hit: { hit, shown },
  at,
  types,
}: {
  hit: Found['hits'][number]
  at: number
  types: string[]
}) {
  const { t, word } = useWording()
  const questions = useQueryClient()
  const navigate = useNavigate()
  const [type, setType] = useState(types[0]!)
  const open = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/work/tasks', { body: { hit, type } })),
    onSuccess: async ({ id }) => {
      void questions.invalidateQueries({ queryKey: ['tasks'] })
      await navigate({ to: '/tasks/$id', params: { id }, state: before => ({ ...before, found: shown }) })
    },
  })
  const name = shown.name ?? t('work.find.card', { at })
  return (
    <li className="hit">
      <MaskedCard card={shown} />
      {open.isError ? <Failure error={open.error} /> : null}
      <div className="hit-act">
        <NativeSelect
          label={t('work.find.type')}
          value={type}
          onChange={event => setType(event.currentTarget.value)}
          data={types.map(value => ({ value, label: word('taskType', value) }))}
        />
        <Button
          loading={open.isPending}
          onClick={() => open.mutate()}
          aria-label={t('work.find.openFor', { name })}
        >
          {t('work.find.open')}
        </Button>
      </div>
    </li>
  )
}

/** What helps to recognise whom one is talking to. */
export function MaskedCard({ card }: { card: Card }) {
  const { t, word } = useWording()
  return (
    <dl className="card-masked">
      {(['name', 'phone', 'email'] as const).map(field => (
        <div key={field}>
          <dt>{word('field', field)}</dt>
          <dd {...(card[field] === undefined ? { className: 'dimmed' } : {})}>
            {card[field] ?? t('work.find.unknown')}
          </dd>
        </div>
      ))}
    </dl>
  )
}
