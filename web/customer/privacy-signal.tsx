import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { useWording } from '../ui/wording.ts'
import { AgreementRefused, useAfterAgreeing } from './consent-switch.tsx'
import type { Notice } from './notice.ts'
import type { Consent } from './own-data.ts'
import { useSigning } from './signing.tsx'

/** Whether this browser says by Global Privacy Control that its person wants no advertising. */
export const browserSaysNo = (): boolean =>
  (navigator as { globalPrivacyControl?: unknown }).globalPrivacyControl === true

/** Since when the company knows what the customer's browser says; it is told here, once, where only the page can read it. */
export const useSignal = (enabled = true) =>
  useQuery({
    queryKey: ['privacy-signal'],
    enabled,
    queryFn: async () => {
      const known = await answer(api.GET('/api/v1/portal/privacy-signal'))
      if (known.heard_at !== null || !(known.now || browserSaysNo())) return known
      return answer(api.POST('/api/v1/portal/privacy-signal', { body: {} }))
    },
    staleTime: 300_000,
  })

/** What the browser says and what that means here; nothing where it says nothing. */
export function SignalHeard() {
  const { t, moment } = useWording()
  const heard = useSignal().data?.heard_at ?? null
  if (heard === null) return null
  return (
    <section className="card" aria-labelledby="privacy-signal">
      <h2 id="privacy-signal">{t('portal.signal.title')}</h2>
      <p>{t('portal.signal.text')}</p>
      <p className="caption">{t('portal.signal.heard', { when: moment(heard) })}</p>
    </section>
  )
}

/** An agreement from before the browser said no: it rests, until the customer agrees in spite of that or takes it back. */
export function Resting({ notice, consent }: { notice: Notice; consent: Consent }) {
  const { t, word } = useWording()
  const sign = useSigning()
  const renew = useOnce({
    mutationFn: async () => {
      const params = { path: { id: consent.id } }
      const { version: notice_version, language } = notice
      const agreed = { notice_version, language, despite_signal: true }
      const asked = notice.purposes.find(purpose => purpose.code === consent.purpose)?.fields ?? []
      const signed = await sign({
        ...{ ...agreed, purpose: consent.purpose, renews: consent.id },
        fields: [...asked, ...consent.fields],
      })
      const body = { ...agreed, ...signed }
      await answer(api.POST('/api/v1/portal/consents/{id}/renewals', { params, body }))
    },
    onMutate: () => tell(null),
    onSuccess: () => {
      tell(t('portal.consents.gave', { title: word('purpose', consent.purpose) }))
      document.getElementById(`purpose-${consent.purpose}`)?.focus()
    },
    onSettled: useAfterAgreeing(),
  })
  return (
    <section className="anew">
      <h3>{t('portal.signal.rests')}</h3>
      <p>{t('portal.signal.restsText')}</p>
      {renew.isError ? <AgreementRefused error={renew.error} /> : null}
      <Button size="sm" variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
        {t('portal.signal.agreeDespite')}
      </Button>
    </section>
  )
}
