import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { Answered, Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

const kinds = ['waiting', 'same', 'not_same', 'cannot_say', 'merged'] as const

/** How many pairs of customers may be one person, and what was decided: counts, never people. */
export function Duplicates() {
  const { t, number } = useWording()
  const counts = useQuery({
    queryKey: ['office-duplicates'],
    queryFn: () => answer(api.GET('/api/v1/office/duplicates')),
    refetchInterval: 60_000,
  })
  const search = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/office/duplicate-searches', { body: {} })),
    onSuccess: () => tell(t('office.duplicates.asked')),
  })
  return (
    <Section title={t('office.duplicates.title')}>
      <p className="caption">{t('office.duplicates.text')}</p>
      <Answered query={counts}>
        {data => (
          <dl className="figures figures-small">
            {kinds.map(kind => (
              <div key={kind}>
                <dt>{t(`office.duplicates.${kind}`)}</dt>
                <dd>{number(data[kind])}</dd>
              </div>
            ))}
          </dl>
        )}
      </Answered>
      {search.isError ? <Failure error={search.error} /> : null}
      <Button variant="default" mt="sm" loading={search.isPending} onClick={() => search.mutate()}>
        {t('office.duplicates.search')}
      </Button>
    </Section>
  )
}
