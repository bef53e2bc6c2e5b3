import { TextInput } from '@mantine/core'
import { lazy } from 'react'
import { type CodeType, loadRules } from './datum.ts'
import type { Shown } from './datum-field.tsx'

export interface CodeInputProps {
  shown: Omit<Shown, 'required'> & { required?: boolean }
  name: string
  type: CodeType
  /** The code, or '' for none. */
  value: string
  onChange: (value: string | null) => void
  autoComplete?: string
}

/**
 * A list to search in is large, so it comes when the first form has one, and with all that is in it: nobody types into a
 * list that is still empty. Whoever shows it waits for it (`Suspense`).
 */
export const CodeInput = lazy(async () => {
  try {
    const [{ CodeSelect }] = await Promise.all([import('./code-select.tsx'), loadRules()])
    return { default: CodeSelect }
  } catch {
    return { default: TypedCode }
  }
})

/** Where no list can be had, the code is typed. */
export function TypedCode({ shown, name, value, onChange }: CodeInputProps) {
  return (
    <TextInput {...shown} name={name} value={value} onChange={event => onChange(event.currentTarget.value)} />
  )
}
