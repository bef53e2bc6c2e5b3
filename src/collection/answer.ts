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
 * `invalid` and names every fault, as `values.CODE`: what nobody asks is `unknown`, what is required and empty is
 * `required`.
 */
export function judgeAnswers({ fields, today }: Asking, answers: Answers): Record<string, unknown> {
  const faults: FieldFault[] = []
  const judged: Record<string, unknown> = {}
  for (const [code, given] of Object.entries(answers)) {
    const field = fields.find(one => one.code === code)
    const answer = field === undefined ? { fault: 'unknown' } : judgeOne(field, given, today)
    if ('fault' in answer) faults.push({ field: `values.${code}`, code: answer.fault })
    else judged[code] = answer.value
  }
  if (faults.length > 0) throw new Refusal('invalid', { fields: faults })
  return judged
}

function judgeOne(
  { type, options, required }: CatalogueField,
  given: unknown,
  today: string,
): { value: unknown } | { fault: string } {
  if (type === null) return { fault: 'unknown' }
  if (isBlank(given)) return required ? { fault: 'required' } : { value: null }
  const judged = datumTypes[type].rule(options, { today }).safeParse(given)
  if (judged.success) return { value: judged.data }
  const issue = judged.error.issues[0]!
  if (isFaultCode(issue.message)) return { fault: issue.message }
  return { fault: issue.code === 'too_big' ? 'too_long' : 'invalid' }
}

const isBlank = (given: unknown): boolean =>
  given === null ||
  (typeof given === 'string' && given.trim() === '') ||
  (Array.isArray(given) && given.length === 0)
