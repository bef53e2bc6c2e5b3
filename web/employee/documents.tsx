import { Button, Radio, Select } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { DocumentCard } from '../ui/kept-document.tsx'
import { tell } from '../ui/notice.tsx'
import { Section } from '../ui/page.tsx'
import { arePurchases } from '../ui/purchases.tsx'
import { Answered, Empty, Failure } from '../ui/states.tsx'
import { useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import type { Reading, Task } from './task.tsx'

/** The documents that the law makes the company keep of this customer, and issuing one or correcting it. */
export function TaskDocuments({
  task,
  values,
  again,
}: {
  task: Task
  values: Reading['values']
  /** Takes the task anew: what was issued since is opened by a new grant. */
  again: () => void
}) {
  const { t } = useWording()
  const documents = useQuery({
    queryKey: ['task', task.id, 'documents', task.grant?.id],
    queryFn: () =>
      answer(api.GET('/api/v1/work/tasks/{id}/documents', { params: { path: { id: task.id } } })),
    // Each reading is an entry in the document's record.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return (
    <div className="task-documents">
      <Section title={t('work.documents.title')}>
        <Answered query={documents}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('work.documents.none')} />
            ) : (
              <ul className="cards">
                {items.map(document => (
                  <DocumentCard key={document.id} document={document} />
                ))}
              </ul>
            )
          }
        </Answered>
      </Section>
      {task.fields.includes('purchase') ? (
        <Section title={t('work.documents.issue')}>
          <Issuing task={task} purchases={boughtIn(values)} onIssued={again} />
        </Section>
      ) : null}
    </div>
  )
}

interface Bought {
  id: string
  invoice: string
  made_at: string
}

const boughtIn = (values: Reading['values']): Bought[] => {
  const value = values.purchase?.value
  return arePurchases(value)
    ? value.flatMap(one => (one.id === undefined ? [] : [{ ...one, id: one.id }]))
    : []
}

const kinds = ['first', 'buyer', 'goods', 'cancelled'] as const
const rates = ['22', '10', '5', '4', '0', 'none'] as const
const percent = { '22': 22, '10': 10, '5': 5, '4': 4, '0': 0, none: null } as const

function Issuing({ task, purchases, onIssued }: { task: Task; purchases: Bought[]; onIssued: () => void }) {
  const { t, day } = useWording()
  const form = useForm<{
    purchase: string | null
    rate: (typeof rates)[number]
    kind: (typeof kinds)[number]
  }>({
    initialValues: { purchase: null, rate: '22', kind: 'first' },
    validate: { purchase: chosen => (chosen === null ? t('work.documents.choosePurchase') : null) },
  })
  const { busy, problem, onSubmit } = useSubmit(form, async ({ purchase, rate, kind }) => {
    tell(null)
    const reason = kind === 'first' ? null : kind
    const body = { basis: 'invoice', purchase: purchase ?? '', vat_rate: percent[rate], reason }
    await answer(api.POST('/api/v1/work/tasks/{id}/documents', { params: { path: { id: task.id } }, body }))
    form.reset()
    tell(t('work.documents.done'))
    onIssued()
  })
  if (purchases.length === 0) return <p>{t('work.documents.nothing')}</p>
  return (
    <form className="form" onSubmit={onSubmit} noValidate>
      <p className="caption">{t('work.documents.issueText')}</p>
      {problem === null ? null : <Failure error={problem} />}
      <Select
        label={t('work.documents.purchase')}
        data-name="purchase"
        data={purchases.map(({ id, invoice, made_at }) => ({
          value: id,
          label: t('work.documents.bought', { invoice, when: day(made_at) }),
        }))}
        value={form.values.purchase}
        onChange={chosen => form.setFieldValue('purchase', chosen)}
        error={form.errors.purchase}
      />
      <Select
        label={t('work.documents.rate')}
        allowDeselect={false}
        data={rates.map(rate => ({ value: rate, label: t(`work.documents.rates.${rate}`) }))}
        value={form.values.rate}
        onChange={chosen => form.setFieldValue('rate', rates.find(rate => rate === chosen) ?? '22')}
      />
      <Radio.Group
        label={t('work.documents.kind')}
        value={form.values.kind}
        onChange={chosen => form.setFieldValue('kind', kinds.find(kind => kind === chosen) ?? 'first')}
      >
        {kinds.map(kind => (
          <Radio key={kind} value={kind} label={t(`work.documents.kinds.${kind}`)} mt="xs" />
        ))}
      </Radio.Group>
      <Button type="submit" loading={busy}>
        {t('work.documents.issue')}
      </Button>
    </form>
  )
}
