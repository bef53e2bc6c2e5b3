import type { CatalogueField } from './catalogue.ts'

/**
 * What is wrong with a value of this field, as a code the page has a sentence for, or null: by the very rule that the
 * server judges it by. The rules are loaded when the first form needs them.
 */
export async function faultOf(field: CatalogueField, value: unknown): Promise<string | null> {
  if (isBlank(value)) return field.required ? 'required' : null
  const { findDatumType } = await import('../../src/collection/datum/datum-type.ts')
  const type = findDatumType(field.type ?? '')
  if (type === null) return null
  const judged = type.rule(field.options, { today: today() }).safeParse(value)
  return judged.success ? null : (judged.error.issues[0]?.message ?? 'invalid')
}

/** Nothing was answered: an empty text, list or address. */
export const isBlank = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)

const today = () => new Date().toISOString().slice(0, 10)
