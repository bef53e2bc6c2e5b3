import { Button, PasswordInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, asProblem, type Reply } from './api.ts'
import { tell } from './notice.tsx'
import { Page } from './page.tsx'
import type { StaffRoom } from './staff-session.ts'
import { Failure, Waiting } from './states.tsx'
import { checks, digits, useSubmit } from './submit.ts'
import { newTotpSecret, TotpEnrolment } from './totp.tsx'
import { useWording } from './wording.ts'

/** The token stands after the # of the address, which browsers send to nobody. */
export const tokenOfAddress = (): string => window.location.hash.slice(1)

/** Accepting an invitation: whom it is for, a password, an authenticator app. */
export function InvitationPage({ room }: { room: StaffRoom }) {
  const { t } = useWording()
  const [token] = useState(tokenOfAddress)
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => answer(api.POST('/api/v1/invitation-views', { body: { token } })),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (invitation.data !== undefined)
    return <Acceptance room={room} token={token} invitation={invitation.data} />
  if (invitation.isPending) return <Waiting />
  const { status } = asProblem(invitation.error)
  if (status === 404 || status === 400) {
    return <Page title={t('staff.invitation.over')} lead={t('staff.invitation.overText')} narrow />
  }
  return <Failure error={invitation.error} again={() => void invitation.refetch()} />
}

function Acceptance({
  room,
  token,
  invitation,
}: {
  room: StaffRoom
  token: string
  invitation: Reply<'/api/v1/invitation-views', 'post'>
}) {
  const { t } = useWording()
  const navigate = useNavigate()
  const questions = useQueryClient()
  const [secret] = useState(newTotpSecret)
  const form = useForm({
    initialValues: { password: '', repeat: '', code: '' },
    validate: {
      password: checks.password,
      repeat: (value, values) => (value === values.password ? null : 'mismatch'),
      code: checks.code,
    },
  })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values => {
    const accepted = await answer(
      api.POST('/api/v1/invitation-acceptances', {
        body: { token, password: values.password, totp_secret: secret, code: digits(values.code) },
      }),
    )
    tell(t('staff.invitation.done'))
    if (accepted.room !== room) return window.location.assign(`/${accepted.room}`)
    await questions.invalidateQueries({ queryKey: ['session'] })
    await navigate({ to: '/' })
  })
  const { organisation, name, role } = invitation
  return (
    <Page
      title={t('staff.invitation.title', { organisation })}
      lead={t('staff.invitation.text', { name, role: t(`staff.invitation.role.${role}`) })}
      narrow
    >
      <form onSubmit={onSubmit} noValidate className="form">
        {problem === null ? null : <Failure error={problem} />}
        <PasswordInput
          label={t('staff.newPassword')}
          description={t('staff.rules')}
          autoComplete="new-password"
          {...field('password')}
        />
        <PasswordInput label={t('staff.repeat')} autoComplete="new-password" {...field('repeat')} />
        <TotpEnrolment secret={secret} issuer={organisation} account={name} code={field('code')} />
        <Button type="submit" loading={busy}>
          {t('staff.invitation.accept')}
        </Button>
      </form>
    </Page>
  )
}
