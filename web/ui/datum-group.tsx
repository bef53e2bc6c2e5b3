import { type ReactNode, useId } from 'react'
import type { Shown } from './datum-field.tsx'

/** The parts of one value under its label, with what is said of all of them. */
export function DatumGroup({
  shown: { label, description, error },
  children,
}: {
  shown: Pick<Shown, 'label' | 'description' | 'error'>
  children: ReactNode
}) {
  const id = useId()
  const told = [error && `${id}-error`, description && `${id}-help`].filter(Boolean).join(' ')
  return (
    <fieldset className="datum-group" {...(told === '' ? {} : { 'aria-describedby': told })}>
      <legend>{label}</legend>
      {description === undefined ? null : (
        <p id={`${id}-help`} className="datum-help">
          {description}
        </p>
      )}
      {children}
      {error === undefined ? null : (
        <p id={`${id}-error`} className="datum-fault">
          {error}
        </p>
      )}
    </fieldset>
  )
}
