import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { Copy } from '../ui/copy.tsx'
import { findDraft, useTakenDraft } from '../ui/draft.ts'
import { tell } from '../ui/notice.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'

export type Invited = Reply<'/api/v1/office/employees', 'post'>

interface Invitee {
  name: string
  email: string
  role: 'employee' | 'officer'
  language: 'en' | 'it'
}

const draft = 'invitation'

/** An invitation that could not be sent because the officer's session had ended. */
export const findInvitee = (questions: QueryClient): Invitee | null => findDraft<Invitee>(questions, draft)

export function InviteForm({
  onInvited,
  onCancel,
}: {
  onInvited: (invited: Invited) => void
  onCancel: () => void
}) {
  const { t, language } = useWording()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const questions = useQueryClient()
  useTakenDraft()
  const form = useForm<Invitee>({
    initialValues: findInvitee(questions) ?? { name: '', email: '', role: 'employee', language },
    validate: { name: checks.filled, email: checks.email },
  })
  const send = async (values: Invitee) => {
    tell(null)
    const body = { ...values, name: values.name.trim(), email: values.email.trim() }
    onInvited(await answer(api.POST('/api/v1/office/employees', { body })))
  }
  const { busy, problem, onSubmit, field } = useSubmit(form, send, { draft })
  const roles = (['employee', 'officer'] as const).map(value => ({
    value,
    label: t(`office.employees.roles.${value}`),
  }))
  const languages = (['it', 'en'] as const).map(value => ({ value, label: t(`languages.${value}`) }))
  return (
    <section className="card inviting" aria-labelledby="inviting">
      <h2 id="inviting">{t('office.employees.inviteTitle')}</h2>
      <form onSubmit={onSubmit} noValidate className="form">
        {problem === null ? null : <Failure error={problem} />}
        <TextInput ref={first} label={t('office.employees.name')} autoComplete="off" {...field('name')} />
        <TextInput label={t('office.employees.email')} type="email" autoComplete="off" {...field('email')} />
        <NativeSelect label={t('office.employees.role')} data={roles} {...field('role')} />
        <NativeSelect label={t('office.employees.language')} data={languages} {...field('language')} />
        <div className="row">
          <Button type="submit" loading={busy}>
            {t('office.employees.send')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    </section>
  )
}

/** The link of a new invitation: shown this once, since the server keeps only its hash. */
export function InvitationLink({ invited, onDone }: { invited: Invited; onDone: () => void }) {
  const { t, moment } = useWording()
  const heading = useRef<HTMLHeadingElement>(null)
  const { employee, invitation } = invited
  const room = employee.role === 'officer' ? 'office' : 'work'
  const link = `${window.location.origin}/${room}/invitation#${invitation.token}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new link is announced
  useEffect(() => heading.current?.focus(), [invitation.token])
  return (
    <section className="card handover" aria-labelledby="handover">
      <h2 id="handover" ref={heading} tabIndex={-1}>
        {t('office.employees.link', { name: employee.name })}
      </h2>
      <p>{t('office.employees.linkText', { until: moment(invitation.until) })}</p>
      <p className="code-line">{link}</p>
      <div className="row">
        <Copy text={link} what={t('office.employees.linkName')} />
        <Button size="compact-sm" variant="subtle" onClick={onDone}>
          {t('office.employees.linkDone')}
        </Button>
      </div>
    </section>
  )
}
