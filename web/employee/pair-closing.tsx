import { Button, Radio } from '@mantine/core'
import { useState } from 'react'
import { Section } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { useClosing } from './closing.ts'
import type { Task } from './task.tsx'

const outcomes = ['not_same', 'same', 'cannot_say'] as const
type Outcome = (typeof outcomes)[number]

/** Whether the two are one person: nothing is chosen beforehand. */
export function PairClosing({ task }: { task: Task }) {
  const { t } = useWording()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const close = useClosing(task, t('work.pair.decided'))
  return (
    <Section title={t('work.pair.decide')}>
      <form
        className="form"
        onSubmit={event => {
          event.preventDefault()
          if (outcome !== null) close.mutate(outcome)
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
