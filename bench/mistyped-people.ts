import type { Person } from '../src/collection/likeness.ts'
import { seeded } from './retail-customers.ts'

/** A record and who it is of. */
export interface Known {
  who: string
  person: Person
}

const givenNames = (
  'Giulia Marco Francesca Alessandro Chiara Lorenzo Martina Davide Niccolò Beatrice Gianluca Mariangela Piero Ilaria ' +
  'Oliver Charlotte William Emily Harry Jessica Thomas Grace Christopher Hannah Stephen Katherine Geoffrey Eleanor'
).split(' ')
const surnames = (
  'Rossi Bianchi Ferrari Esposito Romano Colombo Ricci Marino Greco D’Angelo Conti Rizzo Giordano Mancini Moretti Barbieri ' +
  'Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Walker O’Brien Hughes Edwards Clarke'
).split(' ')
const streets =
  'Via Garibaldi,Via Dante,Corso Italia,Viale dei Mille,Piazza Cavour,High Street,Church Lane,Mill Road'.split(
    ',',
  )
const towns = 'Torino,Bologna,Lecce,Trieste,Leeds,Bristol,Norwich,York'.split(',')

type Random = () => number

/**
 * Invented people with Italian and English names, each with one to two further records full of mistakes: letters swapped, lost and
 * mistyped, names the wrong way round, day and month swapped, what is missing; and a relative at the same home. The same seed
 * gives the same people. `twice`: what share of them has further records.
 */
export function mistypedPeople(count: number, seed: number, twice = 1): Known[] {
  const random = seeded(seed)
  return Array.from({ length: count }, (_, at) => {
    const person = inventedPerson(random)
    const more = random() < twice ? (random() < 0.3 ? 2 : 1) : 0
    const copies = Array.from({ length: more }, () => mistyped(person, random))
    return [
      { who: `${at}`, person },
      ...copies.map(copy => ({ who: `${at}`, person: copy })),
      { who: `relative of ${at}`, person: relativeOf(person, random) },
    ]
  }).flat()
}

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)]!
const digits = (count: number, random: Random) =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('')

function inventedPerson(random: Random): Person {
  return {
    ...{ given: pick(givenNames, random), surname: pick(surnames, random), birth: inventedDate(random) },
    street: `${pick(streets, random)} ${1 + Math.floor(random() * 150)}`,
    ...{ town: pick(towns, random), postcode: digits(5, random), phone: `+39${digits(9, random)}` },
    ...(random() < 0.4 ? { nationalId: digits(11, random) } : {}),
  }
}

const inventedDate = (random: Random) =>
  new Date(Date.UTC(1930 + Math.floor(random() * 75), 0, 1 + Math.floor(random() * 365)))
    .toISOString()
    .slice(0, 10)

/** Same home, telephone and family name, and another person. */
const relativeOf = ({ nationalId: _own, ...person }: Person, random: Random): Person => ({
  ...{
    ...person,
    given: pick(
      givenNames.filter(name => name !== person.given),
      random,
    ),
  },
  birth: inventedDate(random),
})

function mistyped(person: Person, random: Random): Person {
  const copy: Person = { ...person }
  for (const part of ['given', 'surname', 'street', 'town', 'postcode', 'phone', 'nationalId'] as const)
    if (copy[part] !== undefined && random() < 0.3) copy[part] = mistake(copy[part], random)
  for (const part of ['phone', 'street', 'postcode', 'birth', 'nationalId'] as const)
    if (random() < 0.12) delete copy[part]
  if (random() < 0.1) [copy.given, copy.surname] = [copy.surname!, copy.given!]
  if (copy.birth !== undefined && random() < 0.1) copy.birth = swapDays(copy.birth)
  return copy
}

/** Days after the twelfth cannot be taken for a month. */
function swapDays(birth: string): string {
  const [year, month, day] = birth.split('-') as [string, string, string]
  return Number(day) <= 12 ? `${year}-${day}-${month}` : birth
}

function mistake(text: string, random: Random): string {
  const at = Math.floor(random() * text.length)
  const other = /\d/.test(text[at]!) ? digits(1, random) : pick([...'aeiorstln'], random)
  const kind = random()
  if (kind < 0.25) return text.slice(0, at) + text.slice(at + 1)
  if (kind < 0.5) return text.slice(0, at) + other + text.slice(at)
  if (kind < 0.75) return text.slice(0, at) + other + text.slice(at + 1)
  return text.slice(0, at) + (text[at + 1] ?? '') + text[at] + text.slice(at + 2)
}
