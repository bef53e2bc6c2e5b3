import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { checks, digits, useSubmit } from '../ui/submit.ts'
import { CodeInput } from '../ui/totp.tsx'
import { useWording } from '../ui/wording.ts'
import { portalSessionQuery } from './session.ts'

export type Proof = Reply<'/api/v1/portal/sessions', 'post'>
type Code = Reply<'/api/v1/portal/codes', 'post'>

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The code that was asked for: its id and its end, and never the address it went to. */
    code?: Code
  }
}

/**
 * The address on its way to being proved. The page holds it, so that going back finds it again; it is in memory
 * alone, so that a reload forgets it and nothing more.
 */
export function useAddress() {
  const form = useForm({ initialValues: { email: '' }, validate: { email: checks.email } })
  const [sent, setSent] = useState<{ id: string; email: string } | null>(null)
  return {
    form,
    /** Where a code went, as far as this page remembers. */
    sentTo: (code: Code): string | null => (sent?.id === code.id ? sent.email : null),
    remember: (code: Code, email: string) => setSent({ id: code.id, email }),
  }
}

type Address = ReturnType<typeof useAddress>

/**
 * Proves an e-mail address with a code, in two steps of the browser's history. The server answers alike for known and
 * unknown addresses; only who has the code learns which it was, from the kind of the session.
 */
export function AddressProof({ address, onProved }: { address: Address; onProved: (proof: Proof) => void }) {
  const code = useRouterState({ select: state => state.location.state.code })
  if (code === undefined) return <AskForCode address={address} />
  return <EnterCode key={code.id} address={address} code={code} onProved={onProved} />
}

/** Asks for a code and goes on to entering it; `replace` where another code takes the place of one. */
function useSending(address: Address) {
  const { language } = useWording()
  const navigate = useNavigate()
  const here = useRouterState({ select: state => state.location.pathname })
  return async (email: string, { replace }: { replace: boolean }) => {
    const code = await answer(api.POST('/api/v1/portal/codes', { body: { email, language } }))
    address.remember(code, email)
    await navigate({ to: here, replace, state: before => ({ ...before, code }) })
  }
}

function AskForCode({ address }: { address: Address }) {
  const { t } = useWording()
  const send = useSending(address)
  const { busy, problem, onSubmit, field } = useSubmit(address.form, async values => {
    tell(null)
    await send(values.email.trim(), { replace: false })
  })
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
  address,
  code,
  onProved,
}: {
  address: Address
  code: Code
  onProved: (proof: Proof) => void
}) {
  const { t, hour } = useWording()
  const questions = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const form = useForm({ initialValues: { code: '' }, validate: { code: checks.code } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async values => {
    const body = { code_id: code.id, code: digits(values.code) }
    const proof = await answer(api.POST('/api/v1/portal/sessions', { body }))
    await questions.invalidateQueries({ queryKey: portalSessionQuery.queryKey })
    onProved(proof)
  })
  const email = address.sentTo(code)
  const until = hour(code.until)
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p>
        {email === null
          ? t('portal.prove.codeSent', { hour: until })
          : t('portal.prove.codeText', { email, hour: until })}
      </p>
      <CodeInput ref={input} label={t('portal.prove.code')} {...field('code')} />
      <Button type="submit" loading={busy}>
        {t('portal.prove.confirm')}
      </Button>
      <NoMail address={address} email={email} />
    </form>
  )
}

/** What to do when no code arrives. After a reload the address is not known here, and has to be given again. */
function NoMail({ address, email }: { address: Address; email: string | null }) {
  const { t } = useWording()
  const { history } = useRouter()
  const send = useSending(address)
  const resend = useOnce({
    mutationFn: (to: string) => send(to, { replace: true }),
    onSuccess: () => tell(t('portal.prove.resent')),
  })
  return (
    <div className="aside">
      {resend.isError ? <Failure error={resend.error} /> : null}
      <p className="caption">{t('portal.prove.noMail')}</p>
      <div className="row">
        {email === null ? null : (
          <Button variant="default" size="sm" loading={resend.isPending} onClick={() => resend.mutate(email)}>
            {t('portal.prove.resend')}
          </Button>
        )}
        <Button variant="subtle" size="sm" onClick={() => history.back()}>
          {t(email === null ? 'portal.prove.again' : 'portal.prove.other')}
        </Button>
      </div>
    </div>
  )
}
