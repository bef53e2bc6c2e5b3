import { Button } from '@mantine/core'
import { useState } from 'react'
import { answer, api, asProblem } from '../ui/api.ts'
import type { CatalogueField } from '../ui/catalogue.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

/** Has a link sent to an address that is held, to prove it. */
export function LinkButton({ field }: { field: CatalogueField }) {
  const { t, word, language, moment } = useWording()
  const send = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/portal/links', { body: { field: field.code, language } })),
    onMutate: () => tell(null),
    onSuccess: ({ until }) => tell(t('portal.proof.sent', { when: moment(until) })),
  })
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        aria-label={`${t('portal.proof.sendLink')}: ${word('field', field.code)}`}
        loading={send.isPending}
        onClick={() => send.mutate()}
      >
        {t('portal.proof.sendLink')}
      </Button>
      {send.isError ? <Failure error={send.error} /> : null}
    </>
  )
}

/** Takes the token out of the address: neither history nor a bookmark keeps it. */
export function takeToken(): string {
  const token = location.hash.slice(1)
  if (token !== '') history.replaceState(history.state, '', location.pathname)
  return token
}

/** Where a link leads: nothing happens before somebody presses the button, since mail scanners open links. */
export function ConfirmPage() {
  const { t } = useWording()
  const [token] = useState(takeToken)
  const confirm = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/link-confirmations', { body: { token } })),
  })
  const isBad = token === '' || (confirm.isError && [400, 404, 409].includes(asProblem(confirm.error).status))
  if (isBad)
    return (
      <Page title={t('portal.proof.confirm.none')} narrow>
        <p role="alert">{t('portal.proof.confirm.noneText')}</p>
      </Page>
    )
  return (
    <Page title={t('portal.proof.confirm.title')} narrow>
      {confirm.isSuccess ? (
        <p role="status">{t('portal.proof.confirm.done')}</p>
      ) : (
        <>
          <p>{t('portal.proof.confirm.lead')}</p>
          {confirm.isError ? <Failure error={confirm.error} /> : null}
          <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
            {t('portal.proof.confirm.act')}
          </Button>
        </>
      )}
    </Page>
  )
}
