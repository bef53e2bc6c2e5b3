import type { UseFormReturnType } from '@mantine/form'
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
 * Sends a form, once however often it is pressed: checks it, calls `send`, puts the faults that come of it beside their
 * fields, and moves the focus to the first of them. What belongs to no field of the form is left in `problem`.
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
  const element = useRef<HTMLFormElement>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const refuse = (error: unknown) => {
    const refused = asProblem(error)
    const placed = refused.faults.filter(fault => findInput(element.current, [fault.field]) !== null)
    if (placed.length > 0) {
      form.setErrors(Object.fromEntries(placed.map(fault => [fault.field, fault.code])))
      findInput(
        element.current,
        placed.map(fault => fault.field),
      )?.focus()
    }
    const said = refused.code === 'invalid' && placed.length > 0 && placed.length === refused.faults.length
    setProblem(said ? null : refused)
    if (refused.code !== 'unauthenticated') return
    if (draft !== undefined) keepDraft(questions, draft, form.getValues())
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
    errors => findInput(element.current, Object.keys(errors))?.focus(),
  )
  return {
    busy,
    problem,
    onSubmit: (event: FormEvent<HTMLFormElement>) => {
      element.current = event.currentTarget
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
    /** The props of a field of the catalogue, with what is wrong by the part it is about. */
    datum: (name: string) => ({
      name,
      value: (form as AnyForm).getInputProps(name).value as unknown,
      faults: Object.fromEntries(
        Object.entries(form.errors)
          .filter(([fault]) => isWithin(fault, name))
          .map(([fault, code]) => [fault.slice(name.length + 1), String(code)]),
      ),
      onChange: (value: unknown, part?: string) => {
        ;(form as AnyForm).setFieldValue(name, value)
        if (part !== undefined) form.clearFieldError(`${name}.${part}`)
      },
    }),
  }
}

/** The first input of a form, from its top, that one of these faults is about. */
function findInput(form: HTMLFormElement | null, faults: string[]): HTMLElement | null {
  const inputs = [...(form?.querySelectorAll<HTMLElement>('[name]:not([type=hidden]), [data-name]') ?? [])]
  const nameOf = (input: HTMLElement) => input.getAttribute('data-name') ?? input.getAttribute('name') ?? ''
  return inputs.find(input => faults.some(fault => isWithin(nameOf(input), fault))) ?? null
}

/** Whether this names the whole or a part of it: `values.postal_address.city` is part of `values.postal_address`. */
const isWithin = (name: string, whole: string): boolean => name === whole || name.startsWith(`${whole}.`)

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
