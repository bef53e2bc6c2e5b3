import { expect, test } from 'vitest'
import { Refusal } from '../core/refusal.ts'
import { judgeAnswers } from './answer.ts'
import type { CatalogueField } from './catalogue.ts'
import type { DatumTypeCode } from './datum/datum-type.ts'

const field = (code: string, type: DatumTypeCode, more: Partial<CatalogueField> = {}): CatalogueField => ({
  ...{ code, type, compartment: 'preferences', own: true, version: 1, made_at: new Date(0), made_by: 'st_1' },
  ...{
    label: { en: code, it: code },
    help: null,
    options: {},
    option_labels: {},
    sensitive: false,
    sealed: false,
  },
  ...{ editor: 'customer', level: 0, reconfirm_days: null, retention: 'agreement', asked: 'joining' },
  ...{ required: false, purposes: ['service'] },
  ...more,
})

const fields = [field('own_home', 'postal_address'), field('own_size', 'integer', { required: true })]

function faultsOf(answers: Record<string, unknown>): string[] {
  try {
    judgeAnswers({ fields, today: '2026-11-28' }, answers)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return (error.fields ?? []).map(fault => `${fault.field}: ${fault.code}`)
  }
}

test('a fault of an address names the part it is about, and every part that is wrong', () => {
  const home = { country: 'IT', street: '', postal_code: '1012', city: 'Torino', region: 'Torino' }
  expect(faultsOf({ own_home: home })).toEqual(['values.own_home.street: required'])
  expect(faultsOf({ own_home: { ...home, street: 'Via Po' }, own_size: '' })).toEqual([
    'values.own_home.postal_code: postal_code',
    'values.own_home.region: region',
    'values.own_size: required',
  ])
  expect(faultsOf({ own_home: 'Via Po 17' })).toEqual(['values.own_home: invalid'])
})

test('a part or a field that nobody asks for is refused without being named: its name may be anything', () => {
  const home = { country: 'IT', street: 'Via Po', postal_code: '10123', city: 'Torino', 'Ana Conti': 'x' }
  expect(faultsOf({ own_home: home })).toEqual(['values.own_home: unknown'])
  expect(faultsOf({ 'Ana Conti': 1 })).toEqual(['values: unknown'])
})
