import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { download } from '../ui/download.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import type { Consent } from './own-data.ts'

/** My own copy of an agreement, as a file that proves itself. */
export function ConsentReceipt({ consent }: { consent: Consent }) {
  const { t, word, moment } = useWording()
  const questions = useQueryClient()
  const { id, purpose, given_at } = consent
  const take = useOnce({
    mutationFn: () => answer(api.GET('/api/v1/portal/consents/{id}/receipt', { params: { path: { id } } })),
    onMutate: () => tell(null),
    onSuccess: receipt => {
      download(`custode-${purpose}-${given_at.slice(0, 10)}.json`, receipt)
      tell(t('portal.consents.receiptDone'))
      // Making it has read my record, which stands there now.
      void questions.invalidateQueries({ queryKey: ['portal-entries'] })
    },
  })
  const which = t('portal.consents.receiptOf', {
    title: word('purpose', purpose),
    when: moment(given_at),
  })
  return (
    <>
      {take.isError ? <Failure error={take.error} /> : null}
      <Button
        variant="default"
        size="compact-md"
        aria-label={`${t('portal.consents.receipt')}: ${which}`}
        loading={take.isPending}
        onClick={() => take.mutate()}
      >
        {t('portal.consents.receipt')}
      </Button>
    </>
  )
}

/** What such a file is, and how anybody checks it. */
export function AboutReceipts() {
  const { t } = useWording()
  return (
    <p className="caption receipts-line">
      {t('portal.consents.receiptText')} <code>npx custode receipt verify FILE</code>
    </p>
  )
}
