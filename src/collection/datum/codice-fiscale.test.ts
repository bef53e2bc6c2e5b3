import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { birthIn, codiceFiscaleRule } from './codice-fiscale.ts'

const on = { today: '2026-11-27' }

/** From the documentation of python-stdnum, the Italian Wikipedia ("Codice fiscale") and the tests of python-codicefiscale. */
const published = [
  ...['RCCMNL83S18D969H', 'CNTCHR83T41D969D', 'MRTMTT25D09F205Z', 'MLLSNT82P65Z404U', 'CCCFBA85D03L219P'],
]

/** One code and all that would be given to people who come to have the same (tests of python-codicefiscale). */
const omocodes = [
  ...['CCCFBA85D03L219P', 'CCCFBA85D03L21VE', 'CCCFBA85D03L2MVP', 'CCCFBA85D03LNMVE', 'CCCFBA85D0PLNMVA'],
  ...['CCCFBA85DLPLNMVL', 'CCCFBA8RDLPLNMVX', 'CCCFBAURDLPLNMVU'],
]

describe('a codice fiscale', () => {
  test.each(published)('%s is one', given => expect(judged(codiceFiscaleRule, given)).toBe(given))

  test.each(omocodes)('%s is one with letters for digits', given => {
    expect(judged(codiceFiscaleRule, given)).toBe(given)
    expect(birthIn(given, on)).toEqual({ dates: ['1985-04-03'], sex: 'M' })
  })

  test('is kept in capitals without blanks', () => {
    expect(judged(codiceFiscaleRule, ' rcc mnl 83s18 d969h ')).toBe('RCCMNL83S18D969H')
  })

  // The number of the Agenzia delle Entrate itself, and one from the documentation of python-stdnum.
  test.each(['06363391001', '00743110157'])('%s is the provisional one of 11 digits', given =>
    expect(judged(codiceFiscaleRule, given)).toBe(given),
  )

  test.each([
    'RCCMNL83S18D969',
    'RCCMNL83S18D969HH',
    'RCCMNL83F18D969H',
    '1CCMNL83S18D969H',
    'RCCMNL83S18N969H',
    'RCCMNLA3S18D969H',
    'ACCMNL83S18D969H',
    'AXEMNL83S18D969H',
    'RCCAXE83S18D969H',
    '0074311015',
    'ßCMNL83S18D969H',
    'RCCMNL83S18D969Ⅱ',
    'mario',
  ])('%s has not its form', given =>
    expect(judged(codiceFiscaleRule, given)).toEqual(refused('codice_fiscale')),
  )

  test.each(['RCCMNL83S18D969A', 'RCCMNL38S18D969H', 'CRCMNL83S18D969H', '00743110158', '06363391002'])(
    '%s does not end as it must',
    given => expect(judged(codiceFiscaleRule, given)).toEqual(refused('check_character')),
  )

  test('is found wrong at every place, but where one omocode stands for another', () => {
    const right = 'RCCMNL83S18D969H'
    for (let place = 0; place < 15; place += 1) {
      const others = place < 6 ? 'BCDFG' : '0123456789'
      for (const sign of others) {
        const given = right.slice(0, place) + sign + right.slice(place + 1)
        if (given !== right) expect(judged(codiceFiscaleRule, given)).not.toBe(given)
      }
    }
  })

  test.each([
    ['31 February', 'RCCMNL83B31D969'],
    ['29 February of a year that is no leap year in any century', 'RCCMNL83B29D969'],
    ['day 0', 'RCCMNL83S00D969'],
    ['day 40, neither a man’s nor a woman’s', 'RCCMNL83S40D969'],
    ['day 35', 'RCCMNL83S35D969'],
    ['day 72', 'RCCMNL83S72D969'],
    ['day 81, 40 twice', 'RCCMNL83S81D969'],
  ])('of %s was never given', (_what, start) => {
    const given = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map(letter => judged(codiceFiscaleRule, start + letter))
    expect(given.filter(answer => JSON.stringify(answer).includes('check_character'))).toHaveLength(25)
    expect(given).toContainEqual(refused('birth_in_code'))
  })
})

describe('the birth in a codice fiscale', () => {
  test.each([
    ['RCCMNL83S18D969H', ['1983-11-18'], 'M'],
    ['CNTCHR83T41D969D', ['1983-12-01'], 'F'],
    ['MRTMTT25D09F205Z', ['1925-04-09', '2025-04-09'], 'M'],
    ['MLLSNT82P65Z404U', ['1982-09-25'], 'F'],
  ])('%s is %o, %s', (code, dates, sex) => expect(birthIn(code, on)).toEqual({ dates, sex }))

  test('is nobody’s when the day is to come in one century and too long ago in the other', () => {
    expect(birthIn('MRTMTT25D09F205Z', { today: '1924-01-01' })).toEqual({ dates: ['1825-04-09'], sex: 'M' })
    expect(birthIn('RCCMNL83S18D969H', { today: '2300-01-01' })).toEqual({ dates: [], sex: 'M' })
  })

  test('is not in the provisional code, nor in what is no code', () => {
    for (const code of ['06363391001', 'RCCMNL83S18D969A', '', 'x', '__proto__'])
      expect(birthIn(code, on)).toBeNull()
  })

  test('is in every code that the rule keeps', () => {
    const typed = fc.stringMatching(/^[A-Z]{6}[0-9L-V]{2}[A-T][0-7][0-9][A-M][0-9]{3}[A-Z]$/)
    fc.assert(
      fc.property(typed, code => {
        if (!codiceFiscaleRule.safeParse(code).success) return
        expect(birthIn(code, on)?.dates.length).toBeLessThanOrEqual(2)
      }),
      { numRuns: 5000 },
    )
  })
})
