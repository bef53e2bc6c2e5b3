import { Button, TextInput } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { type Choice, follows, newChoice, proposedOption } from './field-draft.ts'
import { choiceFaults } from './field-faults.ts'
import { useFieldWording } from './field-wording.ts'

const columns = ['it', 'en', 'code'] as const
type Column = (typeof columns)[number]

/** The options of a choice: their words, their codes and their order, all within reach of the keyboard. */
export function Choices({
  choices,
  onChange,
  error,
}: {
  choices: Choice[]
  onChange: (choices: Choice[]) => void
  /** What is wrong with the whole, or undefined. */
  error: string | undefined
}) {
  const { t, language, faultText } = useFieldWording()
  const group = useRef<HTMLFieldSetElement>(null)
  const [said, setSaid] = useState('')
  const [wanted, setWanted] = useState<string | null>(null)
  // Once something was found wrong, each option says so until it is mended.
  const [marked, setMarked] = useState(false)

  useEffect(() => {
    if (error === undefined) return
    setMarked(true)
    if (document.activeElement === group.current) setWanted('[aria-invalid="true"], .choice-add')
  }, [error])
  useEffect(() => {
    if (wanted === null) return
    group.current?.querySelector<HTMLElement>(wanted)?.focus()
    setWanted(null)
  }, [wanted])

  const nameOf = (choice: Choice, index: number) =>
    choice[language] || t('office.fields.choices.of', { number: index + 1 })
  const write = (at: number, column: Column, text: string) =>
    onChange(choices.map((choice, index) => (index === at ? written(choice, column, text) : choice)))
  const addAfter = (at: number) => {
    const added = newChoice()
    onChange(choices.toSpliced(at + 1, 0, added))
    setWanted(`[data-choice="${added.key}"] input`)
  }
  const move = (from: number, to: number) => {
    const moved = choices[from]
    if (moved === undefined || to < 0 || to >= choices.length) return
    onChange(choices.toSpliced(from, 1).toSpliced(to, 0, moved))
    const place = { option: nameOf(moved, from), now: to + 1, all: choices.length }
    setSaid(t('office.fields.choices.moved', place))
  }
  const remove = (at: number) => {
    const removed = choices[at]
    if (removed === undefined) return
    onChange(choices.toSpliced(at, 1))
    setSaid(t('office.fields.choices.removed', { option: nameOf(removed, at) }))
    const next = choices[at + 1] ?? choices[at - 1]
    setWanted(next === undefined ? '.choice-add' : `[data-choice="${next.key}"] .choice-remove`)
  }
  return (
    <fieldset
      ref={group}
      name="choices"
      tabIndex={-1}
      className="choices"
      aria-describedby="choices-text choices-fault"
    >
      <legend>{t('office.fields.choices.title')}</legend>
      <p id="choices-text" className="caption">
        {t('office.fields.choices.text')}
      </p>
      <p id="choices-fault" className="fault">
        {error === undefined ? null : faultText('choices', error)}
      </p>
      <ol>
        {choices.map((choice, index) => (
          <Row
            key={choice.key}
            choice={choice}
            number={index + 1}
            faults={marked ? choiceFaults(choice, choices) : {}}
            onWrite={(column, text) => write(index, column, text)}
            onEnter={() => addAfter(index)}
          >
            <Tool
              name={t('office.fields.choices.up', { option: nameOf(choice, index) })}
              off={index === 0}
              onPress={() => move(index, index - 1)}
            >
              ↑
            </Tool>
            <Tool
              name={t('office.fields.choices.down', { option: nameOf(choice, index) })}
              off={index === choices.length - 1}
              onPress={() => move(index, index + 1)}
            >
              ↓
            </Tool>
            <Tool
              name={t('office.fields.choices.remove', { option: nameOf(choice, index) })}
              className="choice-remove"
              onPress={() => remove(index)}
            >
              ×
            </Tool>
          </Row>
        ))}
      </ol>
      <Button
        variant="default"
        size="compact-md"
        className="choice-add"
        onClick={() => addAfter(choices.length - 1)}
      >
        {t('office.fields.choices.add')}
      </Button>
      <p role="status" className="hidden">
        {said}
      </p>
    </fieldset>
  )
}

/** The code follows the English words until somebody types another, or it was saved. */
function written(choice: Choice, column: Column, text: string): Choice {
  if (column !== 'en' || choice.fixed || !follows(choice.code, choice.en, proposedOption))
    return { ...choice, [column]: text }
  return { ...choice, en: text, code: proposedOption(text) }
}

function Row({
  choice,
  number,
  faults,
  onWrite,
  onEnter,
  children,
}: {
  choice: Choice
  number: number
  faults: Partial<Record<Column, string>>
  onWrite: (column: Column, text: string) => void
  onEnter: () => void
  children: React.ReactNode
}) {
  const { t, faultText } = useFieldWording()
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    onEnter()
  }
  return (
    <li data-choice={choice.key} className="choice">
      {columns.map(column => (
        <TextInput
          key={column}
          size="sm"
          autoComplete="off"
          label={
            <>
              {t(`office.fields.choices.${column}`)}
              <span className="hidden">, {t('office.fields.choices.of', { number })}</span>
            </>
          }
          value={choice[column]}
          readOnly={column === 'code' && choice.fixed}
          {...(column === 'code' ? { className: 'code-text' } : { lang: column })}
          error={faults[column] === undefined ? undefined : faultText('choice', faults[column])}
          onChange={event => onWrite(column, event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      ))}
      <div className="choice-tools">{children}</div>
    </li>
  )
}

/** A button that stays in reach where it can do nothing, so that the focus is not lost. */
function Tool({
  name,
  off = false,
  onPress,
  className = '',
  children,
}: {
  name: string
  off?: boolean
  onPress: () => void
  className?: string
  children: string
}) {
  return (
    <button
      type="button"
      className={`tool ${className}`}
      aria-label={name}
      title={name}
      aria-disabled={off}
      onClick={off ? undefined : onPress}
    >
      {children}
    </button>
  )
}
