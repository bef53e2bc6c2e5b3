import { Radio } from '@mantine/core'
import { Link } from '@tanstack/react-router'
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
  // From 18 on the company takes no minors at all.
  const takesMinors = least < 18
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
      <div role="status">
        {reached === 'no' ? (
          <>
            <p>{t(takesMinors ? 'portal.age.tooYoung' : 'portal.age.noMinors', { least })}</p>
            {takesMinors ? (
              <p>
                <Link to="/with-guardian">{t('portal.guardian.way')}</Link>
              </p>
            ) : null}
          </>
        ) : null}
      </div>
    </section>
  )
}
