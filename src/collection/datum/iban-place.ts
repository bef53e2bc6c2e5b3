import type { Place } from './card-number.ts'

const shaped = /(?<![\p{L}\p{Nd}])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}/gu
const shortest = 15

/**
 * Where a text holds the number of a bank account (ISO 13616): its groups of digits look like a card's one time in ten, and
 * its two check digits say that they are none.
 */
export function findIbans(text: string): Place[] {
  return [...text.matchAll(shaped)].flatMap(found => {
    // What follows in capitals may be a word.
    for (let length = found[0].length; length >= shortest; length--) {
      const given = found[0].slice(0, length)
      if (passesMod97(given.replace(/[ -]/g, ''))) return [{ start: found.index, end: found.index + length }]
    }
    return []
  })
}

/** ISO 13616-1: mod 97 of the number with its first four signs at the end. */
function passesMod97(iban: string): boolean {
  if (iban.length < shortest) return false
  let rest = 0
  for (const sign of `${iban.slice(4)}${iban.slice(0, 4)}`)
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}
