import { Button, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type ItemOf } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

type Issued = ItemOf<'/api/v1/office/documents'>

/** The documents by the company's own number, and nobody's name; one of them can be given to an employee. */
export function IssuedDocuments() {
  const { t } = useWording()
  const [typed, setTyped] = useState('')
  const [number, setNumber] = useState('')
  const [asking, setAsking] = useState<Issued | null>(null)
  const list = useInfiniteQuery({
    queryKey: ['issued-documents', number],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/office/documents', {
          params: {
            query: {
              ...(number === '' ? {} : { number }),
              ...(pageParam === null ? {} : { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
  const items = list.data?.pages.flatMap(page => page.items) ?? []
  return (
    <Section title={t('office.law.documents')}>
      <p className="caption">{t('office.law.documentsText')}</p>
      <form
        className="law-find"
        onSubmit={event => {
          event.preventDefault()
          setNumber(typed.trim())
        }}
      >
        <TextInput
          label={t('office.law.number')}
          autoComplete="off"
          value={typed}
          maxLength={60}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('office.law.find')}
        </Button>
      </form>
      {list.isPending ? <Waiting /> : null}
      {list.isError ? <Failure error={list.error} again={() => void list.refetch()} /> : null}
      {list.isSuccess && items.length === 0 ? (
        <Empty title={t(number === '' ? 'office.law.noneIssued' : 'office.law.noDocuments')} />
      ) : null}
      <ul className="lines">
        {items.map(one => (
          <Line key={one.id} issued={one} ask={() => setAsking(one)} />
        ))}
      </ul>
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
      {asking === null ? null : <Giving issued={asking} onClose={() => setAsking(null)} />}
    </Section>
  )
}

const titleOf = (t: ReturnType<typeof useWording>['t'], { number, part }: Issued): string =>
  part === 0 ? number : `${number}, ${t('office.law.part', { part })}`

function Line({ issued, ask }: { issued: Issued; ask: () => void }) {
  const { t, day } = useWording()
  const said = [
    t('office.law.issued', { when: day(issued.issued_at) }),
    t('office.law.until', { when: day(issued.until) }),
    issued.left ? t('office.law.left') : null,
    issued.asked ? t('office.law.given') : null,
  ]
  return (
    <li>
      <span>
        <strong>{titleOf(t, issued)}</strong>
        <span className="caption"> {said.filter(one => one !== null).join(' · ')}</span>
      </span>
      {issued.asked ? null : (
        <Button
          size="compact-sm"
          variant="default"
          onClick={ask}
          aria-label={`${t('office.law.give')}: ${titleOf(t, issued)}`}
        >
          {t('office.law.give')}
        </Button>
      )}
    </li>
  )
}

function Giving({ issued, onClose }: { issued: Issued; onClose: () => void }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const give = useOnce({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/office/documents/{id}/tasks', { params: { path: { id: issued.id } }, body: {} }),
      ),
    onMutate: () => tell(null),
    onSuccess: async () => {
      tell(t('office.law.giveDone'))
      onClose()
      await questions.invalidateQueries({ queryKey: ['issued-documents'] })
    },
  })
  return (
    <Dialog title={t('office.law.giveQuestion')} onClose={onClose}>
      <p>
        <strong>{titleOf(t, issued)}</strong>
      </p>
      <p>{t('office.law.giveText')}</p>
      {give.isError ? <Failure error={give.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose} autoFocus>
          {t('cancel')}
        </Button>
        <Button loading={give.isPending} onClick={() => give.mutate()}>
          {t('office.law.give')}
        </Button>
      </div>
    </Dialog>
  )
}
