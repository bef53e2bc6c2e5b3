import type { FormErrors, UseFormReturnType } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { asProblem, type Problem } from './api.ts'
import { keepDraft } from './draft.ts'
import { tell } from './notice.tsx'
import { endSession } from './session.ts'
import { useWording } from './wording.ts'

// biome-ignore lint/suspicious/noExplicitAny: Mantine's own form type is invariant in its values
type AnyForm = UseFormReturnType<any>

/**
 * Sends a form, once however often it is pressed: checks it, calls `send`, puts the faults the server names beside
 * their fields, and moves the focus to the first of them. What belongs to no field of the form is left in `problem`.
 * Where the session has ended the person is led to signing in, and told so (`ended` where the form has words of its
 * own); a form with a `draft` name keeps for them what they had typed (`findDraft`), in memory only.
 */
export function useSubmit<V extends object>(
  form: UseFormReturnType<V>,
  send: (values: V) => Promise<unknown>,
  { draft, ended }: { draft?: string; ended?: string } = {},
) {
  const { t, word } = useWording()
  const questions = useQueryClient()
  const running = useRef(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const refuse = (error: unknown) => {
    const refused = asProblem(error)
    const values = form.getValues()
    const errors = Object.fromEntries(
      refused.faults.filter(fault => fault.field in values).map(fault => [fault.field, fault.code]),
    )
    if (Object.keys(errors).length > 0) {
      form.setErrors(errors)
      focusFirst(form, errors)
    }
    setProblem(refused)
    if (refused.code !== 'unauthenticated') return
    if (draft !== undefined) keepDraft(questions, draft, values)
    void endSession(questions, () =>
      tell(ended ?? t(draft === undefined ? 'sessionEnded' : 'sessionEndedKept')),
    )
  }

  const run = async (values: V) => {
    if (running.current) return
    running.current = true
    setBusy(true)
    setProblem(null)
    try {
      await send(values)
    } catch (error) {
      refuse(error)
    } finally {
      running.current = false
      setBusy(false)
    }
  }

  const check = form.onSubmit(
    values => void run(values as unknown as V),
    errors => focusFirst(form, errors),
  )
  return {
    busy,
    problem,
    onSubmit: (event: FormEvent<HTMLFormElement>) => {
      if (busy) event.preventDefault()
      else check(event)
    },
    /** The props of one field, with its fault in words. */
    field: (name: keyof V & string) => {
      const code = form.errors[name]
      return {
        ...form.getInputProps(name),
        name,
        // Some fields have a word of their own for a fault.
        error: typeof code === 'string' ? word('fault', `${name}_${code}`, word('fault', code)) : undefined,
      }
    },
  }
}

function focusFirst(form: AnyForm, errors: FormErrors): void {
  const first = Object.keys(form.getValues() as object).find(name => errors[name] !== undefined)
  if (first !== undefined) document.querySelector<HTMLElement>(`form [name="${first}"]`)?.focus()
}

/** Checks shared by forms; each answers a fault's code or null. */
export const checks = {
  filled: (value: string) => (value.trim() === '' ? 'required' : null),
  email: (value: string) =>
    value.trim() === '' ? 'required' : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) ? null : 'email',
  code: (value: string) => (value.trim() === '' ? 'required' : /^\d{6}$/.test(digits(value)) ? null : 'code'),
  password: (value: string) => (value === '' ? 'required' : value.length < 12 ? 'too_short' : null),
}

/** People copy codes with spaces. */
export const digits = (value: string): string => value.replace(/\D/g, '')
