import { Checkbox, Input, Radio } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import type { Shown } from './datum-field.tsx'
import { useWording } from './wording.ts'

interface Options {
  shown: Shown
  name: string
  /** The word of each option, in the order in which people see them. */
  words: Record<string, string>
}

/** One option of a few; `clearable` where nobody has to choose. */
export function OneOf({
  shown,
  name,
  words,
  clearable,
  value,
  onChange,
}: Options & { clearable: boolean; value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useWording()
  return (
    <Group role="radiogroup" shown={shown}>
      {Object.entries(words).map(([option, word]) => (
        <Radio
          key={option}
          {...{ name, label: word, value: option }}
          checked={value === option}
          onChange={() => onChange(option)}
        />
      ))}
      {clearable ? (
        <Radio
          {...{ name, label: t('datum.noAnswer'), value: '' }}
          checked={value === null}
          onChange={() => onChange(null)}
        />
      ) : null}
    </Group>
  )
}

/** Any number of options; null for none. */
export function SomeOf({
  shown,
  name,
  words,
  value,
  onChange,
}: Options & { value: string[]; onChange: (value: string[] | null) => void }) {
  const options = Object.keys(words)
  const tick = (option: string, on: boolean) => {
    const chosen = options.filter(one => (one === option ? on : value.includes(one)))
    onChange(chosen.length === 0 ? null : chosen)
  }
  return (
    <Group role="group" shown={shown}>
      {options.map(option => (
        <Checkbox
          key={option}
          {...{ name, label: words[option], value: option }}
          checked={value.includes(option)}
          onChange={event => tick(option, event.currentTarget.checked)}
          {...(shown.error === undefined ? {} : { 'aria-invalid': true })}
        />
      ))}
    </Group>
  )
}

/** Mantine's own groups do not say that they are required or wrong. */
function Group({
  role,
  shown: { label, description, error, required },
  children,
}: {
  role: 'radiogroup' | 'group'
  shown: Shown
  children: ReactNode
}) {
  const id = useId()
  const described = [error && `${id}-error`, description && `${id}-description`].filter(Boolean).join(' ')
  return (
    <Input.Wrapper {...{ id, label, description, error }} size="md" labelElement="div">
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is one of two, which both support it */}
      <div
        role={role}
        className="option-group"
        aria-labelledby={`${id}-label`}
        {...(described === '' ? {} : { 'aria-describedby': described })}
        {...(role === 'radiogroup' ? { 'aria-required': required, 'aria-invalid': error !== undefined } : {})}
      >
        {children}
      </div>
    </Input.Wrapper>
  )
}
