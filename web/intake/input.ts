import { element, newId } from './element.ts'

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** The input for a value or a part of one. */
export interface Input {
  root: HTMLElement
  read: () => unknown
  /** Says beside it what is wrong, by the part it is about ('' is the whole); nothing where nothing is. */
  show: (faults: Record<string, string>) => void
  /** Where the cursor belongs: at what is wrong, or at the beginning. */
  focus: () => void
}

export interface Labelled {
  label: string
  help?: string | undefined
  /** By which a part of a value is known: `city`. */
  part?: string
}

/** What stands beside an input, its help before it and what is wrong with it after, and how the two are told of it. */
function describing(id: string, help: string | undefined) {
  const fault = element('p', { class: 'fault', id: `${id}-fault`, hidden: true })
  const helping = help === undefined ? [] : [element('p', { class: 'help', id: `${id}-help` }, help)]
  const describe = (input: HTMLElement, said: string | undefined) => {
    fault.textContent = said ?? ''
    fault.hidden = said === undefined
    fault.classList.remove('mended')
    const told = [...helping, ...(said === undefined ? [] : [fault])].map(one => one.id)
    if (told.length === 0) input.removeAttribute('aria-describedby')
    else input.setAttribute('aria-describedby', told.join(' '))
  }
  // While it is being mended a fault keeps its room, until it is judged again: were the frame made lower at once, the button
  // would move away from a pointer, and a press while a frame is resized never reaches what is in it.
  const mend = (clear: () => void) => {
    const { textContent, hidden } = fault
    clear()
    Object.assign(fault, { textContent, hidden })
    fault.classList.add('mended')
  }
  return { helping, fault, describe, mend }
}

/** Whatever is typed in one place, with its label before and what is wrong with it after. */
export function control<Made extends Control>(
  made: Made,
  { label, help, part = '' }: Labelled,
  read: (made: Made) => unknown = one => one.value,
): Input {
  const id = newId()
  const { helping, fault, describe, mend } = describing(id, help)
  made.id = id
  const show = (faults: Record<string, string>) => {
    const said = faults[part]
    describe(made, said)
    if (said === undefined) made.removeAttribute('aria-invalid')
    else made.setAttribute('aria-invalid', 'true')
  }
  show({})
  made.addEventListener('input', () => mend(() => show({})))
  return {
    root: element(
      'div',
      { class: `field${part === '' ? '' : ` field-${part}`}` },
      element('label', { for: id }, label),
      ...helping,
      made,
      fault,
    ),
    read: () => read(made),
    show,
    focus: () => made.focus(),
  }
}

/** Inputs for the parts of one value, under its label. `read` makes the value of what each of them holds. */
export function group(
  parts: Record<string, Input>,
  { label, help }: Labelled,
  read: (parts: Record<string, unknown>) => unknown,
): Input {
  const id = newId()
  const { helping, fault, describe } = describing(id, help)
  const root = element(
    'fieldset',
    { class: 'group' },
    element('legend', {}, label),
    ...helping,
    ...Object.values(parts).map(part => part.root),
    fault,
  )
  const inputs = Object.values(parts)
  return {
    root,
    read: () => read(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read()]))),
    show: faults => {
      for (const part of inputs) part.show(faults)
      describe(root, faults[''])
    },
    focus: () => {
      const wrong = root.querySelector<HTMLElement>('[aria-invalid=true]')
      if (wrong === null) inputs[0]?.focus()
      else wrong.focus()
    },
  }
}

interface Chosen extends Labelled {
  type: 'radio' | 'checkbox'
  /** The word of each option, in the order in which people see them. */
  options: [code: string, word: string][]
  value: string[]
}

/** A few options side by side: one of them (`radio`) or any number. Its value is the list of what is chosen. */
export function options({ type, options: offered, value, label, help }: Chosen): Input {
  const id = newId()
  const boxes = offered.map(([code, word]) => {
    const box = element('input', { type, name: id, id: `${id}-${code}`, value: code })
    box.checked = value.includes(code)
    return { box, row: element('div', { class: 'option' }, box, element('label', { for: box.id }, word)) }
  })
  const { helping, fault, describe, mend } = describing(id, help)
  const root = element(
    'div',
    {
      class: 'field options',
      role: type === 'radio' ? 'radiogroup' : 'group',
      'aria-labelledby': `${id}-label`,
    },
    element('div', { class: 'label', id: `${id}-label` }, label),
    ...helping,
    ...boxes.map(({ row }) => row),
    fault,
  )
  const show = (faults: Record<string, string>) => {
    const said = faults['']
    describe(root, said)
    for (const { box } of boxes)
      if (said === undefined) box.removeAttribute('aria-invalid')
      else if (type === 'checkbox') box.setAttribute('aria-invalid', 'true')
    if (type === 'radio') root.setAttribute('aria-invalid', String(said !== undefined))
  }
  show({})
  root.addEventListener('change', () => mend(() => show({})))
  return {
    root,
    read: () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value),
    show,
    focus: () => (boxes.find(({ box }) => box.checked) ?? boxes[0])?.box.focus(),
  }
}
