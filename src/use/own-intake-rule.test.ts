import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyText, samples } from '../../test/datum-samples.ts'
import { type DatumTypeCode, datumTypes } from '../collection/datum/datum-type.ts'
import { faultOf, intakeRule } from '../keeper/intake-rule.ts'
import { limitsOf } from './own-intake.ts'

const on = { today: '2026-11-27' }
const codes = Object.keys(datumTypes) as DatumTypeCode[]

describe.each(codes)('a datum of type %s that is sealed', type => {
  const { options = {}, good, wrong, typed } = samples[type]
  const rule = datumTypes[type].rule(options, on)
  const inKeeper = intakeRule({ type, ...limitsOf(datumTypes[type].options.parse(options)) }, 'rule')

  test('is taken by the keeper as the browser keeps it', () => {
    expect(faultOf(inKeeper, good)).toBeNull()
    let taken = 0
    fc.assert(
      fc.property(typed, given => {
        const judged = rule.safeParse(given)
        if (!judged.success) return
        taken++
        expect(faultOf(inKeeper, judged.data), JSON.stringify(judged.data)).toBeNull()
      }),
      { numRuns: 1000 },
    )
    expect(taken).toBeGreaterThan(5)
  })

  test('is refused by the keeper where its form is wrong, whatever a browser has judged', () => {
    const others = [null, undefined, {}, [[]], 'a\u0000b', '\ud800', `${'9'.repeat(20_001)}x`]
    for (const other of others) expect(faultOf(inKeeper, other), JSON.stringify(other)).not.toBeNull()
  })

  test('is never kept in another form than the browser knows, but for what only the browser looks up', () => {
    const laxer = lookedUp[type] ?? []
    for (const [fault, given] of Object.entries(wrong))
      if (!laxer.includes(fault)) expect(faultOf(inKeeper, given), fault).not.toBeNull()
  })

  test('makes the keeper throw nothing, whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.anything(), typed), given => {
        const fault = faultOf(inKeeper, given)
        expect(fault === null || /^[a-z0-9_]+$/.test(fault)).toBe(true)
      }),
    )
  })
})

/** What takes a calendar of today, a table of countries or a check sign of one of them: the keeper holds the form alone. */
const lookedUp: Partial<Record<DatumTypeCode, readonly string[]>> = {
  ...{
    birth_date: ['future', 'too_old'],
    decimal: ['too_many_digits', 'too_many_places', 'below_least', 'above_most'],
  },
  ...{
    country: ['country'],
    postal_address: ['country', 'postal_code', 'region'],
    card_reference: ['card_brand'],
  },
  ...{ codice_fiscale: ['check_character', 'birth_in_code'], national_id: ['check_character'] },
  tax_id: ['check_character'],
}
