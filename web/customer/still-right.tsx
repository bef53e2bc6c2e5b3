import { Button } from '@mantine/core'
import { useEffect, useId } from 'react'
import { answer, api } from '../ui/api.ts'
import { type CatalogueField, isSealed } from '../ui/catalogue.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import {
  findPlace,
  isMine,
  isTheirs,
  type OwnValue,
  useRenewal,
  useReturn,
  useReturningFocus,
  useReveal,
} from './own-data.ts'
import { useWriting } from './writing.ts'

interface Asked {
  field: CatalogueField
  value: OwnValue
  level: number
  edit: () => void
}

const day = 86_400_000

/** Asked so long before the time of a value is over: 14 days, and not at once where it is shorter than that. */
const aheadOf = ({ reconfirm_days: days }: CatalogueField): number => Math.min(14, (days ?? 28) / 2) * day

/** As long before a value is destroyed as its customer is told by letter. */
const beforeItEnds = 30 * day

/**
 * Whether the time that the company trusts a value, or keeps it, is over or nearly so, and it is mine to say that it is still
 * so.
 */
export function isDue(
  field: CatalogueField,
  { confirm_by: by, kept_until: until }: OwnValue,
  level: number,
): boolean {
  // What is sealed is confirmed by giving it again, which is for those alone who may give it.
  if (isSealed(field) && !isMine(field, level)) return false
  if (until !== null && Date.parse(until) - Date.now() <= beforeItEnds) return true
  return by !== null && Date.parse(by) - Date.now() <= aheadOf(field)
}

/** Asks whether a value is still so. */
export function StillRight({ field, value, level, edit }: Asked) {
  const { t, word } = useWording()
  const button = useReturningFocus(field.code)
  const confirm = useConfirming(field, value)
  const id = useId()
  const what = word('field', field.code)
  useEffect(() => () => void setTimeout(findPlace, 50), [])
  return (
    <dd className="still-right">
      <p id={id} className="strong">
        {t('portal.data.stillRight')}
      </p>
      {confirm.isError ? <Failure error={confirm.error} /> : null}
      <div className="row still-right-acts">
        <Button
          size="compact-md"
          aria-label={`${t('yes')}: ${what}`}
          aria-describedby={id}
          loading={confirm.isPending}
          onClick={() => confirm.mutate()}
        >
          {t('yes')}
        </Button>
        {isMine(field, level) && isTheirs(field) ? (
          <Button
            ref={button}
            variant="default"
            size="compact-md"
            aria-label={`${t('portal.data.change')}: ${what}`}
            aria-describedby={id}
            onClick={edit}
          >
            {t('portal.data.change')}
          </Button>
        ) : null}
      </div>
    </dd>
  )
}

/** Says that a value is still so; one that is sealed is given again as it is, since nobody else can write it. */
function useConfirming(field: CatalogueField, { value, withheld }: OwnValue) {
  const { t, word } = useWording()
  const write = useWriting()
  const reveal = useReveal()
  const renew = useRenewal()
  const returnFocus = useReturn()
  return useOnce({
    mutationFn: async () => {
      if (isSealed(field)) return write(field, withheld ? await reveal(field.code) : value)
      await answer(api.POST('/api/v1/portal/confirmations', { body: { fields: [field.code] } }))
      returnFocus(field.code)
      await renew()
    },
    onMutate: () => tell(null),
    onSuccess: () => tell(t('portal.data.confirmed', { what: word('field', field.code) })),
  })
}
