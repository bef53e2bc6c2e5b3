import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, asProblem } from '../ui/api.ts'
import { Moment } from '../ui/moment.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Failure, Waiting } from '../ui/states.tsx'
import { checks, useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import { DocumentsByLink } from './documents.tsx'

interface Steps {
  t0: string
  t1: string | null
  t2: { at: string | null; waits: { id: string; kind: string; until: string | null }[] } | null
  epoch: number | null
  custodians: { id: string; kind: string; state: string; at: string; statement?: string | undefined }[]
  slots: number
}

/** For who holds the link of a receipt, signed in or not: how far the destruction is. */
export function DestructionPage() {
  const { t } = useWording()
  const [link, setLink] = useState(() => window.location.hash.slice(1))
  const form = useForm({ initialValues: { link }, validate: { link: checks.filled } })
  const { onSubmit, field } = useSubmit(form, async values => setLink(values.link.trim().replace(/^.*#/, '')))
  return (
    <Page title={t('portal.destruction.title')} lead={t('portal.destruction.lead')}>
      <form onSubmit={onSubmit} noValidate className="form">
        <TextInput
          label={t('portal.destruction.link')}
          autoComplete="off"
          spellCheck={false}
          {...field('link')}
        />
        <Button type="submit">{t('portal.destruction.look')}</Button>
      </form>
      {link === '' ? null : <Found link={link} />}
    </Page>
  )
}

function Found({ link }: { link: string }) {
  const { t } = useWording()
  const steps = useQuery({
    queryKey: ['destruction', link],
    queryFn: () => answer(api.POST('/api/v1/destruction-views', { body: { link } })),
  })
  if (steps.isPending) return <Waiting />
  if (steps.isError) {
    const { status } = asProblem(steps.error)
    if (status === 404 || status === 400) return <p role="alert">{t('portal.destruction.unknown')}</p>
    return <Failure error={steps.error} again={() => void steps.refetch()} />
  }
  return (
    <>
      <DestructionSteps steps={steps.data} />
      <DocumentsByLink link={link} />
    </>
  )
}

/** Whoever has destroyed the keys or scheduled it; not whoever was left out, and no copy on paper. */
const confirmed = ({ custodians }: Steps) =>
  custodians.filter(
    ({ kind, state }) => kind !== 'recovery' && (state === 'destroyed' || state === 'scheduled'),
  )

/** When nothing cold that is registered opens it either; and what that waits for. */
function Final({ t2, custodians }: Pick<Steps, 't2' | 'custodians'>) {
  const { t, day } = useWording()
  const waits = t2?.waits ?? []
  const done = t2 !== null && waits.length === 0
  return (
    <li className={done ? 'times-done' : undefined}>
      <h3>{t(waits.length === 0 ? 'portal.destruction.t2' : 'portal.destruction.t2Later')}</h3>
      <p className="caption">
        {t2 === null || t2.at === null ? t('portal.destruction.waiting') : <Moment at={t2.at} />}
        {waits.map(one =>
          one.until === null
            ? ` · ${t('portal.destruction.leftOut', { who: one.id })}`
            : ` · ${t('portal.destruction.until', { who: one.id, when: day(one.until) })}`,
        )}
        {custodians.map(({ id, state, statement }) =>
          state === 'stated' ? ` · ${t('portal.destruction.stated', { who: id, statement })}` : null,
        )}
      </p>
      <p>{t(waits.length === 0 ? 'portal.destruction.t2Text' : 'portal.destruction.t2LaterText')}</p>
    </li>
  )
}

/** The three honest times of a destruction: refused, unreadable online, unreadable from cold copies. */
export function DestructionSteps({ steps }: { steps: Steps }) {
  const { t } = useWording()
  return (
    <Section title={t('portal.destruction.steps')}>
      <ol className="times">
        <li className="times-done">
          <h3>{t('portal.destruction.t0')}</h3>
          <p className="caption">
            <Moment at={steps.t0} /> · {t('portal.destruction.slots', { count: steps.slots })}
          </p>
          <p>{t('portal.destruction.t0Text')}</p>
        </li>
        <li className={steps.t1 === null ? undefined : 'times-done'}>
          <h3>{t('portal.destruction.t1')}</h3>
          <p className="caption">
            {steps.t1 === null ? t('portal.destruction.waiting') : <Moment at={steps.t1} />}
            {confirmed(steps).length === 0
              ? null
              : ` · ${t('portal.destruction.custodians', {
                  custodians: confirmed(steps)
                    .map(one => one.id)
                    .join(', '),
                })}`}
          </p>
          <p>
            {steps.t1 === null
              ? t('portal.destruction.t1Waiting')
              : t('portal.destruction.t1Text', { epoch: steps.epoch })}
          </p>
        </li>
        <Final t2={steps.t2} custodians={steps.custodians} />
      </ol>
    </Section>
  )
}
