import { textOf, useWording } from '../ui/wording.ts'
import type { Reading } from './task.tsx'

type Seen = Reading['values'][string]

/** Where a value is from, how it was shown to be right, by whom and until when, and what speaks against it. */
export function Provenance({ source, at, verified, awaiting, disputed }: Seen) {
  const { t, word, moment, day, date } = useWording()
  const parts = [t('work.task.from', { source: word('source', source), when: moment(at) })]
  if (verified === null) parts.push(t('work.task.notVerified'))
  else {
    const who = [verified.by, verified.second].filter(one => one !== null && one !== 'customer')
    parts.push(
      t('work.task.verified', { method: word('verified', verified.method), when: moment(verified.at) }),
    )
    if (who.length > 0) parts.push(t('work.evidence.by', { who: who.join(', ') }))
    if (verified.until !== null) parts.push(t('work.evidence.until', { when: day(verified.until) }))
  }
  return (
    <>
      <dd className="caption">{parts.join(' · ')}</dd>
      {awaiting === null ? null : (
        <dd className="caption">{t('work.evidence.awaiting', { who: awaiting.by ?? '' })}</dd>
      )}
      {disputed === null ? null : (
        <dd className="warning">
          <p>
            {t(disputed.claims.length === 0 ? 'work.evidence.doubted' : 'work.evidence.disputed', {
              when: day(disputed.since),
            })}
          </p>
          {disputed.claims.map(claim => (
            <p key={`${claim.source} ${claim.at}`}>
              <span className="value-text">{textOf(claim.value)}</span>
              <span className="caption">
                {' '}
                {t('work.task.from', { source: word('source', claim.source), when: moment(claim.at) })}
                {claim.brought === null
                  ? ''
                  : ` · ${t('work.evidence.brought', { ...claim.brought, day: date(claim.brought.day) })}`}
              </span>
            </p>
          ))}
        </dd>
      )}
    </>
  )
}
