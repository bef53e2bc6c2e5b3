import { type FieldFault, isFaultCode, Refusal } from '../core/refusal.ts'
import type { CatalogueField } from './catalogue.ts'
import { datumTypes } from './datum/datum-type.ts'

/** What somebody filled into a form: field code to a value, or to null for nothing. */
export type Answers = Readonly<Record<string, unknown>>

/** What a form may be filled with. */
export interface Asking {
  fields: readonly CatalogueField[]
  /** The day on which it is filled in, as in 2026-01-31. */
  today: string
}

/**
 * Judges answers by the rule of each field and returns each in its one spelling, null where there is none. Refuses
 * `invalid` and names every fault, as `values.CODE` or by the part it is about, as in `values.postal_address.city`: what
 * nobody asks is `unknown`, what is required and empty is `required`.
 */
export function judgeAnswers({ fields, today }: Asking, answers: Answers): Record<string, unknown> {
  const faults: FieldFault[] = []
  const judged: Record<string, unknown> = {}
  for (const [code, given] of Object.entries(answers)) {
    const field = fields.find(one => one.code === code)
    // What it is called is not said again: nobody knows what was written there.
    if (field === undefined) {
      faults.push({ field: 'values', code: 'unknown' })
      continue
    }
    const answer = judgeOne(field, given, today)
    if ('value' in answer) judged[code] = answer.value
    else
      faults.push(
        ...answer.faults.map(({ path, fault }) => ({
          field: ['values', code, ...path].join('.'),
          code: fault,
        })),
      )
  }
  if (faults.length > 0) throw new Refusal('invalid', { fields: faults })
  return judged
}

type Judged = { value: unknown } | { faults: { path: PropertyKey[]; fault: string }[] }

const faulty = (fault: string): Judged => ({ faults: [{ path: [], fault }] })

function judgeOne({ type, options, required }: CatalogueField, given: unknown, today: string): Judged {
  if (type === null) return faulty('unknown')
  if (isBlank(given)) return required ? faulty('required') : { value: null }
  const judged = datumTypes[type].rule(options, { today }).safeParse(given)
  if (judged.success) return { value: judged.data }
  return { faults: judged.error.issues.map(issue => ({ path: issue.path, fault: codeOf(issue) })) }
}

function codeOf({ message, code }: { message: string; code: string }): string {
  if (isFaultCode(message)) return message
  return code === 'too_big' ? 'too_long' : 'invalid'
}

const isBlank = (given: unknown): boolean =>
  given === null ||
  (typeof given === 'string' && given.trim() === '') ||
  (Array.isArray(given) && given.length === 0)
