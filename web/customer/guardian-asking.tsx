import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { answer, api, asProblem } from '../ui/api.ts'
import { Page } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import { AddressProof, useAddress } from './address-proof.tsx'
import { usePortalSession } from './session.ts'

/** Who is too young to agree proves an address and names somebody who holds parental responsibility: nothing else is asked. */
export function AskGuardianPage() {
  const { t } = useWording()
  const session = usePortalSession()
  const address = useAddress()
  const proved = session.data?.kind === 'applicant'
  return (
    <Page title={t('portal.guardian.ask.title')} lead={t('portal.guardian.ask.lead')} narrow>
      {proved ? (
        <NameGuardian />
      ) : (
        <>
          <p>{t('portal.guardian.ask.proveFirst')}</p>
          <AddressProof address={address} onProved={() => {}} />
        </>
      )}
    </Page>
  )
}

function NameGuardian() {
  const { t, language, moment } = useWording()
  const [until, setUntil] = useState<string | null>(null)
  const form = useForm({ initialValues: { email: '' }, validate: { email: checks.email } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values => {
    const body = { email: values.email.trim(), language }
    try {
      setUntil((await answer(api.POST('/api/v1/portal/guardian-requests', { body }))).until)
    } catch (error) {
      if (!asProblem(error).faults.some(fault => fault.code === 'own_address')) throw error
      form.setFieldError('email', t('portal.guardian.ask.own'))
    }
  })
  if (until !== null)
    return (
      <section className="card" role="status">
        <h2>{t('portal.guardian.ask.sent')}</h2>
        <p>{t('portal.guardian.ask.sentText', { when: moment(until) })}</p>
      </section>
    )
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p>{t('portal.guardian.ask.text')}</p>
      <TextInput label={t('portal.guardian.ask.email')} type="email" autoComplete="off" {...field('email')} />
      <Button type="submit" loading={busy}>
        {t('portal.guardian.ask.send')}
      </Button>
    </form>
  )
}
