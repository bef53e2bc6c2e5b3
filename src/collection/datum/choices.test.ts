import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { choicesRule } from './choices.ts'

const rule = choicesRule({ options: ['mail', 'phone', 'post'] })

describe('several choices', () => {
  test('are kept in the order of the options, each once', () => {
    expect(judged(rule, ['post', 'mail'])).toEqual(['mail', 'post'])
    expect(judged(rule, ['phone', ' phone ', 'phone'])).toEqual(['phone'])
  })

  test.each([[['mail', 'fax']], [[1]], [[null]], [['toString']], [[['mail']]], [new Array(1000).fill({})]])(
    '%o hold what is no option',
    given => expect(judged(rule, given)).toEqual(refused('not_an_option')),
  )

  test('are at least one', () => {
    expect(judged(rule, [])).toEqual(refused('required'))
    expect(judged(rule, undefined)).toEqual(refused('required'))
  })

  test.each(['mail', 'mail,post', null, {}])('%o is no list', given =>
    expect(judged(rule, given)).toEqual(refused('invalid')),
  )
})
