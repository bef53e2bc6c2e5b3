import { useNow } from '../ui/moment.tsx'
import { useWording } from '../ui/wording.ts'
import type { Task } from './task.tsx'

/** Why the fields are open to me, in words, and until when: the same the customer will read of it. */
export function WhyOpen({ task, live }: { task: Task; live: boolean }) {
  const { t, word, words, hour, distance, language } = useWording()
  const now = useNow()
  const policies = task.grant?.policies ?? []
  return (
    <section className="why" aria-labelledby="why">
      <h2 id="why">{t('work.task.why.title')}</h2>
      <dl>
        <dt>{t('work.task.why.purpose')}</dt>
        <dd>{t('work.task.why.purposeText', { purpose: word('purpose', task.purpose) })}</dd>
        <dt>{t('work.task.why.type')}</dt>
        <dd>
          {t('work.task.why.typeText', {
            type: word('taskType', task.type),
            fields: words('field', task.fields),
          })}
        </dd>
        {policies.map(policy => (
          <div key={policy.id} className="why-rule">
            <dt>{t('work.task.why.policy')}</dt>
            <dd>{policy[language]}</dd>
          </div>
        ))}
        {task.grant === null ? null : (
          <>
            <dt>{t('work.task.why.until')}</dt>
            <dd>
              {live
                ? t('work.task.why.untilText', {
                    hour: hour(task.grant.until),
                    left: distance(task.grant.until, now),
                  })
                : t('work.task.why.over')}
            </dd>
          </>
        )}
      </dl>
      {live ? <p className="why-trail">{t('work.task.why.trail')}</p> : null}
    </section>
  )
}
