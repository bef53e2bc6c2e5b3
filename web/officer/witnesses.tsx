import type { Reply } from '../ui/api.ts'
import { Copy } from '../ui/copy.tsx'
import { useWording } from '../ui/wording.ts'

type Witness = Reply<'/api/v1/office/overview'>['witnesses'][number]

const alarming = ['larger', 'other', 'unknown_log', 'not_signed', 'unreachable'] as const
type Alarm = (typeof alarming)[number]

const alarmOf = ({ state }: Witness): Alarm | undefined => alarming.find(alarm => alarm === state)

/** What a witness refuses or has not answered, and what to do about it. Nothing while all of them sign. */
export function WitnessAlarms({ witnesses }: { witnesses: Witness[] }) {
  const { t, moment } = useWording()
  return witnesses.map(one => {
    const alarm = alarmOf(one)
    if (alarm === undefined) return null
    const about = { who: one.name, when: one.since === null ? '' : moment(one.since) }
    return (
      <div className="warning" role="note" key={one.name}>
        <h2>{t(`office.witnesses.${alarm}`, about)}</h2>
        <p>{t(`office.witnesses.${alarm}Text`)}</p>
        {one.held === null ? null : <HeldCheckpoint note={one.held} />}
      </div>
    )
  })
}

function HeldCheckpoint({ note }: { note: string }) {
  const { t } = useWording()
  const name = t('office.witnesses.held')
  return (
    <div className="document">
      <div className="section-head">
        <h3>{name}</h3>
        <Copy text={note} what={name} />
      </div>
      <pre className="code-line">{note}</pre>
    </div>
  )
}

/** Who signs the log elsewhere, and how far each has. */
export function Witnesses({ witnesses }: { witnesses: Witness[] }) {
  const { t, number, moment } = useWording()
  if (witnesses.length === 0) return <p className="caption">{t('office.witnesses.none')}</p>
  return (
    <ul className="lines" aria-label={t('office.witnesses.title')}>
      {witnesses.map(({ name, cosigned }) => (
        <li key={name}>
          <span>{t('office.witnesses.witness', { who: name })}</span>
          <span className="caption">
            {cosigned === null
              ? t('office.witnesses.waiting')
              : t('office.witnesses.cosigned', {
                  size: number(cosigned.size),
                  when: moment(cosigned.at),
                })}
          </span>
        </li>
      ))}
    </ul>
  )
}
