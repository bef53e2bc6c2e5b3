import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { answer, api } from '../ui/api.ts'
import { useCatalogueField } from '../ui/catalogue.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { useWording } from '../ui/wording.ts'
import { AgreementRefused, useAfterAgreeing } from './consent-switch.tsx'
import type { Notice } from './notice.ts'
import type { Consent } from './own-data.ts'
import { useSigning } from './signing.tsx'

/** What the company asks for since this agreement was given: one button to agree, and nothing to do for who does not. */
export function AskedAnew({
  notice,
  purpose,
  consent,
  against,
}: {
  notice: Notice
  purpose: Notice['purposes'][number]
  consent: Consent
  /** The browser says no to this: agreed to is in spite of that. */
  against: boolean
}) {
  const { t } = useWording()
  const navigate = useNavigate()
  const sign = useSigning()
  const renew = useOnce({
    mutationFn: async () => {
      const params = { path: { id: consent.id } }
      const agreed = { notice_version: notice.version, language: notice.language, despite_signal: against }
      const signed = await sign({
        ...{ ...agreed, purpose: purpose.code, renews: consent.id },
        fields: [...purpose.fields, ...consent.fields],
      })
      const body = { ...agreed, ...signed }
      await answer(api.POST('/api/v1/portal/consents/{id}/renewals', { params, body }))
    },
    onMutate: () => tell(null),
    onSuccess: () => {
      tell(t('portal.consents.extended'), {
        label: t('portal.consents.giveNow'),
        act: () => void navigate({ to: '/' }),
      })
      // The button that was pressed goes with what is new.
      document.getElementById(`purpose-${purpose.code}`)?.focus()
    },
    onSettled: useAfterAgreeing(),
  })
  return (
    <section className="anew">
      <h3>{t('portal.consents.anew')}</h3>
      <ul className="plain-list">
        {consent.asked_now.map(code => (
          <NewField key={code} code={code} unsealed={consent.unsealed_now.includes(code)} />
        ))}
      </ul>
      <p>{t('portal.consents.anewWhy', { title: purpose.title })}</p>
      <p className="caption">{t('portal.consents.anewFree')}</p>
      {against ? <p>{t('portal.signal.giving')}</p> : null}
      {renew.isError ? <AgreementRefused error={renew.error} /> : null}
      <Button size="sm" loading={renew.isPending} onClick={() => renew.mutate()}>
        {t('portal.consents.agreeToThese', { count: consent.asked_now.length })}
      </Button>
    </section>
  )
}

function NewField({ code, unsealed }: { code: string; unsealed: boolean }) {
  const { t, word, language } = useWording()
  const help = useCatalogueField(code)?.help?.[language]
  return (
    <li>
      <span className="strong">{word('field', code)}</span>
      {help === undefined ? null : <span className="anew-help">{help}</span>}
      {unsealed ? <span className="anew-help">{t('portal.consents.unsealed')}</span> : null}
    </li>
  )
}
