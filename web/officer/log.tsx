import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { Entries } from '../ui/entries.tsx'
import { useOnce } from '../ui/once.ts'
import { Page, Section } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { LogCounts } from './log-counts.tsx'

/** The organisation's own lines, and the verification of the whole log. */
export function LogPage() {
  const { t } = useWording()
  const entries = useInfiniteQuery({
    queryKey: ['office-entries'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/office/entries', {
          params: { query: pageParam === null ? {} : { after: Number(pageParam) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
  return (
    <Page title={t('office.log.title')} lead={t('office.log.lead')}>
      <Verification />
      <LogCounts />
      <Section title={t('office.log.own')}>
        <Entries
          query={entries}
          none={t('office.log.none')}
          columns={t('office.log.column', { returnObjects: true })}
        />
      </Section>
    </Page>
  )
}

function Verification() {
  const { t, number } = useWording()
  const verify = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/office/log-verifications', { body: {} })),
  })
  const found = verify.data
  return (
    <div className="verification" role="status">
      <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
        {t('office.log.verify')}
      </Button>
      {verify.isError ? <Failure error={verify.error} /> : null}
      {found?.ok === true ? (
        <div className="notice">
          <div>
            <p className="strong">{t('office.log.verified', { size: number(found.size) })}</p>
            <p className="caption">
              {t('office.log.root')}: <code>{found.root}</code>
            </p>
          </div>
        </div>
      ) : null}
      {found?.ok === false ? (
        <div className="failure">
          <p className="failure-title">{t('office.log.broken', { entry: found.entry })}</p>
          <p>{t('office.log.brokenText', { what: found.what })}</p>
        </div>
      ) : null}
    </div>
  )
}
