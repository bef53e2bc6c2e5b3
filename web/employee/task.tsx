import { Button, Radio } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, asProblem, type Reply } from '../ui/api.ts'
import { useCatalogue } from '../ui/catalogue.ts'
import { Copy } from '../ui/copy.tsx'
import { Due, Moment, useNow } from '../ui/moment.tsx'
import { useOnce } from '../ui/once.ts'
import { Page, Section } from '../ui/page.tsx'
import { arePurchases, Purchases } from '../ui/purchases.tsx'
import { Answered, Failure, Waiting } from '../ui/states.tsx'
import { textOf, useWording } from '../ui/wording.ts'
import { Caller } from './caller.tsx'
import { type Outcome, useClosing } from './closing.ts'
import { TaskDocuments } from './documents.tsx'
import { Evidence } from './evidence.tsx'
import { PairOpened } from './pair.tsx'
import { PairClosing } from './pair-closing.tsx'
import { Provenance } from './provenance.tsx'
import { WhyOpen } from './why-open.tsx'

export type Task = Reply<'/api/v1/work/tasks/{id}'>
export type Reading = Reply<'/api/v1/work/tasks/{id}/customer'>

/** A task of mine: why its fields are open, until when, the fields, and closing it. */
export function TaskPage() {
  const { t, word } = useWording()
  const { id } = useParams({ strict: false }) as { id: string }
  const task = useQuery({
    queryKey: ['task', id],
    queryFn: () => answer(api.GET('/api/v1/work/tasks/{id}', { params: { path: { id } } })),
  })
  if (task.isPending) return <Waiting />
  if (task.isError) return <NotMine error={task.error} />
  const title = t('work.task.title', { type: word('taskType', task.data.type), alias: task.data.alias })
  return (
    <Page title={title}>
      <dl className="facts">
        <div>
          <dt>{t('work.task.made')}</dt>
          <dd>
            <Moment at={task.data.made_at} />
          </dd>
        </div>
        <div>
          <dt>{t('work.task.due')}</dt>
          <dd>
            <Due at={task.data.due_at} />
          </dd>
        </div>
      </dl>
      {task.data.caller === 'unproven' ? <Caller task={task.data} /> : <Opened task={task.data} />}
      {task.data.type === 'duplicate_review' ? (
        <PairClosing task={task.data} />
      ) : (
        <Closing task={task.data} />
      )}
    </Page>
  )
}

/** 404 and 403 look alike to an employee: a task that is not theirs tells nothing of whom it is about. */
function NotMine({ error }: { error: unknown }) {
  const { t } = useWording()
  const { status } = asProblem(error)
  if (status !== 404 && status !== 403 && status !== 400) return <Failure error={error} />
  return (
    <Page title={t('work.gone.title')} lead={t('work.gone.text')} narrow>
      <Link to="/">{t('work.gone.back')}</Link>
    </Page>
  )
}

function Opened({ task }: { task: Task }) {
  // The company's own words for its fields.
  useCatalogue()
  const { t } = useWording()
  const now = useNow()
  const questions = useQueryClient()
  const live = task.grant !== null && new Date(task.grant.until).getTime() > now
  const two = task.type === 'duplicate_review'
  const reading = useQuery({
    queryKey: ['task', task.id, 'customer', task.grant?.id],
    queryFn: () =>
      answer(
        api.GET('/api/v1/work/tasks/{id}/customer', {
          params: { path: { id: task.id }, query: { fields: task.fields.join(',') } },
        }),
      ),
    enabled: live && !two,
    // Each reading is an entry in the customer's record, so it is made once per grant and never in the background.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const again = useOnce({
    mutationFn: () =>
      answer(api.POST('/api/v1/work/tasks/{id}/grants', { params: { path: { id: task.id } }, body: {} })),
    onSuccess: () => questions.invalidateQueries({ queryKey: ['task', task.id], exact: true }),
  })
  return (
    <div className={two ? 'task-rows' : 'task-columns'}>
      <WhyOpen task={task} live={live} />
      <Section title={t(two ? 'work.pair.title' : 'work.task.fields')}>
        {live && two ? (
          <PairOpened task={task} />
        ) : live ? (
          <Answered query={reading}>
            {data => (
              <>
                <Values fields={task.fields.filter(isPlain)} values={data.values} />
                {task.type === 'identity_check' ? (
                  <div className="task-evidence">
                    <Evidence task={task} values={data.values} />
                  </div>
                ) : null}
              </>
            )}
          </Answered>
        ) : (
          <>
            {again.isError ? <Failure error={again.error} /> : null}
            <p>{t('work.task.why.closed')}</p>
            <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
              {t('work.reopen')}
            </Button>
          </>
        )}
      </Section>
      {task.type === 'invoice_question' && live && reading.data !== undefined ? (
        <TaskDocuments task={task} values={reading.data.values} again={() => again.mutate()} />
      ) : null}
    </div>
  )
}

/** What has no place of its own on this page. */
const isPlain = (field: string): boolean => field !== 'document'

function Values({ fields, values }: { fields: string[]; values: Reading['values'] }) {
  const { t, word } = useWording()
  return (
    <dl className="values">
      {fields.map(field => {
        const one = values[field]
        return (
          <div key={field} className="value">
            <dt>{word('field', field)}</dt>
            {one === undefined ? (
              <dd className="dimmed">{t('work.task.none')}</dd>
            ) : (
              <Value field={field} seen={one} />
            )}
          </div>
        )
      })}
    </dl>
  )
}

function Value({ field, seen }: { field: string; seen: Reading['values'][string] }) {
  const { word } = useWording()
  const { value } = seen
  const text = textOf(value)
  return (
    <>
      {arePurchases(value) ? (
        <dd>
          <Purchases purchases={value} />
        </dd>
      ) : (
        <dd className="value-text">
          <span>{text}</span>
          <Copy text={text} what={word('field', field)} />
        </dd>
      )}
      <Provenance {...seen} />
    </>
  )
}

function Closing({ task }: { task: Task }) {
  const { t } = useWording()
  const [outcome, setOutcome] = useState<Outcome | undefined>(task.outcomes[0])
  const close = useClosing(task, t('work.task.closedNotice'))
  return (
    <Section title={t('work.task.close')}>
      <form
        className="form"
        onSubmit={event => {
          event.preventDefault()
          if (outcome !== undefined) close.mutate(outcome)
        }}
      >
        {close.isError ? <Failure error={close.error} /> : null}
        <Radio.Group
          label={t('work.task.outcome')}
          value={outcome ?? null}
          onChange={value => setOutcome(task.outcomes.find(one => one === value))}
        >
          {task.outcomes.map(one => (
            <Radio key={one} value={one} label={t(`work.task.outcomes.${one}`)} mt="xs" />
          ))}
        </Radio.Group>
        <p className="caption">{t('work.task.closeText')}</p>
        <Button type="submit" loading={close.isPending}>
          {t('work.task.close')}
        </Button>
      </form>
    </Section>
  )
}
