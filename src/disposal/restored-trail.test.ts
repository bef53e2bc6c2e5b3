import { expect, it } from 'vitest'
import { changeKinds } from '../core/entry-kinds.ts'
import { replayed } from './restored-trail.ts'

/** Kinds that no person's trail has, but the company's: a restore reads that for itself. */
const ofTheCompany = [
  ...['age', 'backup', 'basis', 'card.module', 'duplicate.search', 'field', 'intake.page', 'policy'],
  ...['import.lead', 'import.preview', 'import.rehearsal', 'import.upload', 'lost.shredding', 'restore'],
  ...['roll', 'witness.cosigned', 'witness.refused'],
]
/** What is declared for a route and noted as a grant, by the keeper. */
const ofTheKeeper = ['task']

it('a restore knows what follows from every kind of change in a person’s trail', () => {
  const known = [...replayed, ...ofTheCompany, ...ofTheKeeper]
  expect(Object.keys(changeKinds).filter(kind => !known.includes(kind))).toEqual([])
  expect(ofTheCompany.filter(kind => replayed.includes(kind))).toEqual([])
})
