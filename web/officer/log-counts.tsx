import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { Copy } from '../ui/copy.tsx'
import { Section } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

type Counts = Reply<'/api/v1/office/log-counts'>

const spans = ['7', '30', '90'] as const
type Span = (typeof spans)[number]

/** What is in the log, counted by kind and by day, and how far it is signed. Nobody is named. */
export function LogCounts() {
  const { t } = useWording()
  const [span, setSpan] = useState<Span>('7')
  const counts = useQuery({
    queryKey: ['log-counts', span],
    queryFn: () => answer(api.GET('/api/v1/office/log-counts', { params: { query: { days: span } } })),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <Section title={t('office.counts.title')} aside={<Spans chosen={span} onChoose={setSpan} />}>
        <Answered query={counts}>{data => <Counted counts={data} />}</Answered>
      </Section>
      <Section title={t('office.counts.standing')}>
        <Answered query={counts}>{data => <Standing log={data.log} />}</Answered>
      </Section>
    </>
  )
}

function Spans({ chosen, onChoose }: { chosen: Span; onChoose: (span: Span) => void }) {
  const { t } = useWording()
  return (
    <fieldset className="spans">
      <legend className="hidden">{t('office.counts.span')}</legend>
      {spans.map(span => (
        <button key={span} type="button" aria-pressed={span === chosen} onClick={() => onChoose(span)}>
          {t('office.counts.days', { count: Number(span) })}
        </button>
      ))}
    </fieldset>
  )
}

function Counted({ counts }: { counts: Counts }) {
  const { t, number } = useWording()
  const { kinds, days, table, log } = counts
  return (
    <>
      {table.whole ? null : (
        <div className="warning" role="note">
          <h3>{t('office.counts.changed')}</h3>
          <p>{t('office.counts.changedText')}</p>
        </div>
      )}
      {kinds.length === 0 ? (
        <Empty title={t('office.counts.none')} />
      ) : (
        <div className="counted">
          <KindTable kinds={kinds} />
          <DayTable days={days} />
        </div>
      )}
      {table.whole && table.entries < log.size ? (
        <p className="caption" role="status">
          {t('office.counts.behind', { entries: number(table.entries), size: number(log.size) })}
        </p>
      ) : null}
    </>
  )
}

function KindTable({ kinds }: { kinds: Counts['kinds'] }) {
  const { t, number, word } = useWording()
  return (
    <table className="rows counts">
      <caption className="hidden">{t('office.counts.byKind')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('office.counts.kind')}</th>
          <th scope="col" className="figure">
            {t('office.counts.entries')}
          </th>
        </tr>
      </thead>
      <tbody>
        {kinds.map(({ kind, count }) => (
          <tr key={kind}>
            <th scope="row">{word('kind', kind)}</th>
            <td className="figure">{number(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function DayTable({ days }: { days: Counts['days'] }) {
  const { t, number, word, day } = useWording()
  const columns = { entries: t('office.counts.entries'), kinds: t('office.counts.ofThem') }
  return (
    <table className="rows">
      <caption className="hidden">{t('office.counts.byDay')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('office.counts.day')}</th>
          <th scope="col" className="figure">
            {columns.entries}
          </th>
          <th scope="col">{columns.kinds}</th>
        </tr>
      </thead>
      <tbody>
        {days.map(one => (
          <tr key={one.day}>
            <th scope="row" data-label={t('office.counts.day')}>
              <time dateTime={one.day}>{day(`${one.day}T12:00:00Z`)}</time>
            </th>
            <td className="figure" data-label={columns.entries}>
              {number(one.count)}
            </td>
            <td data-label={columns.kinds}>
              {one.kinds.map(({ kind, count }) => `${word('kind', kind)} ${number(count)}`).join(' · ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Standing({ log }: { log: Counts['log'] }) {
  const { t, number, moment } = useWording()
  const { size, checkpoint, cosigned } = log
  const name = t('office.overview.checkpoint')
  return (
    <>
      <dl className="figures figures-small">
        <div>
          <dt>{t('office.overview.size')}</dt>
          <dd>{number(size)}</dd>
        </div>
        <div>
          <dt>{t('office.counts.cosigned')}</dt>
          <dd>{cosigned === null ? '–' : number(cosigned.size)}</dd>
          <dd className="caption">
            {cosigned === null
              ? t('office.counts.notCosigned')
              : t('office.counts.cosignedBy', { who: cosigned.witness, when: moment(cosigned.at) })}
          </dd>
        </div>
      </dl>
      <div className="document">
        <div className="section-head">
          <h3>{name}</h3>
          <Copy text={checkpoint} what={name} />
        </div>
        <pre className="code-line">{checkpoint}</pre>
      </div>
    </>
  )
}
