import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, type Person } from './likeness.ts'
import { isOneMistake, jaroWinkler } from './string-likeness.ts'

describe('how alike two words are', () => {
  test('is what Winkler published', () => {
    // W. E. Winkler, "Overview of Record Linkage and Current Research Directions", 2006, table 6.
    for (const [one, other, alike] of [
      ['shackleford', 'shackelford', 0.982],
      ['dunningham', 'cunnigham', 0.896],
      ['massey', 'massie', 0.933],
      ['martha', 'marhta', 0.961],
      ['jones', 'johnson', 0.832],
      ['dixon', 'dickson', 0.832],
      ['dwayne', 'duane', 0.84],
    ] as const)
      expect.soft(jaroWinkler(one, other), one).toBeCloseTo(alike, 3)
  })

  test('is from 0 to 1, and 1 for the same word', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const alike = jaroWinkler(one, other)
        expect(alike).toBeGreaterThanOrEqual(0)
        expect(alike).toBeLessThanOrEqual(1)
        expect(jaroWinkler(one, one)).toBe(one === '' ? 0 : 1)
      }),
    )
  })

  test('one mistake is a sign more, less, other, or two swapped', () => {
    for (const other of ['rosi', 'rossii', 'rosti', 'rsosi', 'ossi', 'rsso'])
      expect.soft(isOneMistake('rossi', other), other).toBe(['rsso'].includes(other) === false)
    expect(isOneMistake('rossi', 'rossi')).toBe(false)
  })
})

const giulia: Person = {
  ...{ given: 'Giulia', surname: 'D’Angelo', birth: '1984-05-07', street: 'Via Dante 12', town: 'Torino' },
  ...{ postcode: '10121', phone: '+393475550142', email: 'giulia@example.org' },
}

describe('two records are likely one person’s', () => {
  const sameAs: Record<string, Person> = {
    'with a mistyped name': { ...giulia, given: 'Guilia', surname: 'Dangello', email: '' },
    'with given name and surname swapped': { ...giulia, given: 'D Angelo', surname: 'Giulia', email: '' },
    'with day and month swapped': { ...giulia, birth: '1984-07-05', email: '', phone: '' },
    'without home and telephone': { given: 'Giulia', surname: 'D’Angelo', birth: '1984-05-07' },
    'after moving': { ...giulia, street: 'Corso Italia 3', town: 'Lecce', postcode: '73100', email: '' },
    'under a short given name': { ...giulia, given: 'Giu', email: '' },
  }
  for (const [how, other] of Object.entries(sameAs))
    test(how, () => expect(compare(giulia, other).likely).toBe(true))
})

describe('two records are not likely one person’s', () => {
  const others: Record<string, Person> = {
    'of a twin': { ...giulia, given: 'Martina', email: 'martina@example.org' },
    'of a child at the same home': { ...giulia, given: 'Luca', birth: '2009-11-30', email: '' },
    'of a father who bears the same name': { ...giulia, birth: '1955-01-21', email: '' },
    'of somebody of the same name and nothing else known': { given: 'Giulia', surname: 'D’Angelo' },
    'of somebody born on the same day': { given: 'Oliver', surname: 'Smith', birth: '1984-05-07' },
    'of whom nothing is known': {},
  }
  for (const [who, other] of Object.entries(others))
    test(who, () => expect(compare(giulia, other).likely).toBe(false))
})

test('a likeness is the same from both sides, and names parts, never a value', () => {
  const part = fc.option(fc.constantFrom('', 'Rossi', 'Rosi', 'Ada', '1990-01-02', '10121', '340123'), {
    nil: '',
  })
  const person = fc.record({
    ...{ given: part, surname: part, birth: part, street: part, town: part, postcode: part },
    ...{ phone: part, email: part, nationalId: part },
  })
  fc.assert(
    fc.property(person, person, (one, other) => {
      expect(compare(one, other).weight).toBe(compare(other, one).weight)
      expect(compare(one, other).likely).toBe(compare(other, one).likely)
      expect(
        Object.values(compare(one, other).parts).every(found => /^(same|near|different)$/.test(found!)),
      ).toBe(true)
    }),
  )
})
