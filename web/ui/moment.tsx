import { useEffect, useState } from 'react'
import { useWording } from './wording.ts'

/** The time of day, renewed twice a minute: enough for minutes, and nothing on the page flickers. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** A point in time in the reader's own format, and for machines. */
export function Moment({ at }: { at: string }) {
  const { moment } = useWording()
  return <time dateTime={at}>{moment(at)}</time>
}

/** When something is due, as a distance; what is late is said in words too. */
export function Due({ at }: { at: string }) {
  const { t, distance, moment } = useWording()
  const now = useNow()
  const late = new Date(at).getTime() < now
  const when = distance(at, now)
  return (
    <time dateTime={at} title={moment(at)} className={late ? 'late' : undefined}>
      {late ? t('ago.overdue', { when }) : t('ago.due', { when })}
    </time>
  )
}
