import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'

/** Ctrl+K, or Cmd+K: from anywhere in the room to finding who calls. */
export function useFindShortcut(on: boolean): void {
  const navigate = useNavigate()
  useEffect(() => {
    if (!on) return
    const hear = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return
      event.preventDefault()
      void navigate({ to: '/find' })
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [on, navigate])
}
