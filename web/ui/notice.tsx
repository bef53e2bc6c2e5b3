import { useSyncExternalStore } from 'react'
import { useWording } from './wording.ts'

/** What a message offers to do, such as taking back what it tells of. */
export interface Offer {
  label: string
  act: () => void
}

interface Message {
  text: string
  offer: Offer | null
}

let current: Message | null = null
const listeners = new Set<() => void>()

/** Tells what was just done. It stays until dismissed or replaced, since a vanishing message is missed by many. */
export function tell(text: string | null, offer: Offer | null = null): void {
  current = text === null ? null : { text, offer }
  for (const listener of listeners) listener()
}

/** Takes a message away that offers something, and with it what the offer remembers. */
export function forgetOffer(): void {
  if (current?.offer != null) tell(null)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where the last message stands; a live region that is always there, so that it is also heard. */
export function Notices() {
  const message = useSyncExternalStore(subscribe, () => current)
  const { t } = useWording()
  const take = ({ act }: Offer) => {
    // Once, however often it is pressed.
    if (current !== message) return
    tell(null)
    act()
  }
  return (
    <div role="status" className="notices">
      {message === null ? null : (
        <div className="notice">
          <span>{message.text}</span>
          {message.offer === null ? null : (
            <button type="button" className="notice-offer" onClick={() => take(message.offer!)}>
              {message.offer.label}
            </button>
          )}
          <button
            type="button"
            className="notice-dismiss"
            aria-label={t('dismiss')}
            onClick={() => tell(null)}
          >
            ×
          </button>
        </div>
      )}
    </div>
  )
}
