import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

type Restoration = Reply<'/api/v1/office/restorations'>['items'][number]

/** What each restore lost, and what two officers do about it. Nothing where no database was ever put back. */
export function Restorations() {
  const { t } = useWording()
  const list = useQuery({
    queryKey: ['restorations'],
    queryFn: () => answer(api.GET('/api/v1/office/restorations')),
  })
  const items = list.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title={t('office.restorations.title')}>
      <ul className="lines">
        {items.map(one => (
          <Line key={one.id} restoration={one} />
        ))}
      </ul>
    </Section>
  )
}

function Line({ restoration }: { restoration: Restoration }) {
  const { t, moment } = useWording()
  const [asking, setAsking] = useState(false)
  const { counts, shredding } = restoration
  const { people, consents, questions, imports, documents } = counts.lost
  const unclear = Object.values(counts.unclear).reduce((sum, count) => sum + count, 0)
  return (
    <li>
      <span>
        {t('office.restorations.done', { when: moment(restoration.restored_at) })}
        <span className="caption">
          {' '}
          {t('office.restorations.lost', { people, consents, questions, imports, values: counts.replaced })}{' '}
          {documents === 0 ? null : t('office.law.lost', { count: documents })}{' '}
          {counts.invite.length === 0
            ? null
            : t('office.restorations.invite', { who: counts.invite.join(', ') })}{' '}
          {counts.passkeys === 0 ? null : t('office.restorations.passkeys', { count: counts.passkeys })}{' '}
          {unclear === 0 ? null : t('office.restorations.unclear', { count: unclear })}
        </span>
      </span>
      {shredding?.confirmed_at == null ? (
        <Button variant="default" onClick={() => setAsking(true)}>
          {t(shredding === null ? 'office.restorations.shred' : 'office.restorations.confirm')}
        </Button>
      ) : (
        <span className="caption">
          {shredding.done_at === null
            ? t('office.restorations.waits')
            : t('office.restorations.shredded', { count: shredding.slots ?? 0 })}
        </span>
      )}
      {asking ? <ShredDialog restoration={restoration} onClose={() => setAsking(false)} /> : null}
    </li>
  )
}

function ShredDialog({ restoration, onClose }: { restoration: Restoration; onClose: () => void }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const shred = useOnce({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/office/restorations/{id}/shreddings', {
          params: { path: { id: restoration.id } },
          body: {},
        }),
      ),
    onMutate: () => tell(null),
    onSuccess: async ({ confirmed }) => {
      tell(t(confirmed ? 'office.restorations.confirmed' : 'office.restorations.asked'))
      onClose()
      await questions.invalidateQueries({ queryKey: ['restorations'] })
    },
  })
  return (
    <Dialog title={t('office.restorations.question')} onClose={onClose}>
      <p>{t('office.restorations.text')}</p>
      {restoration.shredding === null ? null : (
        <p>{t('office.restorations.askedBy', { who: restoration.shredding.asked_by })}</p>
      )}
      {shred.isError ? <Failure error={shred.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose} autoFocus>
          {t('cancel')}
        </Button>
        <Button loading={shred.isPending} onClick={() => shred.mutate()}>
          {t(restoration.shredding === null ? 'office.restorations.shred' : 'office.restorations.confirm')}
        </Button>
      </div>
    </Dialog>
  )
}
