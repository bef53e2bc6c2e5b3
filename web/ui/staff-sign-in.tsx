import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { answer, api } from './api.ts'
import { DemoSignIn } from './demo.tsx'
import { tell } from './notice.tsx'
import { Page } from './page.tsx'
import { PasskeySignIn } from './passkey-sign-in.tsx'
import type { StaffRoom } from './staff-session.ts'
import { Failure } from './states.tsx'
import { checks, digits, useSubmit } from './submit.ts'
import { CodeInput } from './totp.tsx'
import { useWording } from './wording.ts'

/** Signing in to a room where people work: address, password and the code of the moment, judged together. */
export function StaffSignIn({ room }: { room: StaffRoom }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const form = useForm({
    initialValues: { email: '', password: '', code: '' },
    validate: { email: checks.email, password: checks.filled, code: checks.code },
  })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values => {
    const body = { email: values.email.trim(), password: values.password, code: digits(values.code) }
    const session =
      room === 'work'
        ? await answer(api.POST('/api/v1/work/sessions', { body }))
        : await answer(api.POST('/api/v1/office/sessions', { body }))
    tell(null)
    questions.setQueryData(['session', room], session)
  })
  return (
    <Page title={t('staff.signIn')} lead={t(`staff.signInText.${room}`)} narrow>
      <form onSubmit={onSubmit} noValidate className="form">
        {problem === null ? null : <Failure error={problem} />}
        <TextInput label={t('staff.email')} type="email" autoComplete="username" {...field('email')} />
        <PasswordInput label={t('staff.password')} autoComplete="current-password" {...field('password')} />
        <CodeInput label={t('staff.code')} description={t('staff.codeHelp')} {...field('code')} />
        <Button type="submit" loading={busy}>
          {t('staff.signIn')}
        </Button>
      </form>
      <PasskeySignIn room={room} />
      <DemoSignIn />
    </Page>
  )
}
