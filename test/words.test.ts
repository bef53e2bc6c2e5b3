import { describe, expect, it } from 'vitest'
import { cardBrands } from '../src/collection/datum/card-issuer.ts'
import { datumFaults } from '../src/collection/datum/fault.ts'
import { fields } from '../src/collection/field.ts'
import { purposeCodes } from '../src/collection/purpose.ts'
import { entryKinds } from '../src/core/entry-kinds.ts'
import { refusals } from '../src/core/refusal.ts'
import { taskTypes } from '../src/use/task-type.ts'
import { words as portalEnglish } from '../web/customer/words.en.ts'
import { words as portalItalian } from '../web/customer/words.it.ts'
import { words as workEnglish } from '../web/employee/words.en.ts'
import { words as workItalian } from '../web/employee/words.it.ts'
import { words as officeEnglish } from '../web/officer/words.en.ts'
import { words as officeItalian } from '../web/officer/words.it.ts'
import { cardBrands as brandNames } from '../web/ui/card-brand.ts'
import { words as staffEnglish } from '../web/ui/staff-words.en.ts'
import { words as staffItalian } from '../web/ui/staff-words.it.ts'
import { words as english } from '../web/ui/words.en.ts'
import { words as italian } from '../web/ui/words.it.ts'

const all = {
  en: { ...english, ...staffEnglish, ...portalEnglish, ...workEnglish, ...officeEnglish },
  it: { ...italian, ...staffItalian, ...portalItalian, ...workItalian, ...officeItalian },
}

/** Every text by its path. */
function textsOf(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : textsOf(value, `${path}${key}.`),
  )
}

const placeholders = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort()

describe.each(['en', 'it'] as const)('the pages in %s', language => {
  const words = all[language]

  it('have a sentence for every refusal of the server', () => {
    expect(Object.keys(refusals).filter(code => !(code in words.problem))).toEqual([])
  })

  it('have a sentence for every fault of a datum', () => {
    expect(datumFaults.filter(fault => !(fault in words.fault))).toEqual([])
  })

  it('have a word for every field, compartment, purpose and type of task', () => {
    const unsaid = [
      ...Object.keys(fields).filter(code => !(code in words.field)),
      ...Object.values(fields).filter(field => !(field.compartment in words.compartment)),
      ...purposeCodes.filter(code => !(code in words.purpose)),
      ...Object.keys(taskTypes).filter(code => !(code in words.taskType)),
    ]
    expect(unsaid).toEqual([])
  })

  it('have a name for every brand of card', () => {
    expect([...Object.keys(brandNames), 'other'].sort()).toEqual([...cardBrands].sort())
    expect(words.datum.card.other).not.toBe('')
  })

  it('have a word for every kind of entry', () => {
    const said = Object.keys(words.kind)
    expect(Object.keys(entryKinds).filter(kind => !said.includes(kind.replaceAll('.', '_')))).toEqual([])
  })

  it('leave no text empty', () => {
    expect(textsOf(words).filter(([, text]) => text.trim() === '')).toEqual([])
  })
})

describe('the two languages', () => {
  it('speak of the same things in the same places', () => {
    const italianTexts = new Map(textsOf(all.it))
    const englishTexts = textsOf(all.en)
    const different = englishTexts.filter(
      ([path, text]) => String(placeholders(text)) !== String(placeholders(italianTexts.get(path) ?? '')),
    )
    expect(different.map(([path]) => path)).toEqual([])
    expect(italianTexts.size).toBe(englishTexts.length)
  })

  it('differ, but for what both call the same', () => {
    const alike = ['Custode', 'English', 'Italiano', 'E-mail', 'Password', 'No']
    const italianTexts = new Map(textsOf(all.it))
    const same = textsOf(all.en).filter(
      ([path, text]) =>
        text === italianTexts.get(path) &&
        !alike.includes(text) &&
        /\p{L}/u.test(text.replaceAll(/\{\{\w+\}\}/g, '')),
    )
    expect(same).toEqual([])
  })
})
