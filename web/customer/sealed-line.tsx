import { useEffect, useState } from 'react'
import { canSeal, loadHpke } from '../ui/sealing.ts'
import { useWording } from '../ui/wording.ts'

/** Says under a form that what is typed is sealed in this browser, or that this browser cannot do it. */
export function SealedLine() {
  const { t } = useWording()
  const [able, setAble] = useState(true)
  useEffect(() => {
    void canSeal().then(setAble)
    // On the way while somebody types, so that sending does not wait for it.
    void loadHpke().catch(() => {})
  }, [])
  if (!able)
    return (
      <p role="alert" className="failure">
        {t('problem.cannot_seal')}
      </p>
    )
  return (
    <p className="sealed-line">
      <Lock />
      {t('portal.data.sealed')}
    </p>
  )
}

function Lock() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <rect x="2.5" y="7" width="11" height="7.5" rx="1.5" fill="currentColor" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="currentColor" strokeWidth="1.6" />
    </svg>
  )
}
