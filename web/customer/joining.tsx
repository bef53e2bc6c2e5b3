import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import { AddressProof, type Proof } from './address-proof.tsx'
import { type Agreed, AgreeStep } from './agreeing.tsx'
import { portalSessionQuery, usePortalSession } from './session.ts'

const steps = ['agree', 'prove', 'tell'] as const
type Step = (typeof steps)[number]

/**
 * Joining: first what it means and what is agreed to, then the proof of the address, then who it is. Nothing is
 * kept before the end: what was agreed to lies in this page alone, and who leaves it begins again.
 */
export function JoiningPage() {
  const { t } = useWording()
  const session = usePortalSession()
  const [agreed, setAgreed] = useState<Agreed | null>(null)
  const [email, setEmail] = useState<string | null>(null)
  const proved = session.data?.kind === 'applicant'
  const step: Step = agreed === null ? 'agree' : proved ? 'tell' : 'prove'

  if (session.data?.kind === 'customer') return <Navigate to="/" replace />

  const onProved = (proof: Proof, address: string) => {
    setEmail(address)
    if (proof.kind === 'applicant') return tell(null)
    tell(t('portal.prove.already'))
  }
  return (
    <Page title={t(`portal.${step}.title`)} narrow={step !== 'agree'}>
      <Steps now={step} />
      {agreed === null ? (
        <AgreeStep
          onAgreed={now => {
            tell(null)
            setAgreed(now)
          }}
        />
      ) : step === 'prove' ? (
        <AddressProof onProved={onProved} />
      ) : (
        <TellStep agreed={agreed} email={email} />
      )}
    </Page>
  )
}

function Steps({ now }: { now: Step }) {
  const { t } = useWording()
  return (
    <ol
      className="steps"
      aria-label={t('portal.steps.label', { now: steps.indexOf(now) + 1, all: steps.length })}
    >
      {steps.map((step, index) => (
        <li
          key={step}
          className={index < steps.indexOf(now) ? 'step-done' : undefined}
          {...(step === now ? { 'aria-current': 'step' as const } : {})}
        >
          {t(`portal.steps.${step}`)}
        </li>
      ))}
    </ol>
  )
}

function TellStep({ agreed, email }: { agreed: Agreed; email: string | null }) {
  const { t } = useWording()
  const navigate = useNavigate()
  const questions = useQueryClient()
  const form = useForm({
    initialValues: { name: '', phone: '' },
    validate: { name: checks.filled },
  })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values => {
    await answer(
      api.POST('/api/v1/portal/joins', {
        body: { name: values.name.trim(), phone: values.phone.trim(), ...agreed },
      }),
    )
    await questions.invalidateQueries({ queryKey: portalSessionQuery.queryKey })
    tell(t('portal.tell.done'))
    await navigate({ to: '/' })
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p>{t('portal.tell.text')}</p>
      <TextInput label={t('portal.tell.name')} autoComplete="name" {...field('name')} />
      {email === null ? null : (
        <TextInput
          label={t('portal.tell.email')}
          description={t('portal.tell.proved')}
          value={email}
          readOnly
          className="proved"
        />
      )}
      <TextInput
        label={`${t('portal.tell.phone')} (${t('optional')})`}
        description={t('portal.tell.phoneHelp')}
        type="tel"
        autoComplete="tel"
        {...field('phone')}
      />
      <Button type="submit" loading={busy}>
        {t('portal.tell.join')}
      </Button>
    </form>
  )
}
