import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type ItemOf } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { MergingDialog } from './merging.tsx'

type Seen = ItemOf<'/api/v1/portal/duplicates'>
const queryKey = ['seen-twice']

/** Tells me that an employee takes me for one person with another record, and lets me say that it is not so, or make the two one. */
export function SeenTwice() {
  const seen = useQuery({ queryKey, queryFn: () => answer(api.GET('/api/v1/portal/duplicates')) })
  return seen.data?.items.filter(one => !one.merged).map(one => <Told key={one.id} seen={one} />) ?? null
}

function Told({ seen }: { seen: Seen }) {
  const { t, day } = useWording()
  const questions = useQueryClient()
  const [merging, setMerging] = useState(false)
  const object = useOnce({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/portal/duplicates/{id}/objections', {
          params: { path: { id: seen.id } },
          body: {},
        }),
      ),
    onSuccess: () => {
      tell(t('portal.twice.thanks'))
      return questions.invalidateQueries({ queryKey })
    },
  })
  if (seen.objected_at !== null)
    return <p className="caption">{t('portal.twice.objected', { when: day(seen.objected_at) })}</p>
  return (
    <div className="warning" role="note">
      <h2>{t('portal.twice.title')}</h2>
      <p>{t('portal.twice.text', { when: day(seen.decided_at) })}</p>
      {object.isError ? <Failure error={object.error} /> : null}
      <div className="row">
        <Button variant="default" loading={object.isPending} onClick={() => object.mutate()}>
          {t('portal.twice.notMe')}
        </Button>
        <Button variant="default" onClick={() => setMerging(true)}>
          {t('portal.twice.one')}
        </Button>
      </div>
      {merging ? <MergingDialog task={seen.id} onClose={() => setMerging(false)} /> : null}
    </div>
  )
}
