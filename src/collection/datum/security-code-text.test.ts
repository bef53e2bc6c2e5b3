import { expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { freeTextRule } from './free-text.ts'
import { findSecurityCodes } from './security-code-text.ts'

const found = (text: string) => findSecurityCodes(text).map(({ start, end }) => text.slice(start, end))

test.each([
  ['my CVV is 123', '123'],
  ['cvc: 4321', '4321'],
  ['CVV2=987, thanks', '987'],
  ['the cvv (123) of the card', '123'],
  ['Il CVV è 456.', '456'],
  ['codice di sicurezza della carta: 111', '111'],
  ['Visa, codice di sicurezza 222', '222'],
  ['my card’s security code is 3 3 3', '3 3 3'],
  ['Kartenprüfnummer 777', '777'],
  ['CVC ١٢٣', '١٢٣'],
])('“%s” gives the code of a card', (text, code) => expect(found(text)).toEqual([code]))

test.each([
  'The security code of the gate is 1234',
  'Il codice di sicurezza del portone è 1234',
  'I was asked for a CVV and gave none',
  'CVV 12345 is an order',
  'cvv 2026-11-27',
  'room 123, card 42',
  'CVC-Ersatzteil 12.50',
])('“%s” gives none', text => expect(found(text)).toEqual([]))

test('is refused in every free text', () => {
  expect(judged(freeTextRule(200), 'Please take my CVV 123')).toEqual(refused('security_code'))
})
