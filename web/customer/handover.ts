import { useSyncExternalStore } from 'react'

interface Handover {
  field: string
  /** What the form of that field begins with. */
  value: unknown
}

// In memory alone, and for as long as the form that takes it is open.
let handed: Handover | null = null
const listeners = new Set<() => void>()

function become(next: Handover | null): void {
  handed = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Opens the form of a field with something that stood elsewhere. Answers how to take it back. */
export function handOver(field: string, value: unknown): () => void {
  const given = { field, value }
  become(given)
  return () => {
    if (handed === given) become(null)
  }
}

/** For the form that was left or has saved: nothing waits for it any more. */
export function forgetHandover(field: string): void {
  if (handed?.field === field) become(null)
}

/** What was handed to the form of this field; undefined for nothing. */
export function useHandover(field: string): unknown {
  const found = useSyncExternalStore(subscribe, () => handed)
  return found?.field === field ? found.value : undefined
}
