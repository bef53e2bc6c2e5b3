import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { isCovered, useCatalogueField } from '../ui/catalogue.ts'
import { DatumValue } from '../ui/datum-value.tsx'
import { useWording } from '../ui/wording.ts'
import { Cover } from './cover.tsx'

/** A sensitive value stays covered until it is asked for, and is covered again whenever the page is left. */
export function ShownValue({ code, value }: { code: string; value: unknown }) {
  const { t, word } = useWording()
  const field = useCatalogueField(code)
  const [shown, setShown] = useState(false)
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
        onClick={() => setShown(!shown)}
      >
        {label}
      </Button>
    </span>
  )
}
