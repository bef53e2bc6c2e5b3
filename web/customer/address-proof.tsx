import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, digits, useSubmit } from '../ui/submit.ts'
import { CodeInput } from '../ui/totp.tsx'
import { useWording } from '../ui/wording.ts'
import { portalSessionQuery } from './session.ts'

export type Proof = Reply<'/api/v1/portal/sessions', 'post'>
interface Sent {
  id: string
  until: string
  email: string
}

/**
 * Proves an e-mail address with a code. The server answers alike for known and unknown addresses; only who has the
 * code learns which it was, from the kind of the session.
 */
export function AddressProof({ onProved }: { onProved: (proof: Proof, email: string) => void }) {
  const [sent, setSent] = useState<Sent | null>(null)
  const [email, setEmail] = useState('')
  if (sent === null) {
    return (
      <AskForCode
        email={email}
        onSent={now => {
          setEmail(now.email)
          setSent(now)
        }}
      />
    )
  }
  return <EnterCode sent={sent} onSent={setSent} onOther={() => setSent(null)} onProved={onProved} />
}

function useSending() {
  const { language } = useWording()
  return async (email: string): Promise<Sent> => ({
    ...(await answer(api.POST('/api/v1/portal/codes', { body: { email, language } }))),
    email,
  })
}

function AskForCode({ email, onSent }: { email: string; onSent: (sent: Sent) => void }) {
  const { t } = useWording()
  const send = useSending()
  const form = useForm({ initialValues: { email }, validate: { email: checks.email } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values =>
    onSent(await send(values.email.trim())),
  )
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p>{t('portal.prove.text')}</p>
      <TextInput label={t('portal.prove.email')} type="email" autoComplete="email" {...field('email')} />
      <Button type="submit" loading={busy}>
        {t('portal.prove.send')}
      </Button>
    </form>
  )
}

function EnterCode({
  sent,
  onSent,
  onOther,
  onProved,
}: {
  sent: Sent
  onSent: (sent: Sent) => void
  onOther: () => void
  onProved: (proof: Proof, email: string) => void
}) {
  const { t, hour } = useWording()
  const questions = useQueryClient()
  const send = useSending()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const form = useForm({ initialValues: { code: '' }, validate: { code: checks.code } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values => {
    const body = { code_id: sent.id, code: digits(values.code) }
    const proof = await answer(api.POST('/api/v1/portal/sessions', { body }))
    await questions.invalidateQueries({ queryKey: portalSessionQuery.queryKey })
    onProved(proof, sent.email)
  })
  const resend = useMutation({
    mutationFn: () => send(sent.email),
    onSuccess: again => {
      onSent(again)
      form.reset()
      tell(t('portal.prove.resent'))
      input.current?.focus()
    },
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      {resend.isError ? <Failure error={resend.error} /> : null}
      <p>{t('portal.prove.codeText', { email: sent.email, hour: hour(sent.until) })}</p>
      <CodeInput ref={input} label={t('portal.prove.code')} {...field('code')} />
      <Button type="submit" loading={busy}>
        {t('portal.prove.confirm')}
      </Button>
      <div className="aside">
        <p className="caption">{t('portal.prove.noMail')}</p>
        <div className="row">
          <Button variant="default" size="sm" loading={resend.isPending} onClick={() => resend.mutate()}>
            {t('portal.prove.resend')}
          </Button>
          <Button variant="subtle" size="sm" onClick={onOther}>
            {t('portal.prove.other')}
          </Button>
        </div>
      </div>
    </form>
  )
}
