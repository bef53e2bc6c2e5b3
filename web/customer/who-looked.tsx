import { Checkbox } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { Entries } from '../ui/entries.tsx'
import { Page } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'

/** My record: who did what with my data, when, for which task and purpose. */
export function WhoLookedPage() {
  const { t } = useWording()
  const [others, setOthers] = useState(true)
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
      <Checkbox
        label={t('portal.looked.others')}
        checked={others}
        onChange={event => setOthers(event.currentTarget.checked)}
      />
      <Entries
        query={entries}
        none={t(
          others
            ? entries.hasNextPage
              ? 'portal.looked.noOthersYet'
              : 'portal.looked.noOthers'
            : 'portal.looked.none',
        )}
        columns={t('portal.looked.column', { returnObjects: true })}
        only={entry => !others || entry.actor.role !== 'you'}
      />
    </Page>
  )
}
