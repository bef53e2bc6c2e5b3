import { Button, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { Answered, Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

type Rule = Reply<'/api/v1/office/age'>
type Least = Rule['least']
const ages: Least[] = [13, 14, 15, 16, 18]

/** From which age customers agree for themselves. */
export function Age() {
  const { t } = useWording()
  const rule = useQuery({
    queryKey: ['office-age'],
    queryFn: () => answer(api.GET('/api/v1/office/age')),
  })
  return (
    <Section title={t('office.age.title')}>
      <p className="caption">{t('office.age.text')}</p>
      <Answered query={rule}>{now => <Deciding key={now.version} now={now} />}</Answered>
    </Section>
  )
}

function Deciding({ now }: { now: Rule }) {
  const { t, day } = useWording()
  const questions = useQueryClient()
  const [least, setLeast] = useState<Least>(now.least)
  const decide = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/office/ages', { body: { after: now.version, least } })),
    onMutate: () => tell(null),
    onSuccess: () => tell(t('office.age.done')),
    onSettled: () => questions.invalidateQueries({ queryKey: ['office-age'] }),
  })
  return (
    <div className="form">
      {decide.isError ? <Failure error={decide.error} /> : null}
      <Select
        label={t('office.age.label')}
        description={
          now.decided_at === null
            ? t('office.age.undecided')
            : t('office.age.since', { when: day(now.decided_at) })
        }
        allowDeselect={false}
        data={ages.map(age => ({
          value: String(age),
          label: t(age === 18 ? 'office.age.adults' : 'office.age.years', { age }),
        }))}
        value={String(least)}
        onChange={chosen => setLeast(ages.find(age => String(age) === chosen) ?? now.least)}
      />
      <Button
        disabled={least === now.least && now.decided_at !== null}
        loading={decide.isPending}
        onClick={() => decide.mutate()}
      >
        {t('office.age.decide')}
      </Button>
    </div>
  )
}
