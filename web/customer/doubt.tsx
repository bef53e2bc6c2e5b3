import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { answer, api, asProblem } from '../ui/api.ts'
import type { CatalogueField } from '../ui/catalogue.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { findPlace, type OwnValue, useRenewal } from './own-data.ts'
import { ShownValue } from './shown-value.tsx'

interface Doubted {
  field: CatalogueField
  value: OwnValue
}

/** A value that is in doubt: what we hold and what others say, side by side, each with where it is from. */
export function InDoubt({ field, value }: Doubted) {
  const { t, word, day, date, moment } = useWording()
  const { disputed } = value
  const settle = useSettling(field)
  useEffect(() => () => void setTimeout(findPlace, 50), [])
  if (disputed === null) return null
  const sides = [
    {
      claim: null,
      value: value.value,
      source: value.source,
      at: value.at,
      brought: null,
      title: t('portal.proof.doubt.held'),
    },
    ...disputed.claims.map(one => ({ ...one, claim: one.id, title: t('portal.proof.doubt.claim') })),
  ]
  const others = disputed.claims.length > 0
  return (
    <dd className="warning doubt">
      <p className="strong">{t('portal.proof.doubt.title', { when: day(disputed.since) })}</p>
      <p>{t(others ? 'portal.proof.doubt.otherText' : 'portal.proof.doubt.text')}</p>
      {settle.isError ? <Failure error={settle.error} /> : null}
      <ul className="doubt-sides">
        {sides.map(side => (
          <li key={side.claim ?? 'held'}>
            {others ? (
              <>
                <span className="label">{side.title}</span>
                <div className="doubt-value">
                  <ShownValue code={field.code} value={side.value} withheld={value.withheld} />
                </div>
                <p className="doubt-from">
                  {t('portal.data.fromText', { source: word('source', side.source), when: moment(side.at) })}
                </p>
                {side.brought === null ? null : (
                  <p className="doubt-from">
                    {t('portal.proof.doubt.brought', { ...side.brought, day: date(side.brought.day) })}
                  </p>
                )}
              </>
            ) : null}
            {field.code === 'email' && side.claim !== null ? null : (
              <Button
                variant="default"
                size="compact-md"
                aria-label={t('portal.proof.doubt.rightOf', {
                  what: `${side.title}, ${word('field', field.code)}`,
                })}
                loading={settle.isPending}
                onClick={() => settle.mutate(side.claim)}
              >
                {t('portal.proof.doubt.right')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {others ? (
        <p className="doubt-from">
          {t(field.code === 'email' ? 'portal.proof.doubt.address' : 'portal.proof.doubt.third')}
        </p>
      ) : null}
    </dd>
  )
}

function useSettling({ code }: CatalogueField) {
  const { t, word } = useWording()
  const renew = useRenewal()
  return useOnce({
    mutationFn: async (claim: string | null) => {
      await answer(api.POST('/api/v1/portal/dispute-settlements', { body: { field: code, claim } }))
      await renew()
    },
    // Something else was said meanwhile: it is shown, and nothing was chosen.
    onError: error => (asProblem(error).code === 'conflict' ? renew() : undefined),
    onMutate: () => tell(null),
    onSuccess: () => tell(t('portal.proof.doubt.settled', { what: word('field', code) })),
  })
}

/** Puts a value in doubt, once it was said what follows. */
export function DoubtButton({ field }: { field: CatalogueField }) {
  const { t, word } = useWording()
  const [asking, setAsking] = useState(false)
  const what = word('field', field.code)
  return (
    <>
      <Button
        variant="subtle"
        size="compact-md"
        aria-label={`${t('portal.proof.doubt.mark')}: ${what}`}
        onClick={() => setAsking(true)}
      >
        {t('portal.proof.doubt.mark')}
      </Button>
      {asking ? <Doubting field={field} onClose={() => setAsking(false)} /> : null}
    </>
  )
}

function Doubting({ field, onClose }: { field: CatalogueField; onClose: () => void }) {
  const { t, word } = useWording()
  const renew = useRenewal()
  const what = word('field', field.code)
  const mark = useOnce({
    mutationFn: async () => {
      await answer(api.POST('/api/v1/portal/disputes', { body: { field: field.code } }))
      await renew()
    },
    onMutate: () => tell(null),
    onSuccess: () => {
      tell(t('portal.proof.doubt.marked', { what }))
      onClose()
    },
  })
  return (
    <Dialog title={t('portal.proof.doubt.markTitle', { what })} onClose={onClose}>
      <p>{t('portal.proof.doubt.markText')}</p>
      {mark.isError ? <Failure error={mark.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button loading={mark.isPending} onClick={() => mark.mutate()}>
          {t('portal.proof.doubt.markNow')}
        </Button>
      </div>
    </Dialog>
  )
}
