import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { answer, api, type ItemOf, type Reply } from '../ui/api.ts'
import { Moment } from '../ui/moment.tsx'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { useWhoDecided } from './field-wording.ts'
import { ImportProgress, type ImportRun } from './import-progress.tsx'
import { useImportWording } from './import-wording.ts'

export type Import = ItemOf<'/api/v1/office/imports'>

const columns = ['when', 'who', 'what', 'lines', 'kept', 'known', 'refused', 'state'] as const
const figures = ['lines', 'kept', 'known', 'refused'] as const

/** All imports; asked every second while one runs. */
export const useImports = () =>
  useQuery({
    queryKey: ['imports'],
    queryFn: () => answer(api.GET('/api/v1/office/imports')),
    refetchInterval: query => (isRunning(query.state.data) ? 1000 : false),
  })

/** A file is being brought in, or an import taken back. */
function isRunning(data: Omit<Reply<'/api/v1/office/imports'>, 'next'> | undefined): boolean {
  if (data === undefined) return false
  const { runs, items, undos } = data
  const undone = (id: string) => items.find(one => one.id === id)?.undone_at != null
  return (
    runs.some(run => run.ended_at === null) || undos.some(one => one.approved === true && !undone(one.import))
  )
}

export const stateOf = ({ undone_at, undo_asked_at, ended_at }: Import) =>
  undone_at !== null
    ? 'undone'
    : undo_asked_at !== null
      ? 'undoing'
      : ended_at === null
        ? 'unfinished'
        : 'done'

/** Who brought it in, by name; a command on the server names nobody. */
export function useWhoBrought(runs: readonly ImportRun[]): (one: Import) => string {
  const { t } = useImportWording()
  const nameOf = useWhoDecided()
  return ({ id, ended_at: ended }) => {
    // For a moment the one that runs does not say yet which import it is.
    const run = runs.find(one => one.import === id) ?? (ended === null ? runs[0] : undefined)
    return run === undefined ? t('office.imports.onServer') : nameOf(run.begun_by)
  }
}

/** The files that were brought in, and the one that is being brought in. */
export function ImportsPage() {
  const { t } = useImportWording()
  const navigate = useNavigate()
  const imports = useImports()
  return (
    <Page
      title={t('office.imports.title')}
      lead={t('office.imports.lead')}
      actions={
        <Button
          onClick={() => {
            tell(null)
            void navigate({ to: '/imports/new' })
          }}
        >
          {t('office.imports.add')}
        </Button>
      }
    >
      <Answered query={imports}>
        {({ items, runs }) => (
          <div className="imports">
            <ImportProgress run={runs[0]} />
            {items.length === 0 ? (
              <Empty title={t('office.imports.none')}>{t('office.imports.noneText')}</Empty>
            ) : (
              <ImportTable items={items} runs={runs} />
            )}
          </div>
        )}
      </Answered>
    </Page>
  )
}

function ImportTable({ items, runs }: { items: Import[]; runs: ImportRun[] }) {
  const { t, number } = useImportWording()
  const whoBrought = useWhoBrought(runs)
  const label = (column: (typeof columns)[number]) => ({ 'data-label': t(`office.imports.column.${column}`) })
  return (
    <table className="rows">
      <caption className="hidden">{t('office.imports.title')}</caption>
      <thead>
        <tr>
          {columns.map(column => (
            <th
              key={column}
              scope="col"
              className={(figures as readonly string[]).includes(column) ? 'figure' : undefined}
            >
              {t(`office.imports.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map(one => (
          <tr key={one.id}>
            <th scope="row" {...label('when')}>
              <Link to="/imports/$id" params={{ id: one.id }} onClick={() => tell(null)}>
                <Moment at={one.started_at} />
              </Link>
            </th>
            <td {...label('who')}>{whoBrought(one)}</td>
            <td {...label('what')}>
              {t('office.imports.from', { kind: t(`office.imports.kind.${one.kind}`), source: one.source })}
            </td>
            {figures.map(figure => (
              <td key={figure} className="figure" {...label(figure)}>
                {number(one[figure])}
              </td>
            ))}
            <td {...label('state')}>
              <span className="state-word">{t(`office.imports.state.${stateOf(one)}`)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
