import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { download } from '../ui/download.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { useProving } from './proving.tsx'
import { usePortalSession } from './session.ts'

/** Taking everything away as one file that can be checked without us. */
export function TakeAwayPage() {
  const { t } = useWording()
  const session = usePortalSession()
  const questions = useQueryClient()
  const prove = useProving()
  const take = useOnce({
    mutationFn: () => prove(() => answer(api.GET('/api/v1/portal/export'))),
    onMutate: () => tell(null),
    onSuccess: everything => {
      download(`custode-${session.data?.alias ?? 'data'}.json`, everything)
      tell(t('portal.take.done'))
      void questions.invalidateQueries({ queryKey: ['portal-entries'] })
    },
  })
  return (
    <Page title={t('portal.take.title')} lead={t('portal.take.lead')} narrow>
      <p>{t('portal.take.proof')}</p>
      {take.isError ? <Failure error={take.error} /> : null}
      <Button loading={take.isPending} onClick={() => take.mutate()}>
        {t('portal.take.download')}
      </Button>
    </Page>
  )
}
