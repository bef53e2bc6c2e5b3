import { Button } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type ItemOf } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Moment } from '../ui/moment.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

type Destruction = ItemOf<'/api/v1/office/destructions'>
const columns = ['act', 'slots', 't0', 't1', 't2', 'custodians'] as const

/** The destructions and their three times; and rolling the keys, which brings those that wait to t1. */
export function DestructionsPage() {
  const { t } = useWording()
  const [asking, setAsking] = useState(false)
  const list = useInfiniteQuery({
    queryKey: ['destructions'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/office/destructions', {
          params: { query: pageParam === null ? {} : { after: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
  const items = list.data?.pages.flatMap(page => page.items) ?? []
  return (
    <Page
      title={t('office.destructions.title')}
      lead={t('office.destructions.lead')}
      actions={<Button onClick={() => setAsking(true)}>{t('office.destructions.roll')}</Button>}
    >
      {list.isPending ? <Waiting /> : null}
      {list.isError ? <Failure error={list.error} again={() => void list.refetch()} /> : null}
      {list.isSuccess && items.length === 0 ? (
        <Empty title={t('office.destructions.none')}>{t('office.destructions.noneText')}</Empty>
      ) : null}
      {items.length === 0 ? null : <DestructionTable items={items} />}
      {list.hasNextPage ? (
        <Button
          variant="default"
          mt="md"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t('more')}
        </Button>
      ) : null}
      {asking ? <RollDialog onClose={() => setAsking(false)} /> : null}
    </Page>
  )
}

function DestructionTable({ items }: { items: Destruction[] }) {
  const { t } = useWording()
  return (
    <table className="rows">
      <caption className="hidden">{t('office.destructions.title')}</caption>
      <thead>
        <tr>
          {columns.map(column => (
            <th key={column} scope="col">
              {t(`office.destructions.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map(one => (
          <tr key={one.act}>
            <th scope="row" data-label={t('office.destructions.column.act')}>
              <code title={one.act}>{one.act.slice(0, 8)}</code>
            </th>
            <td data-label={t('office.destructions.column.slots')}>{one.slots.join(', ')}</td>
            <td data-label={t('office.destructions.column.t0')}>
              <Moment at={one.t0} />
            </td>
            <td data-label={t('office.destructions.column.t1')}>
              {one.t1 === null ? (
                <span className="late">{t('office.destructions.waiting')}</span>
              ) : (
                <>
                  <Moment at={one.t1} />
                  {one.epoch === null ? null : (
                    <span className="caption"> {t('office.destructions.epoch', { epoch: one.epoch })}</span>
                  )}
                </>
              )}
            </td>
            <td data-label={t('office.destructions.column.t2')}>
              <Known t2={one.t2} />
            </td>
            <td data-label={t('office.destructions.column.custodians')}>
              <Custodians of={one} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Who destroyed, and who is only stated to have been destroyed or was never asked. */
function Custodians({ of }: { of: Destruction }) {
  const { t } = useWording()
  const said = of.custodians.map(({ id, state, statement }) => {
    if (state === 'stated') return t('office.destructions.stated', { who: id, statement })
    return state === 'left-out' ? t('office.destructions.leftOut', { who: id }) : id
  })
  return said.length === 0 ? '–' : [...new Set(said)].join(', ')
}

/** The copies that are known, each with its end; none is a good answer. */
function Known({ t2 }: { t2: Destruction['t2'] }) {
  const { t, day } = useWording()
  if (t2 === null) return '–'
  if (t2.waits.length === 0) return t('office.destructions.t2')
  return t2.waits
    .map(({ id, until }) =>
      until === null
        ? t('office.destructions.leftOut', { who: id })
        : t('office.destructions.until', { who: id, when: day(until) }),
    )
    .join('; ')
}

function RollDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const roll = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/office/rolls', { body: {} })),
    onMutate: () => tell(null),
    onSuccess: async ({ epoch, slots }) => {
      tell(t('office.destructions.rolled', { epoch, count: slots }))
      onClose()
      void questions.invalidateQueries({ queryKey: ['overview'] })
      await questions.invalidateQueries({ queryKey: ['destructions'] })
    },
  })
  return (
    <Dialog title={t('office.destructions.confirmTitle')} onClose={onClose}>
      <p>{t('office.destructions.rollText')}</p>
      {roll.isError ? <Failure error={roll.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose} autoFocus>
          {t('cancel')}
        </Button>
        <Button loading={roll.isPending} onClick={() => roll.mutate()}>
          {t('office.destructions.roll')}
        </Button>
      </div>
    </Dialog>
  )
}
