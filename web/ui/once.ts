import { type UseMutationOptions, useMutation } from '@tanstack/react-query'
import { useRef } from 'react'

/**
 * An act that is asked of the server once at a time: pressed again before it is done, its button does nothing. What
 * the page shows as busy comes a moment later than a second click can, so it alone would not hold that.
 */
export function useOnce<Data, Given = void>(options: UseMutationOptions<Data, Error, Given>) {
  const mutation = useMutation(options)
  const running = useRef(false)
  const { mutateAsync } = mutation
  const mutate = (given: Given): void => {
    if (running.current) return
    running.current = true
    // A refusal is shown from the mutation's own state.
    void mutateAsync(given)
      .catch(() => {})
      .finally(() => {
        running.current = false
      })
  }
  return { ...mutation, mutate }
}
