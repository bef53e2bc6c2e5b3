import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { Page } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, digits, useSubmit } from '../ui/submit.ts'
import { CodeInput } from '../ui/totp.tsx'
import { useWording } from '../ui/wording.ts'
import { JoinChild } from './guardian-joining.tsx'
import { portalSessionQuery, usePortalSession } from './session.ts'

/** For guardians: with the link of a letter they agree for a child, without it they come into the child's room. */
export function GuardianPage() {
  const hash = useRouterState({ select: state => state.location.hash })
  const [token] = useState(hash)
  return token === '' ? <Entering /> : <JoinChild token={token} />
}

type Sent = Reply<'/api/v1/portal/guardian-codes', 'post'>

function Entering() {
  const { t } = useWording()
  const [sent, setSent] = useState<Sent | null>(null)
  return (
    <Page title={t('portal.guardian.enter.title')} lead={t('portal.guardian.enter.lead')} narrow>
      {sent === null ? <AskForCode onSent={setSent} /> : <EnterCode sent={sent} />}
    </Page>
  )
}

function AskForCode({ onSent }: { onSent: (sent: Sent) => void }) {
  const { t, language } = useWording()
  const form = useForm({ initialValues: { alias: '' } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ alias }) => {
    onSent(await answer(api.POST('/api/v1/portal/guardian-codes', { body: { alias, language } })))
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <TextInput
        label={t('portal.guardian.enter.alias')}
        description={t('portal.guardian.enter.aliasHelp')}
        autoComplete="off"
        {...field('alias')}
      />
      <Button type="submit" loading={busy}>
        {t('portal.guardian.enter.send')}
      </Button>
    </form>
  )
}

function EnterCode({ sent }: { sent: Sent }) {
  const { t, hour } = useWording()
  const questions = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({ initialValues: { code: '' }, validate: { code: checks.code } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ code }) => {
    const body = { code_id: sent.id, code: digits(code) }
    await answer(api.POST('/api/v1/portal/guardian-sessions', { body }))
    await questions.invalidateQueries({ queryKey: portalSessionQuery.queryKey })
    await navigate({ to: '/', replace: true })
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p role="status">{t('portal.guardian.enter.sent', { hour: hour(sent.until) })}</p>
      <CodeInput autoFocus label={t('portal.guardian.enter.code')} {...field('code')} />
      <Button type="submit" loading={busy}>
        {t('portal.guardian.enter.enter')}
      </Button>
    </form>
  )
}

/** Over every page of a child's room: who acts, and what the child may decide. */
export function GuardianLine() {
  const { t, moment } = useWording()
  const session = usePortalSession().data
  if (session?.kind !== 'customer' || session.guardian == null) return null
  const { active, lapse_at } = session.guardian
  if (session.as_guardian === true)
    return <p className="card guardian-line">{t('portal.guardian.acting', { alias: session.alias })}</p>
  if (active || lapse_at === null) return <p className="card guardian-line">{t('portal.guardian.minor')}</p>
  return (
    <section className="card guardian-line" aria-labelledby="of-age">
      <h2 id="of-age">{t('portal.guardian.ofAge')}</h2>
      <p>{t('portal.guardian.ofAgeText', { when: moment(lapse_at) })}</p>
      <p>
        <Link to="/agreements">{t('portal.guardian.toAgreements')}</Link>
      </p>
    </section>
  )
}
