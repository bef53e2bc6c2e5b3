import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, asProblem, type Problem, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, digits, useSubmit } from '../ui/submit.ts'
import { CodeInput } from '../ui/totp.tsx'
import { useWording } from '../ui/wording.ts'
import { useRenewal } from './own-data.ts'
import { useProving } from './proving.tsx'

interface Sent extends Reply<'/api/v1/portal/address-codes', 'post'> {
  email: string
}

/** Changes the address I sign in with, once I have shown that I read the new one. */
export function AddressChangePage() {
  const { t } = useWording()
  const [sent, setSent] = useState<Sent | null>(null)
  return (
    <Page title={t('portal.address.title')} narrow>
      {sent === null ? (
        <AskForCode onSent={setSent} />
      ) : (
        <EnterCode key={sent.id} sent={sent} onOther={() => setSent(null)} />
      )}
      <p className="caption">
        <Link to="/">{t('portal.address.back')}</Link>
      </p>
    </Page>
  )
}

function AskForCode({ onSent }: { onSent: (sent: Sent) => void }) {
  const { t, language } = useWording()
  const prove = useProving()
  const form = useForm({ initialValues: { email: '' }, validate: { email: checks.email } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values => {
    tell(null)
    const email = values.email.trim()
    const body = { email, language }
    const code = await prove(() => answer(api.POST('/api/v1/portal/address-codes', { body })))
    onSent({ ...code, email })
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p>{t('portal.address.lead')}</p>
      <p>{t('portal.address.told')}</p>
      <TextInput label={t('portal.address.email')} type="email" autoComplete="email" {...field('email')} />
      <Button type="submit" loading={busy}>
        {t('portal.address.send')}
      </Button>
    </form>
  )
}

function EnterCode({ sent, onOther }: { sent: Sent; onOther: () => void }) {
  const { t, hour, moment, language } = useWording()
  const prove = useProving()
  const renew = useRenewal()
  const navigate = useNavigate()
  const form = useForm({ initialValues: { code: '' }, validate: { code: checks.code } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ code }) => {
    const { email } = sent
    const body = { email, language, code_id: sent.id, code: digits(code) }
    const { until } = await prove(() => answer(api.POST('/api/v1/portal/address-changes', { body })))
    await renew()
    await navigate({ to: '/' })
    tell(t('portal.address.changed', { email, when: moment(until) }))
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : isTaken(problem) ? (
        <p role="alert" className="failure">
          {t('portal.address.taken')}
        </p>
      ) : (
        <Failure error={problem} />
      )}
      <p role="status">{t('portal.address.sent', { email: sent.email, hour: hour(sent.until) })}</p>
      <CodeInput autoFocus label={t('portal.prove.code')} {...field('code')} />
      <div className="row">
        <Button type="submit" loading={busy}>
          {t('portal.address.confirm')}
        </Button>
        <Button variant="default" onClick={onOther}>
          {t('portal.address.other')}
        </Button>
      </div>
    </form>
  )
}

const isTaken = (problem: Problem): boolean => asProblem(problem).detail.taken === true
