import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findDisguisedCards, readDigits } from './card-disguise.ts'
import { findCardNumbers } from './card-number.ts'

const found = (text: string) =>
  findCardNumbers(text).map(({ start, end }) => readDigits(text.slice(start, end)))
const card = '4242424242424242'
const spell = (digits: string, words: string) =>
  [...digits].map(digit => words.split(' ')[Number(digit)]).join(' ')
const english = 'zero one two three four five six seven eight nine'
const italian = 'zero uno due tre quattro cinque sei sette otto nove'

describe('a card’s number in a disguise', () => {
  test.each([
    ['in English words', `my card: ${spell(card, english)}.`],
    ['in Italian words', `la carta è ${spell(card, italian)}, grazie`],
    ['in words and digits', `${spell('424242424242', italian)} 4242`],
    ['with dashes between the words', spell(card, english).replaceAll(' ', '-')],
    ['in its groups on two lines', '4242 4242\n4242 4242'],
    ['in its groups with other signs', '4242/4242/4242/4242'],
    ['in its groups with two kinds of signs', '4242 | 4242 * 4242, 4242'],
    ['in its groups far apart', '4242    4242    4242    4242'],
  ])('is found %s', (_what, text) => expect(found(text)).toEqual([card]))

  test.each([
    ['O for zero', '4OOO OOOO OOOO OOO2', []],
    ['O for one of its zeros', '4000 0000 0000 O002', ['4000000000000002']],
    ['l for one', '411l 1111 1111 1111', ['4111111111111111']],
    ['I for one, in one piece', '4I11111111111111', ['4111111111111111']],
    ['a Cyrillic O', '4000 0000 0000 \u041e002', ['4000000000000002']],
  ])('is found with %s where most of it are digits', (_what, text, numbers) =>
    expect(found(text)).toEqual(numbers),
  )

  test.each([
    'two or three of nine, four at most, and seven for eight',
    'uno due tre stella, quattro cinque sei',
    'Il 2020, 2021, 2022 e 2023',
    '1000/2000/3000/4000',
    'IT60X0542811101000000123456',
    '+39 347 555 0142 / +39 06 6982 1234',
    'IlIlI OOO lol',
  ])('“%s” is none', text => expect(findDisguisedCards(text)).toEqual([]))
})

/** Digits as people write them about anything but cards. */
const ordinary = {
  'telephone numbers': fc
    .array(
      fc.stringMatching(
        /^(\+39 3[0-9]{2} [0-9]{3} [0-9]{4}|0[0-9]{1,3} ?[0-9]{6,8}|\+44 20 [0-9]{4} [0-9]{4})$/,
      ),
      {
        ...{ minLength: 1, maxLength: 4 },
      },
    )
    .map(numbers => numbers.join(' / ')),
  IBANs: fc.stringMatching(
    /^(IT[0-9]{2} [A-Z][0-9]{3}( [0-9]{4}){5} [0-9]{3}|DE[0-9]{2}( [0-9]{4}){4} [0-9]{2})$/,
  ),
  'numbers of orders': fc.stringMatching(/^Order (no\. )?[A-Z]{0,2}[0-9]{6,12}(-[0-9]{2,4})?$/),
  'days and times': fc.stringMatching(/^(20[0-3][0-9]-[01][0-9]-[0-3][0-9], ?){1,4}[0-2][0-9]:[0-5][0-9]$/),
  'years in a row': fc.stringMatching(/^((19|20)[0-9]{2}, ){3,5}(19|20)[0-9]{2}$/),
  prices: fc.stringMatching(/^([1-9][0-9]{0,3}[.,][0-9]{2} ?€?[;\n]? ?){1,8}$/),
  'counts in words': fc
    .array(fc.constantFrom(...english.split(' '), ...italian.split(' '), 'pieces', 'and', 'of', 'o', 'per'), {
      ...{ minLength: 3, maxLength: 20 },
    })
    .map(parts => parts.join(' ')),
}

test.each(Object.entries(ordinary))('hardly ever is one seen in %s', (_what, texts) => {
  const tries = fc.sample(texts as fc.Arbitrary<string>, { numRuns: 5_000, seed: 1 })
  const alarms = tries.filter(text => findDisguisedCards(text).length > 0)
  expect(alarms.length / tries.length).toBeLessThan(0.003)
})
