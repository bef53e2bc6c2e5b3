import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { useCompany } from '../ui/company.ts'
import { tokenOfAddress } from '../ui/invitation.tsx'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Failure, Waiting } from '../ui/states.tsx'
import { checks, digits, useSubmit } from '../ui/submit.ts'
import { newTotpSecret, TotpEnrolment } from '../ui/totp.tsx'
import { useWording } from '../ui/wording.ts'

/** The first start: the company's name and its first privacy officer, under the one-time token of the address. */
export function SetupPage() {
  const { t } = useWording()
  const company = useCompany()
  const [token] = useState(tokenOfAddress)
  if (company.isPending) return <Waiting />
  if (company.data?.open === true) {
    return (
      <Page title={t('office.setup.already')} narrow>
        <Link to="/">{t('office.setup.toSignIn')}</Link>
      </Page>
    )
  }
  if (token === '')
    return <Page title={t('office.setup.noToken')} lead={t('office.setup.noTokenText')} narrow />
  return <SetupForm token={token} />
}

function SetupForm({ token }: { token: string }) {
  const { t, language } = useWording()
  const navigate = useNavigate()
  const questions = useQueryClient()
  const [secret] = useState(newTotpSecret)
  const form = useForm({
    initialValues: { organisation: '', name: '', email: '', password: '', repeat: '', code: '' },
    validate: {
      organisation: checks.filled,
      name: checks.filled,
      email: checks.email,
      password: checks.password,
      repeat: (value, values) => (value === values.password ? null : 'mismatch'),
      code: checks.code,
    },
  })
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ repeat: _, ...values }) => {
    await answer(
      api.POST('/api/v1/setup', {
        body: {
          ...values,
          organisation: values.organisation.trim(),
          name: values.name.trim(),
          email: values.email.trim(),
          code: digits(values.code),
          token,
          language,
          totp_secret: secret,
        },
      }),
    )
    tell(t('office.setup.done'))
    await navigate({ to: '/', replace: true })
    await questions.invalidateQueries()
  })
  const { organisation, email } = form.getValues()
  return (
    <Page title={t('office.setup.title')} lead={t('office.setup.lead')} narrow>
      <form onSubmit={onSubmit} noValidate className="form">
        {problem === null ? null : <Failure error={problem} />}
        <TextInput
          label={t('office.setup.organisation')}
          autoComplete="organization"
          {...field('organisation')}
        />
        <TextInput label={t('office.setup.name')} autoComplete="name" {...field('name')} />
        <TextInput label={t('office.setup.email')} type="email" autoComplete="username" {...field('email')} />
        <PasswordInput
          label={t('staff.newPassword')}
          description={t('staff.rules')}
          autoComplete="new-password"
          {...field('password')}
        />
        <PasswordInput label={t('staff.repeat')} autoComplete="new-password" {...field('repeat')} />
        <TotpEnrolment
          secret={secret}
          issuer={organisation.trim() || 'Custode'}
          account={email.trim() || 'Custode'}
          code={field('code')}
        />
        <Button type="submit" loading={busy}>
          {t('office.setup.open')}
        </Button>
      </form>
    </Page>
  )
}
