import { type ComboboxItem, type OptionsFilter, Select } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { type CodeInputProps, TypedCode } from './code-input.tsx'
import { type CodeType, codesOf } from './datum.ts'
import { useWording } from './wording.ts'

/**
 * A country or a language, found by its name or its code. Where the codes cannot be loaded, one is typed. What is typed and
 * left counts if it fits one alone; what fits none is gone from sight too.
 */
export function CodeSelect(props: CodeInputProps) {
  const { shown, name, type, value, onChange, autoComplete = 'off' } = props
  const { t } = useWording()
  const options = useOptions(type, value)
  if (options === null) return <TypedCode {...props} />
  const leave = (typed: string) => {
    if (typed.trim() === '') return onChange(null)
    const found = findOption(options, typed)
    if (found !== null) onChange(found.value)
  }
  return (
    <Select
      {...shown}
      data-name={name}
      searchable
      selectFirstOptionOnChange
      // A list that opens under whoever only passes by with Tab would be in the way.
      openOnFocus={false}
      allowDeselect={false}
      clearable
      autoComplete={autoComplete}
      // The list itself scrolls, as the keys that move through it expect.
      withScrollArea={false}
      nothingFoundMessage={t('datum.noneFound')}
      comboboxProps={{ withinPortal: false }}
      clearButtonProps={{ 'aria-label': t('datum.clear'), tabIndex: -1 }}
      filter={filter}
      data={options}
      value={value === '' ? null : value}
      onChange={onChange}
      // Who types again is mending it: the fault goes, before it moves what lies below under a finger.
      onInput={() => onChange(value === '' ? null : value)}
      onBlur={event => leave(event.currentTarget.value)}
    />
  )
}

/** The options by their names, with what is chosen among them; null where the list cannot be loaded. */
function useOptions(type: CodeType, value: string): ComboboxItem[] | null {
  const { language, nameOf } = useWording()
  const [codes, setCodes] = useState<string[] | null>([])
  useEffect(() => void codesOf(type).then(setCodes), [type])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names change with the language alone
  return useMemo(() => {
    if (codes === null) return null
    const all = value === '' || codes.includes(value) ? codes : [...codes, value]
    return all
      .map(code => ({ value: code, label: nameOf(type, code) }))
      .sort((a, b) => a.label.localeCompare(b.label, language))
  }, [codes, type, value, language])
}

/** As people type: without regard to capitals and accents. */
const plain = (text: string) => text.trim().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const isExactly = ({ value, label }: ComboboxItem, typed: string) =>
  plain(label) === plain(typed) || plain(value) === plain(typed)

const fits = (option: ComboboxItem, typed: string) =>
  plain(option.label).includes(plain(typed)) || isExactly(option, typed)

/** The one option that is meant, or null. */
function findOption(options: ComboboxItem[], typed: string): ComboboxItem | null {
  const exact = options.find(option => isExactly(option, typed))
  const fitting = options.filter(option => fits(option, typed))
  return exact ?? (fitting.length === 1 ? (fitting[0] ?? null) : null)
}

const filter: OptionsFilter = ({ options, search }) =>
  (options as ComboboxItem[])
    .filter(option => fits(option, search))
    // Who types a code or a whole name means that one.
    .sort((a, b) => Number(isExactly(b, search)) - Number(isExactly(a, search)))
