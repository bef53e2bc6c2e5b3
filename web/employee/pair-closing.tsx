import { Button, Radio } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import type { Task } from './task.tsx'

const outcomes = ['not_same', 'same', 'cannot_say'] as const
type Outcome = (typeof outcomes)[number]

/** Whether the two are one person: nothing is chosen beforehand. */
export function PairClosing({ task }: { task: Task }) {
  const { t } = useWording()
  const navigate = useNavigate()
  const questions = useQueryClient()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const close = useOnce({
    mutationFn: async () => {
      if (outcome === null) return
      await answer(
        api.POST('/api/v1/work/tasks/{id}/closures', {
          params: { path: { id: task.id } },
          body: { outcome },
        }),
      )
    },
    onSuccess: async () => {
      questions.removeQueries({ queryKey: ['task', task.id] })
      void questions.invalidateQueries({ queryKey: ['tasks'] })
      tell(t('work.pair.decided'))
      await navigate({ to: '/', search: { state: 'open' } })
    },
  })
  return (
    <Section title={t('work.pair.decide')}>
      <form
        className="form"
        onSubmit={event => {
          event.preventDefault()
          close.mutate()
        }}
      >
        {close.isError ? <Failure error={close.error} /> : null}
        <Radio.Group
          label={t('work.pair.question')}
          value={outcome}
          onChange={value => setOutcome(outcomes.find(one => one === value) ?? null)}
        >
          {outcomes.map(one => (
            <Radio
              key={one}
              value={one}
              label={t(`work.pair.outcomes.${one}`)}
              description={t(`work.pair.after.${one}`)}
              mt="xs"
            />
          ))}
        </Radio.Group>
        <p className="caption">{t('work.pair.decideText')}</p>
        <Button type="submit" disabled={outcome === null} loading={close.isPending}>
          {t('work.pair.decide')}
        </Button>
      </form>
    </Section>
  )
}
