import { wordsOf } from './blocking-key.ts'
import type { BoxValues } from './requests.ts'
import type { SearchTerm } from './search-terms.ts'
import { isNameLike } from './spelled-alike.ts'

/** A search tells of so many and no more. */
export const mostFound = 20

/** What people are looked for by, as fields of their values. */
export const soughtFields = ['birth_date', 'email', 'name', 'phone'] as const

/** What one sealed box of a person's own values says of it. */
export interface Part {
  readonly customer: string
  readonly compartment: string
  readonly version: number
  readonly slot: number
  /** Where a search that finds them is entered. */
  readonly trail: number
  readonly name?: string
  readonly birth?: string
  readonly email?: string
  readonly phone?: string
}

export interface Found {
  customer: string
  /** Of all their boxes: one that a server sealed with another trail hides the search from nobody. */
  trails: number[]
  parts: { part: Part; matched: boolean }[]
}

/**
 * Whom the keeper can find: of every person's own values what they are looked for by, in memory and nowhere else. It hears
 * what it seals, and is told of what was sealed before it started; what is shredded or below its floor leaves at once. Whether
 * a box that was sealed was ever stored only the database knows: both versions are kept until the floor rises.
 */
export class People {
  /** Whether everybody is in it. Until then nobody is looked for: "nobody found" would be a lie. */
  whole = false
  /** The versions of one box, by its slot: there is one box of own values for each person and compartment. */
  readonly #ofSlot = new Map<number, Part[]>()
  readonly #slotsOf = new Map<string, number[]>()
  readonly #byEmail = new Map<string, Part[]>()
  readonly #byPhone = new Map<string, Part[]>()
  readonly #byBirth = new Map<string, Part[]>()

  /** Takes in what a box holds. A box that is not of a person's own values, or says nothing of this, is passed over. */
  hear(
    box: { customer: string; row: string; compartment: string; version: number; slot: number; trail: number },
    values: BoxValues,
  ): void {
    if (box.row !== box.customer) return
    const said = saidIn(values)
    if (Object.keys(said).length === 0) return
    const { customer, compartment, version, slot, trail } = box
    const part: Part = { customer, compartment, version, slot, trail, ...said }
    this.#drop(slot, one => one.version === version)
    this.#keep(part)
  }

  /** Versions of the row below this one never count again; null: none does. */
  raise(slot: number, row: string, version: number | null): void {
    this.#drop(slot, part => part.customer === row && (version === null || part.version < version))
  }

  /** Nothing of these slots is left. */
  forget(slots: readonly number[]): void {
    for (const slot of slots) this.#drop(slot, () => true)
  }

  /** Whom a term finds, whoever fits best first, at most `mostFound`; `more` when there are others. */
  find(term: SearchTerm): { found: Found[]; more: boolean } {
    const matched = new Set(this.#matching(term))
    const customers = [...new Set([...matched].map(part => part.customer))]
    const found = customers.slice(0, mostFound).map(customer => {
      const parts = this.#partsOf(customer)
      return {
        ...{ customer, trails: [...new Set(parts.map(part => part.trail))] },
        parts: parts.map(part => ({ part, matched: term.by === 'number' || matched.has(part) })),
      }
    })
    return { found, more: customers.length > mostFound }
  }

  #matching(term: SearchTerm): Part[] {
    if (term.by === 'email') return this.#byEmail.get(term.email.trim().toLowerCase()) ?? []
    if (term.by === 'phone') return this.#byPhone.get(lastDigits(term.phone)) ?? []
    if (term.by === 'number') return term.customers.flatMap(customer => this.#partsOf(customer))
    const words = wordsOf(term.name)
    const dates = new Set([term.birth, swapped(term.birth)])
    const born = [...dates].flatMap(date => this.#byBirth.get(date) ?? [])
    const fits = born.filter(part => isNameLike(words, wordsOf(part.name ?? '')))
    const isExact = (part: Part) =>
      part.birth === term.birth && wordsOf(part.name ?? '').join() === words.join()
    return [...fits.filter(isExact), ...fits.filter(part => !isExact(part))]
  }

  #partsOf(customer: string): Part[] {
    return (this.#slotsOf.get(customer) ?? []).flatMap(slot => this.#ofSlot.get(slot) ?? [])
  }

  #keep(part: Part): void {
    const { customer, slot } = part
    const versions = this.#ofSlot.get(slot)
    if (versions !== undefined) versions.push(part)
    else {
      this.#ofSlot.set(slot, [part])
      add(this.#slotsOf, customer, slot)
    }
    for (const [index, key] of this.#keysOf(part)) add(index, key, part)
  }

  #drop(slot: number, which: (part: Part) => boolean): void {
    const versions = this.#ofSlot.get(slot)
    if (versions === undefined) return
    for (const part of versions.filter(which)) {
      remove(this.#ofSlot, slot, part)
      for (const [index, key] of this.#keysOf(part)) remove(index, key, part)
      if (!this.#ofSlot.has(slot)) remove(this.#slotsOf, part.customer, slot)
    }
  }

  #keysOf({ name, birth, email, phone }: Part): [index: Map<string, Part[]>, key: string][] {
    return [
      ...(email === undefined ? [] : [[this.#byEmail, email.toLowerCase()] as [Map<string, Part[]>, string]]),
      ...(phone === undefined ? [] : [[this.#byPhone, lastDigits(phone)] as [Map<string, Part[]>, string]]),
      // A name alone finds nobody, nor does a birth date alone.
      ...(birth === undefined || name === undefined
        ? []
        : [[this.#byBirth, birth] as [Map<string, Part[]>, string]]),
    ]
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const held = map.get(key)
  if (held === undefined) map.set(key, [value])
  else held.push(value)
}

function remove<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const held = map.get(key)
  const at = held?.indexOf(value) ?? -1
  if (held === undefined || at < 0) return
  if (held.length === 1) map.delete(key)
  else held.splice(at, 1)
}

function saidIn(values: BoxValues): Pick<Part, 'name' | 'birth' | 'email' | 'phone'> {
  return {
    ...textAs('name', values.name),
    ...textAs('birth', values.birth_date),
    ...textAs('email', values.email),
    ...textAs('phone', values.phone),
  }
}

/** A value is `{ value, … }` or stands alone; what is of another form says nothing. */
function textAs(part: string, held: unknown): Record<string, string> {
  const value = typeof held === 'object' && held !== null && 'value' in held ? held.value : held
  return typeof value === 'string' && value.trim() !== '' ? { [part]: value.trim() } : {}
}

/** Country codes and leading zeros are written or not: the last nine digits tell telephones apart. */
const lastDigits = (phone: string): string => phone.replace(/\D/g, '').slice(-9)

/** Day and month the other way round. */
const swapped = (date: string): string => `${date.slice(0, 4)}-${date.slice(8, 10)}-${date.slice(5, 7)}`
