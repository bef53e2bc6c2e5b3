import type { QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { whoIsHere } from './session.ts'

interface Draft {
  form: string
  who: string
  values: object
}

// In memory alone: what people type about themselves and others is never put into storage.
let kept: Draft | null = null

/** Keeps what was typed into a form whose sender's session has ended, for them alone to find again. */
export function keepDraft(questions: QueryClient, form: string, values: object): void {
  const who = whoIsHere(questions)
  if (who !== null) kept = { form, who, values: { ...values } }
}

/** What the same person had typed into this form, or null. */
export function findDraft<V>(questions: QueryClient, form: string): V | null {
  if (kept?.form !== form || kept.who !== whoIsHere(questions)) return null
  return kept.values as V
}

export function forgetDraft(): void {
  kept = null
}

/** For the form that has taken its draft as it began: from then on the form alone holds it. */
export function useTakenDraft(): void {
  useEffect(forgetDraft, [])
}
