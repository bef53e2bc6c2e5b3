import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { cardReferenceRule } from './card-reference.ts'

const card = { brand: 'visa', last4: '4242', expiry: '2027-12', token: 'pm_1N3T00LkdIwHu7ix0snN0B15' }

describe('a reference to a card', () => {
  test('is kept in one spelling, with a token or without', () => {
    expect(judged(cardReferenceRule, card)).toEqual(card)
    const { token: _token, ...alone } = card
    expect(judged(cardReferenceRule, { ...alone, brand: ' VISA ', last4: ' 4242' })).toEqual(alone)
  })

  test.each(['12/27', '12/2027', '12 / 27', '2027-12'])('%s is the end of 2027', expiry =>
    expect(judged(cardReferenceRule, { ...card, expiry })).toEqual(card),
  )

  test('of a card that is no longer valid is kept', () => {
    expect(judged(cardReferenceRule, { ...card, expiry: '2019-01' })).toMatchObject({ expiry: '2019-01' })
  })

  test.each([
    [{ brand: 'gold' }, 'card_brand'],
    [{ brand: 'toString' }, 'card_brand'],
    [{ last4: '424' }, 'card_last4'],
    [{ last4: '42424' }, 'card_last4'],
    [{ last4: '٤٢٤٢' }, 'card_last4'],
    [{ last4: 4242 }, 'invalid'],
    [{ expiry: '13/27' }, 'card_expiry'],
    [{ expiry: '2027' }, 'card_expiry'],
    [{ expiry: '2127-01' }, 'card_expiry'],
    [{ token: '' }, 'required'],
    [{ last4: undefined }, 'required'],
  ])('with %o is refused as %s', (part, fault) => {
    expect(judged(cardReferenceRule, { ...card, ...part })).toEqual(refused(fault))
  })

  test.each(['brand', 'last4', 'expiry', 'token'])('is refused when its %s is the whole number', part => {
    for (const number of [
      '4242424242424242',
      '4242 4242 4242 4242',
      'card 4242-4242-4242-4242',
      '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢',
    ])
      expect(judged(cardReferenceRule, { ...card, [part]: number })).toEqual(refused('card_number'))
  })

  test('is refused when its token and last digits are the whole number together', () => {
    expect(judged(cardReferenceRule, { ...card, token: '424242424242' })).toEqual(refused('card_number'))
  })

  test.each(['cvv', 'cvc', 'securityCode', 'pin', '__proto__'])('has no place for a %s', name => {
    const given = JSON.parse(`{"brand": "visa", "last4": "4242", "expiry": "2027-12", "${name}": "123"}`)
    const answer = judged(cardReferenceRule, given)
    expect(JSON.stringify(answer)).not.toContain('123')
  })

  test('says of an unknown part that it is unknown, and of none that it is required', () => {
    expect(judged(cardReferenceRule, { ...card, cvv: '123' })).toEqual(refused('unknown'))
    expect(judged(cardReferenceRule, undefined)).toEqual(refused('required'))
    expect(judged(cardReferenceRule, '4242')).toEqual(refused('invalid'))
  })
})
