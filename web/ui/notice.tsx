import { useSyncExternalStore } from 'react'
import { useWording } from './wording.ts'

let current: string | null = null
const listeners = new Set<() => void>()

/** Tells what was just done. It stays until dismissed or replaced, since a vanishing message is missed by many. */
export function tell(text: string | null): void {
  current = text
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where the last message stands; a live region that is always there, so that it is also heard. */
export function Notices() {
  const text = useSyncExternalStore(subscribe, () => current)
  const { t } = useWording()
  return (
    <div role="status" className="notices">
      {text === null ? null : (
        <div className="notice">
          <span>{text}</span>
          <button type="button" aria-label={t('dismiss')} onClick={() => tell(null)}>
            ×
          </button>
        </div>
      )}
    </div>
  )
}
