import { asProblem, type Fault, Problem } from '../ui/api.ts'
import { type Choice, type FieldDraft, mostLongest, numberText, optionsOfType } from './field-draft.ts'

/** What is wrong with a draft, as far as a page can tell: a code for each name. The server judges all of it again. */
export function faultsOf(draft: FieldDraft): Record<string, string> {
  const found = {
    label_it: lineFault(draft.label_it, 80),
    label_en: lineFault(draft.label_en, 80),
    code: draft.after === 0 ? codeFault(draft.code.trim()) : null,
    help_it: helpFault(draft.help_it, draft.help_en),
    help_en: helpFault(draft.help_en, draft.help_it),
    ...optionFaults(draft),
    purposes: draft.purposes.length === 0 ? 'required' : null,
    reconfirm_days: wholeFault(draft.reconfirm_days, 1, 3650),
    retention_months: wholeFault(draft.retention_months, 1, 120),
  }
  return Object.fromEntries(Object.entries(found).filter((one): one is [string, string] => one[1] !== null))
}

function lineFault(text: string, most: number): string | null {
  if (text.trim() === '') return 'required'
  return text.trim().length > most ? 'too_long' : null
}

function codeFault(code: string): string | null {
  if (code === '') return 'required'
  return /^own_[a-z][a-z0-9_]{0,39}$/.test(code) ? null : 'invalid'
}

/** In both languages or in none. */
function helpFault(text: string, other: string): string | null {
  return text.trim() === '' && other.trim() === '' ? null : lineFault(text, 300)
}

/** A whole number between two others, or nothing. */
function wholeFault(text: string, least: number, most: number): string | null {
  const number = text.trim()
  if (number === '') return null
  return /^\d{1,6}$/.test(number) && Number(number) >= least && Number(number) <= most ? null : 'invalid'
}

function optionFaults(draft: FieldDraft): Record<string, string | null> {
  const { type } = draft
  if (type === 'line' || type === 'text') return { longest: wholeFault(draft.longest, 1, mostLongest[type]) }
  if (type === 'integer' || type === 'decimal') return limitFaults(draft)
  if (type === 'national_id' || type === 'tax_id')
    return { country: draft.country === '' ? 'required' : null }
  if (optionsOfType(type).includes('choices')) return { choices: choicesFault(draft.choices) }
  return {}
}

function limitFaults(draft: FieldDraft): Record<string, string | null> {
  const [least, most] = [draft.least.trim(), draft.most.trim()]
  const places = draft.type === 'integer' ? 0 : draft.places.trim() === '' ? 2 : Number(draft.places)
  const faults = {
    places: draft.type === 'integer' ? null : wholeFault(draft.places, 0, 10),
    least: limitFault(least, draft, places),
    most: limitFault(most, draft, places),
  }
  const upsideDown = least !== '' && most !== '' && Number(numberText(least)) > Number(numberText(most))
  return faults.least === null && faults.most === null && upsideDown
    ? { ...faults, most: 'below_least' }
    : faults
}

/** A limit must be a number that the field could hold itself. */
function limitFault(text: string, { type, whole }: FieldDraft, places: number): string | null {
  if (text === '') return null
  const [, digits, fraction = ''] = /^[+−-]?0*(\d+)(?:[.,](\d+))?$/.exec(text) ?? []
  if (digits === undefined || (type === 'integer' && fraction !== ''))
    return type === 'integer' ? 'integer' : 'decimal'
  if (fraction.length > places) return 'too_many_places'
  return digits.length > (type === 'integer' ? 15 : whole) ? 'too_many_digits' : null
}

function choicesFault(choices: readonly Choice[]): string | null {
  if (choices.length === 0) return 'required'
  if (choices.length > 200) return 'too_long'
  return choices.some(choice => Object.keys(choiceFaults(choice, choices)).length > 0) ? 'unfinished' : null
}

/** What is wrong with one option among the others. */
export function choiceFaults(
  choice: Choice,
  choices: readonly Choice[],
): Partial<Record<'it' | 'en' | 'code', string>> {
  const code = choice.code.trim()
  const twice = choices.filter(other => other.code.trim() === code).length > 1
  const found = {
    it: lineFault(choice.it, 80),
    en: lineFault(choice.en, 80),
    code:
      code === ''
        ? 'required'
        : !/^[a-z0-9][a-z0-9_-]{0,39}$/.test(code)
          ? 'option_code'
          : twice
            ? 'twice'
            : null,
  }
  return Object.fromEntries(Object.entries(found).filter(([, fault]) => fault !== null))
}

/** A refusal of the server, with its faults under the names that the form has. */
export function asFormProblem(error: unknown, { type }: FieldDraft): Problem {
  const { code, status, faults, detail } = asProblem(error)
  if (faults.length === 0) return asProblem(error)
  const named = faults.flatMap(fault => namesOf(fault, type).map(field => ({ field, code: fault.code })))
  // Beside the fields stands what is wrong; above the button only that something is.
  return new Problem(code === 'conflict' ? 'invalid' : code, status, named, detail)
}

function namesOf({ field }: Fault, type: string): string[] {
  const [part = '', inner] = field.split('.')
  if (part === 'label' || part === 'help')
    return inner === undefined ? [`${part}_it`, `${part}_en`] : [`${part}_${inner}`]
  if (part === 'option_labels') return ['choices']
  if (part === 'retention') return ['retention_months']
  if (part !== 'options') return [part]
  const names = optionsOfType(type)
  return names
    .filter(name => name === inner)
    .concat(names.slice(0, 1))
    .slice(0, 1)
}
