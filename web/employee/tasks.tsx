import { Button } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { answer, api, type ItemOf } from '../ui/api.ts'
import { Due } from '../ui/moment.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

const tabs = ['open', 'mine', 'closed'] as const
type Tab = (typeof tabs)[number]
type Task = ItemOf<'/api/v1/work/tasks'>

export const isTab = (value: unknown): value is Tab => tabs.some(tab => tab === value)

/** The tasks, by what they are to me. A customer appears by alias; a name only where my live grant opens it. */
export function TasksPage() {
  const { t } = useWording()
  const search = useSearch({ strict: false }) as { state?: Tab }
  const tab = search.state ?? 'open'
  return (
    <Page title={t('work.tasks')} lead={t('work.tasksLead')}>
      <nav aria-label={t('work.tabs')} className="tabs">
        <ul>
          {tabs.map(one => (
            <li key={one}>
              <Link
                to="/"
                search={{ state: one }}
                onClick={() => tell(null)}
                {...(one === tab ? { 'aria-current': 'page' as const } : {})}
              >
                {t(`work.tab.${one}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <TaskList key={tab} tab={tab} />
    </Page>
  )
}

function TaskList({ tab }: { tab: Tab }) {
  const { t } = useWording()
  const tasks = useInfiniteQuery({
    queryKey: ['tasks', tab],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/work/tasks', {
          params: { query: { state: tab, ...(pageParam === null ? {} : { after: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    refetchInterval: tab === 'open' ? 30_000 : false,
  })
  const take = useTaking()
  if (tasks.isPending) return <Waiting />
  if (tasks.isError) return <Failure error={tasks.error} again={() => void tasks.refetch()} />
  const items = tasks.data.pages.flatMap(page => page.items)
  return (
    <>
      {take.isError ? <Failure error={take.error} /> : null}
      {items.length === 0 ? (
        <Empty title={t(`work.empty.${tab}`)}>{t(`work.empty.${tab}Text`)}</Empty>
      ) : (
        <table className="rows">
          <caption className="hidden">{t(`work.tab.${tab}`)}</caption>
          <thead>
            <tr>
              <th scope="col">{t('work.column.task')}</th>
              <th scope="col">{t('work.column.customer')}</th>
              <th scope="col">{t('work.column.made')}</th>
              <th scope="col">{t('work.column.due')}</th>
              {tab === 'closed' ? null : (
                <th scope="col">
                  <span className="hidden">{t('work.column.act')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {items.map(task => (
              <TaskRow
                key={task.id}
                task={task}
                tab={tab}
                taking={take.isPending ? take.variables : null}
                take={() => take.mutate(task.id)}
              />
            ))}
          </tbody>
        </table>
      )}
      {tasks.hasNextPage ? (
        <Button
          variant="default"
          mt="md"
          loading={tasks.isFetchingNextPage}
          onClick={() => void tasks.fetchNextPage()}
        >
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}

function useTaking() {
  const questions = useQueryClient()
  const navigate = useNavigate()
  return useOnce({
    mutationFn: async (id: string) => {
      await answer(api.POST('/api/v1/work/tasks/{id}/grants', { params: { path: { id } }, body: {} }))
      return id
    },
    onMutate: () => tell(null),
    onSuccess: async id => {
      void questions.invalidateQueries({ queryKey: ['task', id] })
      await navigate({ to: '/tasks/$id', params: { id } })
    },
    onSettled: () => questions.invalidateQueries({ queryKey: ['tasks'] }),
  })
}

function TaskRow({
  task,
  tab,
  taking,
  take,
}: {
  task: Task
  tab: Tab
  /** The task that is being taken now. */
  taking: string | null
  take: () => void
}) {
  const { t, word, moment } = useWording()
  return (
    <tr>
      <th scope="row" data-label={t('work.column.task')}>
        {word('taskType', task.type)}
        {task.outcome === null ? null : (
          <span className="task-outcome">{t(`work.task.outcomes.${task.outcome}`)}</span>
        )}
      </th>
      <td data-label={t('work.column.customer')}>
        {task.name === null ? null : <span className="strong">{task.name} </span>}
        <span className="alias">{task.alias}</span>
      </td>
      <td data-label={t('work.column.made')}>{moment(task.made_at)}</td>
      <td data-label={t('work.column.due')}>
        {tab === 'closed' ? moment(task.due_at) : <Due at={task.due_at} />}
      </td>
      {tab === 'closed' ? null : (
        <td className="act">
          {tab === 'open' ? (
            <Button
              size="compact-md"
              loading={taking === task.id}
              disabled={taking !== null}
              onClick={take}
              aria-label={t('work.takeTask', { alias: task.alias })}
            >
              {t('work.take')}
            </Button>
          ) : (
            <Link
              to="/tasks/$id"
              params={{ id: task.id }}
              aria-label={t('work.openTaskOf', { alias: task.alias })}
              onClick={() => tell(null)}
            >
              {t('work.openTask')}
            </Link>
          )}
        </td>
      )}
    </tr>
  )
}
