import { Button } from '@mantine/core'
import { createContext, type ReactNode, use, useCallback, useState } from 'react'
import { answer, api, asProblem, Problem, type Reply } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { knowsPasskeys, showPasskey } from '../ui/passkey.ts'
import { passkeyCalls } from '../ui/passkey-calls.ts'
import { useWording } from '../ui/wording.ts'
import type { Consent } from './own-data.ts'
import { usePortalSession } from './session.ts'

/** What somebody is about to agree to, as the page shows it. */
export interface Intent {
  purpose: Consent['purpose']
  notice_version: number
  language: 'en' | 'it'
  despite_signal: boolean
  /** Every field that the agreement will name. */
  fields: readonly string[]
  /** In place of which agreement, or null. */
  renews: string | null
}

type Shown = Awaited<ReturnType<typeof showPasskey>>
type Asked = Reply<'/api/v1/portal/consent-challenges', 'post'>
type Choice = 'again' | 'without' | 'stop'

const Asking = createContext<(choose: (choice: Choice) => void) => void>(choose => choose('stop'))

/** Holds the question over the page for whoever stopped the passkey: to stop it is no agreement yet. */
export function SigningPlace({ children }: { children: ReactNode }) {
  const { t } = useWording()
  const [waiting, setWaiting] = useState<{ choose: (choice: Choice) => void } | null>(null)
  const ask = useCallback((choose: (choice: Choice) => void) => setWaiting({ choose }), [])
  const choose = (choice: Choice) => {
    setWaiting(null)
    waiting?.choose(choice)
  }
  return (
    <Asking value={ask}>
      {children}
      {waiting === null ? null : (
        <Dialog title={t('portal.signing.title')} onClose={() => choose('stop')}>
          <p>{t('portal.signing.text')}</p>
          <div className="row row-end">
            <Button variant="default" onClick={() => choose('stop')}>
              {t('cancel')}
            </Button>
            <Button variant="default" onClick={() => choose('without')}>
              {t('portal.signing.without')}
            </Button>
            <Button onClick={() => choose('again')}>{t('portal.signing.again')}</Button>
          </div>
        </Dialog>
      )}
    </Asking>
  )
}

/**
 * Has the customer's passkey sign what they agree to, where they have one and this browser knows passkeys; answers what goes
 * along with the agreement. Who stops it chooses: again, without, or not at all (`passkey_stopped`).
 */
export function useSigning() {
  const ask = use(Asking)
  const asGuardian = usePortalSession().data?.as_guardian === true
  return useCallback(
    async (intent: Intent): Promise<{ signed?: Shown }> => {
      if (asGuardian) return {}
      const { items } = await passkeyCalls.portal.list()
      if (items.length === 0 || !knowsPasskeys()) return {}
      for (;;) {
        const { fields: _shown, ...body } = intent
        const asked = await answer(api.POST('/api/v1/portal/consent-challenges', { body }))
        if (!(await isSame(asked, intent))) throw new Problem('signing_other', 0)
        try {
          return { signed: await showPasskey(asked) }
        } catch (error) {
          if (asProblem(error).code !== 'passkey_stopped') throw error
        }
        const choice = await new Promise<Choice>(choose => ask(choose))
        if (choice === 'without') return {}
        if (choice === 'stop') throw new Problem('passkey_stopped', 0)
      }
    },
    [ask, asGuardian],
  )
}

/** Whether the passkey is asked to sign exactly what this page shows: the challenge is the hash of the statement. */
async function isSame({ statement, options }: Asked, intent: Intent): Promise<boolean> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(statement))
  const base64 = btoa(String.fromCharCode(...new Uint8Array(hash)))
  const challenge = base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  const said = JSON.parse(statement) as Record<string, unknown>
  return (
    options.challenge === challenge &&
    said.statement === 'custode-consent/1' &&
    said.purpose === intent.purpose &&
    said.notice === intent.notice_version &&
    said.language === intent.language &&
    said.despite_signal === intent.despite_signal &&
    said.renews === intent.renews &&
    JSON.stringify(said.fields) === JSON.stringify([...new Set(intent.fields)].sort())
  )
}
