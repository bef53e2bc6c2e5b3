import { describe, expect, test } from 'vitest'
import { blockingKeys, soundex } from './blocking-key.ts'

describe('the sound of a word', () => {
  test('is what the US National Archives give', () => {
    // https://www.archives.gov/research/census/soundex
    for (const [word, sound] of Object.entries({
      ...{
        washington: 'w252',
        lee: 'l000',
        gutierrez: 'g362',
        pfister: 'p236',
        jackson: 'j250',
        tymczak: 't522',
      },
      ...{ vandeusen: 'v532', ashcraft: 'a261' },
    }))
      expect.soft(soundex(word), word).toBe(sound)
  })
})

describe('the keys by which a person is looked for', () => {
  const person = { name: 'Giulia D’Angelo', birth: '1984-05-07', postcode: '10121', phone: '+393475550142' }
  const shares = (other: typeof person | Partial<typeof person>) =>
    blockingKeys(person).some(key => blockingKeys(other).includes(key))

  test('are shared in spite of a mistake in any one thing', () => {
    for (const other of [
      { ...person, name: 'D’Angelo Giulia', phone: '' },
      { ...person, name: 'Gulia D’Angelo', phone: '' },
      { ...person, name: 'Marco Rossi', phone: '' },
      { ...person, birth: '1984-07-05', postcode: '', phone: '' },
      { ...person, birth: '', phone: '' },
      { phone: person.phone },
    ])
      expect.soft(shares(other), JSON.stringify(other)).toBe(true)
  })

  test('are none of a name alone, of a birth date alone, or of a place alone', () => {
    for (const other of [{ name: person.name }, { birth: person.birth }, { postcode: person.postcode }, {}])
      expect.soft(blockingKeys(other)).toEqual([])
  })

  test('are few, however long a name is', () => {
    const name = Array.from({ length: 400 }, (_, at) => `name${String.fromCharCode(97 + (at % 26))}x`).join(
      ' ',
    )
    expect(blockingKeys({ ...person, name }).length).toBeLessThan(50)
  })
})
