import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { createContext, type ReactNode, use, useCallback, useState } from 'react'
import { answer, api, asProblem, type Problem, type Reply } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useOnce } from '../ui/once.ts'
import { knowsPasskeys, showPasskey } from '../ui/passkey.ts'
import type { Proving } from '../ui/passkeys.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, digits, useSubmit } from '../ui/submit.ts'
import { CodeInput } from '../ui/totp.tsx'
import { useWording } from '../ui/wording.ts'

/** An act that waits for its person to show again that it is them. */
interface Waiting {
  refusal: Problem
  go: () => void
  stop: (why: Problem) => void
}

const Asking = createContext<(waiting: Waiting) => void>(({ refusal, stop }) => stop(refusal))

/** Holds the dialog over whatever page asks for it, so that the page stays as it is with all that was typed. */
export function ProvingPlace({ children }: { children: ReactNode }) {
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  const done = () => setWaiting(null)
  return (
    <Asking value={setWaiting}>
      {children}
      {waiting === null ? null : (
        <ProvingDialog
          ways={waysOf(waiting.refusal)}
          onProved={() => {
            done()
            waiting.go()
          }}
          onStop={why => {
            done()
            waiting.stop(why ?? waiting.refusal)
          }}
        />
      )}
    </Asking>
  )
}

/**
 * Runs an act; where the server wants its person to show again that it is them, asks for it over the page and then repeats
 * the act. Who gives up gets the refusal.
 */
export function useProving(): Proving {
  const ask = use(Asking)
  return useCallback(
    async work => {
      try {
        return await work()
      } catch (error) {
        const refusal = asProblem(error)
        if (refusal.code !== 'level_needed' || refusal.detail.missing !== 'proof') throw error
        await new Promise<void>((go, stop) => ask({ refusal, go, stop }))
        return await work()
      }
    },
    [ask],
  )
}

const waysOf = ({ detail }: Problem): string[] => (Array.isArray(detail.ways) ? detail.ways.map(String) : [])

interface Proved {
  onProved: () => void
  /** With what stopped it, where it was not the person. */
  onStop: (why?: Problem) => void
}

function ProvingDialog({ ways, onProved, onStop }: Proved & { ways: string[] }) {
  const { t } = useWording()
  const [sent, setSent] = useState<Sent | null>(null)
  const send = useSending(setSent, onStop)
  const passkey = useOnce({
    mutationFn: async () => {
      const asked = await answer(api.POST('/api/v1/portal/proof-challenges', { body: {} }))
      const body = await showPasskey(asked)
      await answer(api.POST('/api/v1/portal/passkey-proofs', { body }))
    },
    onSuccess: onProved,
    onError: error => stopAtEnd(error, onStop),
  })
  return (
    <Dialog title={t('portal.proving.title')} onClose={() => onStop()}>
      <p>{t('portal.proving.text')}</p>
      {passkey.isError ? <Failure error={passkey.error} /> : null}
      {send.isError ? <Failure error={send.error} /> : null}
      {sent === null ? (
        <div className="row row-end">
          <Button variant="default" onClick={() => onStop()}>
            {t('cancel')}
          </Button>
          <Button
            variant={ways.includes('passkey') ? 'default' : 'filled'}
            loading={send.isPending}
            onClick={() => send.mutate()}
          >
            {t('portal.proving.send')}
          </Button>
          {ways.includes('passkey') && knowsPasskeys() ? (
            <Button loading={passkey.isPending} onClick={() => passkey.mutate()}>
              {t('portal.proving.passkey')}
            </Button>
          ) : null}
        </div>
      ) : (
        <EnterCode key={sent.id} sent={sent} onProved={onProved} onStop={onStop} />
      )}
    </Dialog>
  )
}

type Sent = Reply<'/api/v1/portal/proof-codes', 'post'>

function useSending(onSent: (sent: Sent) => void, onStop: Proved['onStop']) {
  const { language } = useWording()
  return useOnce({
    mutationFn: () => answer(api.POST('/api/v1/portal/proof-codes', { body: { language } })),
    onSuccess: onSent,
    onError: error => stopAtEnd(error, onStop),
  })
}

/** Without a session nothing can be shown: the act itself is refused, and its page keeps what was typed. */
function stopAtEnd(error: unknown, onStop: Proved['onStop']): void {
  const problem = asProblem(error)
  if (problem.code === 'unauthenticated') onStop(problem)
}

function EnterCode({ sent, onProved, onStop }: Proved & { sent: Sent }) {
  const { t, hour } = useWording()
  const form = useForm({ initialValues: { code: '' }, validate: { code: checks.code } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ code }) => {
    const body = { code_id: sent.id, code: digits(code) }
    try {
      await answer(api.POST('/api/v1/portal/proofs', { body }))
    } catch (error) {
      if (asProblem(error).code !== 'unauthenticated') throw error
      return onStop(asProblem(error))
    }
    onProved()
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p>{t('portal.prove.codeText', { email: sent.email, hour: hour(sent.until) })}</p>
      <CodeInput autoFocus label={t('portal.prove.code')} {...field('code')} />
      <div className="row row-end">
        <Button variant="default" onClick={() => onStop()}>
          {t('cancel')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('portal.prove.confirm')}
        </Button>
      </div>
    </form>
  )
}
