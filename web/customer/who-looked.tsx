import { useInfiniteQuery } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { Entries } from '../ui/entries.tsx'
import { Page } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'

/** My record: who did what with my data, when, for which task and purpose. */
export function WhoLookedPage() {
  const { t } = useWording()
  const entries = useInfiniteQuery({
    queryKey: ['portal-entries'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/portal/entries', {
          params: { query: pageParam === null ? {} : { after: Number(pageParam) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
  return (
    <Page title={t('portal.looked.title')} lead={t('portal.looked.lead')}>
      <Entries
        query={entries}
        none={t('portal.looked.none')}
        columns={t('portal.looked.column', { returnObjects: true })}
      />
    </Page>
  )
}
