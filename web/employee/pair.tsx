import { useQuery } from '@tanstack/react-query'
import { answer, api, type Reply } from '../ui/api.ts'
import { useCatalogue } from '../ui/catalogue.ts'
import { useDatumText } from '../ui/datum-value.tsx'
import { Answered } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { differing } from './differing.ts'
import type { Task } from './task.tsx'

type Pair = Reply<'/api/v1/work/tasks/{id}/pair'>
type Person = Pair['people'][number]

/** The two customers of a review side by side, field by field: what is the same, and where the two differ. */
export function PairOpened({ task }: { task: Task }) {
  const pair = useQuery({
    queryKey: ['task', task.id, 'pair', task.grant?.id],
    queryFn: () => answer(api.GET('/api/v1/work/tasks/{id}/pair', { params: { path: { id: task.id } } })),
    // As with one customer: read once per grant and never in the background.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return <Answered query={pair}>{({ people }) => <SideBySide task={task} people={people} />}</Answered>
}

function SideBySide({ task, people }: { task: Task; people: Person[] }) {
  const { t } = useWording()
  const [one, other] = people
  if (one === undefined || other === undefined) return null
  return (
    <table className="rows pair">
      <caption className="hidden">{t('work.pair.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('work.pair.field')}</th>
          <th scope="col">{one.alias}</th>
          <th scope="col">{other.alias}</th>
          <th scope="col">{t('work.pair.compared')}</th>
        </tr>
      </thead>
      <tbody>
        {task.fields.map(field => (
          <Compared key={field} field={field} one={one} other={other} />
        ))}
      </tbody>
    </table>
  )
}

function Compared({ field, one, other }: { field: string; one: Person; other: Person }) {
  const { t, word } = useWording()
  const catalogue = useCatalogue().data
  const say = useDatumText()
  const known = catalogue?.find(entry => entry.code === field)
  const textOf = ({ values }: Person): string | null =>
    values[field] === undefined ? null : say(known, values[field].value)
  const [left, right] = [textOf(one), textOf(other)]
  const outcome = left === null || right === null ? 'missing' : left === right ? 'same' : 'different'
  return (
    <tr className={`pair-${outcome}`}>
      <th scope="row" data-label={t('work.pair.field')}>
        {word('field', field)}
      </th>
      {[
        { person: one, text: left, beside: right },
        { person: other, text: right, beside: left },
      ].map(({ person, text, beside }) => (
        <td key={person.alias} data-label={person.alias}>
          {text === null ? (
            <span className="dimmed">{t('work.pair.none')}</span>
          ) : (
            <Marked text={text} beside={beside} />
          )}
          <Origin value={person.values[field]} />
        </td>
      ))}
      <td data-label={t('work.pair.compared')}>{t(`work.pair.outcome.${outcome}`)}</td>
    </tr>
  )
}

/** What is not so in the other is marked, and the last column says it in words. */
function Marked({ text, beside }: { text: string; beside: string | null }) {
  if (beside === null || beside === text) return <span className="pair-text">{text}</span>
  const [before, differs, after] = differing(text, beside)
  return (
    <span className="pair-text">
      {before}
      {differs === '' ? null : <mark>{differs}</mark>}
      {after}
    </span>
  )
}

function Origin({ value }: { value: Person['values'][string] | undefined }) {
  const { t, word, day } = useWording()
  if (value === undefined) return null
  return (
    <span className="caption">
      {t('work.task.from', { source: word('source', value.source), when: day(value.at) })}
      {value.verified === null ? null : ` · ${word('verified', value.verified.method)}`}
    </span>
  )
}
