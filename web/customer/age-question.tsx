import { Radio } from '@mantine/core'
import { useWording } from '../ui/wording.ts'

/** What somebody says of their age: that they have reached it or not, and nothing before they choose. */
export type Reached = 'yes' | 'no' | null

/** One question instead of a date of birth. Whoever is younger is told at once, and nothing of it is sent. */
export function AgeQuestion({
  least,
  reached,
  setReached,
  fault,
}: {
  least: number
  reached: Reached
  setReached: (reached: Reached) => void
  fault: boolean
}) {
  const { t } = useWording()
  return (
    <section className="card agreement">
      <Radio.Group
        label={t('portal.age.label')}
        description={t('portal.age.why')}
        value={reached}
        onChange={chosen => setReached(chosen === 'yes' ? 'yes' : 'no')}
        error={fault ? t('portal.age.missing') : undefined}
      >
        <Radio id="age-yes" name="age" value="yes" label={t('portal.age.yes', { least })} mt="xs" />
        <Radio name="age" value="no" label={t('portal.age.no', { least })} mt="xs" />
      </Radio.Group>
      <div role="status">{reached === 'no' ? <p>{t('portal.age.tooYoung', { least })}</p> : null}</div>
    </section>
  )
}
