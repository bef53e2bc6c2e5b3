import { Button } from '@mantine/core'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { useWording } from '../ui/wording.ts'
import { AgreementRefused, useAfterAgreeing } from './consent-switch.tsx'
import type { Notice } from './notice.ts'
import type { Consent } from './own-data.ts'
import { usePortalSession } from './session.ts'
import { useSigning } from './signing.tsx'

/** What a guardian agreed to, for the child to agree to who is old enough now; nothing for anybody else. */
export function TakingOver({
  notice,
  purpose,
  consent,
  against,
}: {
  notice: Notice
  purpose: Notice['purposes'][number]
  consent: Consent
  against: boolean
}) {
  const { t } = useWording()
  const sign = useSigning()
  const session = usePortalSession().data
  const after = useAfterAgreeing()
  const take = useOnce({
    mutationFn: async () => {
      const params = { path: { id: consent.id } }
      const { version: notice_version, language } = notice
      const agreed = { notice_version, language, despite_signal: against }
      const fields = [...purpose.fields, ...consent.fields]
      const signed = await sign({ ...agreed, purpose: purpose.code, renews: consent.id, fields })
      const body = { ...agreed, ...signed }
      await answer(api.POST('/api/v1/portal/consents/{id}/renewals', { params, body }))
    },
    onMutate: () => tell(null),
    onSuccess: () => {
      tell(t('portal.guardian.tookOver', { title: purpose.title }))
      document.getElementById(`purpose-${purpose.code}`)?.focus()
    },
    onSettled: after,
  })
  const ofAge = session?.guardian?.active === false && session.as_guardian !== true
  if (!ofAge || consent.given_by !== 'guardian') return null
  return (
    <>
      {take.isError ? <AgreementRefused error={take.error} /> : null}
      <Button size="sm" loading={take.isPending} onClick={() => take.mutate()}>
        {t('portal.guardian.takeOver', { title: purpose.title })}
      </Button>
    </>
  )
}
