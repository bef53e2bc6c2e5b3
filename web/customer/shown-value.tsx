import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { isCovered, useCatalogueField } from '../ui/catalogue.ts'
import { DatumValue } from '../ui/datum-value.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { Cover } from './cover.tsx'
import { useReveal } from './own-data.ts'

/**
 * A sensitive value stays covered until it is asked for, and is covered again whenever the page is left. Where it is
 * withheld, asking for it is asking who is there.
 */
export function ShownValue({ code, value, withheld }: { code: string; value: unknown; withheld: boolean }) {
  const { t, word } = useWording()
  const field = useCatalogueField(code)
  const [asked, setShown] = useState(false)
  const shown = asked && !withheld
  const reveal = useReveal()
  const show = useOnce({
    mutationFn: async () => {
      if (withheld) await reveal(code)
    },
    onSuccess: () => setShown(true),
  })
  useEffect(() => {
    const cover = () => setShown(false)
    addEventListener('pagehide', cover)
    return () => removeEventListener('pagehide', cover)
  }, [])
  if (field === undefined || !isCovered(field)) return <DatumValue field={field} value={value} />
  const label = t(shown ? 'portal.data.hide' : 'portal.data.show')
  return (
    <span className="covered">
      {shown ? <DatumValue field={field} value={value} /> : <Cover />}
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`${label}: ${word('field', code)}`}
        loading={show.isPending}
        onClick={() => (shown ? setShown(false) : show.mutate())}
      >
        {label}
      </Button>
      {show.isError ? <Failure error={show.error} /> : null}
    </span>
  )
}
