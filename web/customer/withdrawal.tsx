import { Button, Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answer, api, asProblem, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { Answered, Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { StaysByLaw } from './documents.tsx'
import { keptWhat } from './my-data.tsx'
import { useProving } from './proving.tsx'
import { rememberReceipts } from './receipt.tsx'
import { useForgetting } from './session.ts'

type Preview = Reply<'/api/v1/portal/withdrawal-preview'>

/** Leaving: what goes, what stays and until when, and one button that needs one tick. */
export function LeavePage() {
  const { t } = useWording()
  const preview = useQuery({
    queryKey: ['withdrawal-preview'],
    queryFn: () => answer(api.GET('/api/v1/portal/withdrawal-preview')),
    staleTime: 0,
  })
  return (
    <Page title={t('portal.leave.title')} lead={t('portal.leave.lead')}>
      <Answered query={preview}>
        {data => (
          <>
            <WhatGoes preview={data} />
            <Leaving />
          </>
        )}
      </Answered>
    </Page>
  )
}

function WhatGoes({ preview }: { preview: Preview }) {
  const { t, word, day } = useWording()
  return (
    <div className="two">
      <section className="card goes">
        <h2>{t('portal.leave.goes')}</h2>
        <ul className="lines">
          {preview.compartments.map(({ compartment, boxes }) => (
            <li key={compartment}>
              <span>{word('compartment', compartment)}</span>
              <span className="caption">{t('portal.leave.boxes', { count: boxes })}</span>
            </li>
          ))}
          {preview.open_tasks === 0 ? null : (
            <li>{t('portal.leave.tasks', { count: preview.open_tasks })}</li>
          )}
          <li>{t('portal.leave.sessions', { count: preview.sessions })}</li>
        </ul>
      </section>
      <section className="card stays">
        <h2>{t('portal.leave.stays')}</h2>
        {preview.kept.length === 0 ? <p>{t('portal.leave.nothing')}</p> : null}
        <ul className="lines">
          {preview.kept.map(({ what, until, why }) => (
            <li key={what}>
              <span>
                {t('portal.leave.staysText', {
                  what: keptWhat(t, what),
                  until: day(until),
                  why: word('why', why),
                })}
              </span>
            </li>
          ))}
          {preview.documents.map(document => (
            <StaysByLaw key={document.id} document={document} />
          ))}
        </ul>
      </section>
    </div>
  )
}

/** Leaves; where the answer was lost on its way, asks for the receipt again, which this browser alone may. */
async function withdraw() {
  try {
    return await answer(api.POST('/api/v1/portal/withdrawals', { body: { confirm: true } }))
  } catch (error) {
    const { code } = asProblem(error)
    if (code !== 'unreachable' && code !== 'unauthenticated') throw error
    return await answer(api.POST('/api/v1/withdrawal-receipts', { body: {} }))
  }
}

function Leaving() {
  const { t } = useWording()
  const navigate = useNavigate()
  const forget = useForgetting()
  const [understood, setUnderstood] = useState(false)
  const [missing, setMissing] = useState(false)
  const prove = useProving()
  const leave = useOnce({
    mutationFn: () => prove(withdraw),
    onSuccess: async receipts => {
      rememberReceipts(receipts)
      tell(null)
      await navigate({ to: '/left', replace: true })
      forget()
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (understood) return leave.mutate()
    setMissing(true)
    document.getElementById('understood')?.focus()
  }
  return (
    <form onSubmit={submit} noValidate className="form leaving">
      <p>
        {t('portal.leave.first')} <Link to="/take-away">{t('portal.take.title')}</Link>
      </p>
      {leave.isError ? <Failure error={leave.error} /> : null}
      <Checkbox
        id="understood"
        label={t('portal.leave.confirm')}
        checked={understood}
        onChange={event => {
          setUnderstood(event.currentTarget.checked)
          setMissing(false)
        }}
        error={missing ? t('portal.leave.needConfirm') : undefined}
      />
      <Button type="submit" color="danger" loading={leave.isPending}>
        {t('portal.leave.act')}
      </Button>
    </form>
  )
}
