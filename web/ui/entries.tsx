import { Button } from '@mantine/core'
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ItemOf } from './api.ts'
import { Moment } from './moment.tsx'
import { Empty, Failure, Waiting } from './states.tsx'
import { useWording } from './wording.ts'

type Entry = ItemOf<'/api/v1/portal/entries'>
type EntryList = UseInfiniteQueryResult<InfiniteData<{ items: Entry[]; next: string | null }>>

export interface EntryColumns {
  when: string
  who: string
  what: string
  fields: string
  why: string
}

/** Lines of the log: a table where there is room, cards on a phone. Newest first, as the server gives them. */
export function Entries({
  query,
  columns,
  none,
  only = () => true,
}: {
  query: EntryList
  columns: EntryColumns
  none: string
  only?: (entry: Entry) => boolean
}) {
  const { t } = useWording()
  if (query.isPending) return <Waiting />
  if (query.isError) return <Failure error={query.error} again={() => void query.refetch()} />
  const items = query.data.pages.flatMap(page => page.items).filter(only)
  return (
    <>
      {items.length === 0 ? <Empty title={none} /> : <EntryTable items={items} columns={columns} />}
      {query.hasNextPage ? (
        <Button
          variant="default"
          mt="md"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}

function EntryTable({ items, columns }: { items: Entry[]; columns: EntryColumns }) {
  return (
    <table className="rows entries">
      <thead>
        <tr>
          {(['when', 'who', 'what', 'fields', 'why'] as const).map(column => (
            <th key={column} scope="col">
              {columns[column]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map(entry => (
          <EntryRow key={entry.index} entry={entry} columns={columns} />
        ))}
      </tbody>
    </table>
  )
}

function EntryRow({ entry, columns }: { entry: Entry; columns: EntryColumns }) {
  const { t, word, words } = useWording()
  const { role, name } = entry.actor
  const why = [
    entry.purpose === null ? null : word('purpose', entry.purpose),
    entry.task?.type == null ? null : word('taskType', entry.task.type),
  ].filter(part => part !== null)
  return (
    <tr className={role === 'employee' ? 'entry-look' : undefined}>
      <td data-label={columns.when}>
        <Moment at={entry.time} />{' '}
        <span className="entry-index">{t('entryLine', { index: entry.index })}</span>
      </td>
      <th scope="row" data-label={columns.who}>
        {name === null ? word('role', role) : `${name}, ${word('role', role).toLocaleLowerCase()}`}
      </th>
      <td data-label={columns.what}>
        {word('kind', entry.kind)}
        {entry.result === 'refused' || entry.result === 'failed' ? (
          <span className="late"> ({word('result', entry.result)})</span>
        ) : null}
      </td>
      <Cell label={columns.fields} text={words('field', entry.fields)} />
      <Cell label={columns.why} text={why.join(' · ')} />
    </tr>
  )
}

function Cell({ label, text }: { label: string; text: string }) {
  return (
    <td data-label={label} className={text === '' ? 'nothing' : undefined}>
      {text === '' ? '–' : text}
    </td>
  )
}
