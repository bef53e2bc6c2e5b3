import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import type { CatalogueField } from '../ui/catalogue.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { checks, digits, useSubmit } from '../ui/submit.ts'
import { CodeInput } from '../ui/totp.tsx'
import { useWording } from '../ui/wording.ts'
import { useRenewal } from './own-data.ts'

type Sent = Reply<'/api/v1/portal/check-codes', 'post'>

/** Has a code sent to an address that is held, and takes it in the same place. */
export function CodeCheck({ field }: { field: CatalogueField }) {
  const { t, word, language } = useWording()
  const [sent, setSent] = useState<Sent | null>(null)
  const send = useOnce({
    mutationFn: () =>
      answer(api.POST('/api/v1/portal/check-codes', { body: { field: field.code, language } })),
    onMutate: () => tell(null),
    onSuccess: setSent,
  })
  if (sent !== null) return <EnterCode key={sent.id} field={field} sent={sent} onDone={() => setSent(null)} />
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        aria-label={`${t('portal.address.check.send')}: ${word('field', field.code)}`}
        loading={send.isPending}
        onClick={() => send.mutate()}
      >
        {t('portal.address.check.send')}
      </Button>
      {send.isError ? <Failure error={send.error} /> : null}
    </>
  )
}

function EnterCode({
  field: { code: what },
  sent,
  onDone,
}: {
  field: CatalogueField
  sent: Sent
  onDone: () => void
}) {
  const { t, word, hour } = useWording()
  const renew = useRenewal()
  const form = useForm({ initialValues: { code: '' }, validate: { code: checks.code } })
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ code }) => {
    const body = { field: what, code_id: sent.id, code: digits(code) }
    await answer(api.POST('/api/v1/portal/checks', { body }))
    await renew()
    tell(t('portal.address.check.done', { what: word('field', what) }))
    onDone()
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p role="status">{t('portal.address.check.sent', { hour: hour(sent.until) })}</p>
      <CodeInput autoFocus label={t('portal.address.check.code')} {...field('code')} />
      <div className="row">
        <Button type="submit" size="sm" loading={busy}>
          {t('portal.address.check.confirm')}
        </Button>
        <Button variant="default" size="sm" onClick={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}
