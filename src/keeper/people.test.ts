import { describe, expect, it } from 'vitest'
import { mostFound, People } from './people.ts'
import { maskedCard } from './recognising.ts'

let slots = 100

/** Somebody whose own values lie in one box, as the keeper hears of them. */
function hear(
  people: People,
  values: Record<string, string>,
  about: { version?: number; slot?: number } = {},
) {
  const customer = values.customer ?? `c${++slots}`
  const { version = 1, slot = ++slots } = about
  people.hear(
    { customer, row: customer, compartment: 'identity', version, slot, trail: slot + 1000 },
    Object.fromEntries(
      Object.entries(values).map(([field, value]) => [field, { value, source: 'customer' }]),
    ),
  )
  return { customer, slot }
}

const person = (name: string, birth: string) => ({ by: 'person', name, birth }) as const
const foundBy = (people: People, term: Parameters<People['find']>[0]) =>
  people.find(term).found.map(one => one.customer)

describe('whom the keeper can find', () => {
  it('is found by an exact address in any case, and by the last nine digits of a telephone number', () => {
    const people = new People()
    const { customer } = hear(people, { email: 'Ana.Ruiz@example.org', phone: '+393475550142' })
    expect(foundBy(people, { by: 'email', email: 'ana.ruiz@EXAMPLE.org' })).toEqual([customer])
    expect(foundBy(people, { by: 'phone', phone: '347 555 0142' })).toEqual([customer])
    expect(foundBy(people, { by: 'email', email: 'ana@example.org' })).toEqual([])
    expect(foundBy(people, { by: 'phone', phone: '+393475550143' })).toEqual([])
  })

  it('is found by a mistyped name with the birth date, day and month either way', () => {
    const people = new People()
    const { customer } = hear(people, { name: 'Giulia D’Angelo', birth_date: '1984-05-07' })
    for (const name of [
      'Giulia D’Angelo',
      'Gulia Dangelo',
      'DANGELO GIULIA',
      'Jiulia D’Angelo',
      'Giu Dangelo',
      'dangelo',
    ])
      expect.soft(foundBy(people, person(name, '1984-05-07')), name).toEqual([customer])
    expect(foundBy(people, person('Giulia D’Angelo', '1984-07-05'))).toEqual([customer])
    for (const [name, birth] of [
      ['Giulia D’Angelo', '1984-05-08'],
      ['Marco Rossi', '1984-05-07'],
      ['Giulia Rossi', '1984-05-07'],
    ])
      expect.soft(foundBy(people, person(name!, birth!)), `${name} ${birth}`).toEqual([])
  })

  it('is found by no name alone and no date alone', () => {
    const people = new People()
    hear(people, { name: 'Giulia D’Angelo' })
    hear(people, { birth_date: '1984-05-07' })
    expect(foundBy(people, person('Giulia D’Angelo', '1984-05-07'))).toEqual([])
    expect(foundBy(people, person('', '1984-05-07'))).toEqual([])
  })

  it('comes first when it fits exactly, and is one of twenty at most', () => {
    const people = new People()
    for (let at = 0; at < 30; at++) hear(people, { name: `Anna Rosi`, birth_date: '1990-01-01' })
    const { customer } = hear(people, { name: 'Anna Rossi', birth_date: '1990-01-01' })
    const { found, more } = people.find(person('Anna Rossi', '1990-01-01'))
    expect(found).toHaveLength(mostFound)
    expect(found[0]!.customer).toBe(customer)
    expect(more).toBe(true)
  })

  it('is known by both versions of a box until the older one’s floor rises', () => {
    const people = new People()
    const { customer, slot } = hear(people, { email: 'old@example.org' })
    people.hear(
      { customer, row: customer, compartment: 'identity', version: 2, slot, trail: 7 },
      { email: { value: 'new@example.org' } },
    )
    expect(foundBy(people, { by: 'email', email: 'old@example.org' })).toEqual([customer])
    expect(foundBy(people, { by: 'email', email: 'new@example.org' })).toEqual([customer])
    people.raise(slot, customer, 2)
    expect(foundBy(people, { by: 'email', email: 'old@example.org' })).toEqual([])
    expect(foundBy(people, { by: 'email', email: 'new@example.org' })).toEqual([customer])
    people.raise(slot, customer, null)
    expect(foundBy(people, { by: 'email', email: 'new@example.org' })).toEqual([])
  })

  it('is nowhere any more when its slot is shredded', () => {
    const people = new People()
    const { customer, slot } = hear(people, {
      name: 'Ana Ruiz',
      birth_date: '1990-01-01',
      email: 'a@example.org',
    })
    people.forget([slot])
    expect(foundBy(people, person('Ana Ruiz', '1990-01-01'))).toEqual([])
    expect(foundBy(people, { by: 'email', email: 'a@example.org' })).toEqual([])
    expect(foundBy(people, { by: 'number', customers: [customer] })).toEqual([])
  })

  it('is not heard of from a row that is not of its own values', () => {
    const people = new People()
    people.hear(
      { customer: 'c', row: 'r', compartment: 'messages', version: 1, slot: 1, trail: 2 },
      { email: { value: 'a@example.org' } },
    )
    expect(foundBy(people, { by: 'email', email: 'a@example.org' })).toEqual([])
  })
})

describe('a masked card', () => {
  it('shows first letters and last digits, and no length', () => {
    const part = { customer: 'c', compartment: 'contact', version: 1, slot: 1, trail: 2 }
    expect(
      maskedCard({
        ...part,
        name: 'Ana María Ruiz',
        email: 'ana.ruiz@example.org',
        phone: '+393475550142',
        birth: '1990-01-01',
      }),
    ).toEqual({ name: 'A••• M••• R•••', email: 'a•••@•••', phone: '••• 42' })
    expect(maskedCard({ ...part, name: 'Al' })).toEqual({ name: 'A•••' })
  })
})
