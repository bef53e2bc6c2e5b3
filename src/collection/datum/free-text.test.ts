import { expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { freeTextRule } from './free-text.ts'

const rule = freeTextRule(200)

test('a text is kept like every text of several lines', () => {
  expect(judged(rule, ' Likes tea.\r\nOrder 4711, phone +39 347 555 0142. ')).toBe(
    'Likes tea.\nOrder 4711, phone +39 347 555 0142.',
  )
  expect(judged(rule, '')).toEqual(refused('required'))
  expect(judged(rule, 'a\u202eb')).toEqual(refused('direction'))
})

test.each([
  'Paid with 4242 4242 4242 4242',
  'Paid with 4242424242424242.',
  'Paid\nwith ٤٢٤٢-٤٢٤٢-٤٢٤٢-٤٢٤٢\ntoday',
])('%j is refused: it holds the number of a card', given =>
  expect(judged(rule, given)).toEqual(refused('card_number')),
)

test('a text that is too long is refused as such before anybody looks for a card in it', () => {
  expect(judged(rule, '4242424242424242 '.repeat(20))).toEqual(refused('too_long'))
})
