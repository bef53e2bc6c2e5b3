import { Checkbox } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { Entries } from '../ui/entries.tsx'
import { Page } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'
import { LogCheck } from './log-check.tsx'
import { usePortalSession } from './session.ts'

/** My record: who did what with my data, when, for which task and purpose. */
export function WhoLookedPage() {
  const { t } = useWording()
  const [others, setOthers] = useState(true)
  const session = usePortalSession()
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
      {session.data == null ? null : (
        <LogCheck alias={session.data.alias} shown={entries.data?.pages.flatMap(page => page.items) ?? []} />
      )}
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
