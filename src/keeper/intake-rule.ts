import { KeeperRefusal } from './refusal.ts'
import { integer, list, object, type Shape, text } from './shape.ts'

/**
 * What a sealed value must be, in the few words that the keeper judges by: it has no library and trusts no browser. The
 * same types as in the catalogue, held to their length, their form and, where there is one, their check digits.
 */
export interface IntakeRule {
  type: string
  /** The longest text, or the largest number. */
  most?: number
  least?: number
  /** The codes that may be chosen. */
  options?: string[]
}

/** A code for what is wrong, or null. */
type Judge = (value: unknown, rule: IntakeRule) => string | null

const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed()
// No control signs but line breaks, and none that turn the direction of reading.
const hidden = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u

const line =
  (code: string, pattern: RegExp, check: (value: string) => boolean = () => true): Judge =>
  value =>
    isText(value) && pattern.test(value) && check(value) ? null : code

function prose(value: unknown, most: number, lines: boolean): string | null {
  if (!isText(value) || value.trim() === '') return 'required'
  if (value.length > most && [...value].length > most) return 'too_long'
  if (hidden.test(lines ? value.replaceAll('\n', ' ') : value)) return 'control'
  if (holdsCardNumber(value)) return 'card_number'
  return securityCode.test(value) ? 'security_code' : null
}

/** A card’s security code by the names that mean nothing else (PCI DSS 3.3.1: nobody may keep it). */
const securityCode =
  /(?<![\p{L}\p{Nd}])(?:cvv2?|cvc2?|cvn2|cv2)[\s:=.,#()\-–—'’"“”]*(?:(?:is|è|ist|es|est)[\s:=.,]+)?\p{Nd}{3,4}(?!\p{Nd})/iu

/** ISO/IEC 7812-1, annex B. */
export function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** 13 to 19 digits that pass as the number of a card, however they are set apart and whatever number stands beside them. */
export function holdsCardNumber(value: string): boolean {
  const near = value.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  for (const [run] of near.matchAll(/\d[\d\s._,\-–—/·]*/gu)) {
    const groups = run.match(/\d+/g) ?? []
    for (let from = 0; from < groups.length; from++) {
      let digits = ''
      for (const group of groups.slice(from, from + 19)) {
        digits += group
        if (digits.length > 19) break
        if (digits.length >= 13 && /^[2-6]/.test(digits) && passesLuhn(digits)) return true
      }
    }
  }
  return false
}

/** ISO 13616-1: mod 97 of the number with its first four signs at the end. */
function passesMod97(iban: string): boolean {
  let rest = 0
  for (const sign of `${iban.slice(4)}${iban.slice(0, 4)}`)
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

function isDay(value: string): boolean {
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}

const parts = (value: unknown, allowed: readonly string[], needed: readonly string[]): value is Shape =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  needed.every(name => Object.hasOwn(value, name)) &&
  Object.entries(value).every(([name, one]) => allowed.includes(name) && prose(one, 200, false) === null)

const dayRule = line('date', /^\d{4}-\d{2}-\d{2}$/, isDay)

const judges: Readonly<Record<string, Judge>> = {
  line: (value, { most = 500 }) => prose(value, Math.min(most, 500), false),
  text: (value, { most = 10_000 }) => prose(value, Math.min(most, 10_000), true),
  name: value => prose(value, 120, false),
  email: line('email', /^(?=.{3,254}$)[^\s@]+@[^\s@]+$/),
  phone: line('phone', /^\+[1-9]\d{5,14}$/),
  date: dayRule,
  birth_date: dayRule,
  integer: (value, { least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER }) =>
    !Number.isSafeInteger(value)
      ? 'integer'
      : holdsCardNumber(String(value))
        ? 'card_number'
        : (value as number) < least
          ? 'below_least'
          : (value as number) > most
            ? 'above_most'
            : null,
  decimal: line('decimal', /^-?\d{1,30}(\.\d{1,10})?$/),
  boolean: value => (typeof value === 'boolean' ? null : 'boolean'),
  choice: (value, { options = [] }) =>
    typeof value === 'string' && options.includes(value) ? null : 'not_an_option',
  choices: (value, { options = [] }) =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every(one => options.includes(one as string))
      ? null
      : 'not_an_option',
  country: line('country', /^[A-Z]{2}$/),
  language: line('language', /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/),
  codice_fiscale: line(
    'codice_fiscale',
    /^([A-Z]{6}[0-9L-V]{2}[A-Z][0-9L-V]{2}[A-Z][0-9L-V]{3}[A-Z]|\d{11})$/,
  ),
  partita_iva: line('partita_iva', /^\d{11}$/, passesLuhn),
  // As the browser keeps them: some have a sign between, which tells the century.
  national_id: line('national_id', /^[0-9A-Z+-]{4,20}$/),
  tax_id: line('tax_id', /^[0-9A-Z+*]{2,20}$/),
  iban: line('iban_check', /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, passesMod97),
  postal_address: value =>
    parts(
      value,
      ['country', 'street', 'house_number', 'addition', 'postal_code', 'city', 'region'],
      ['country', 'street', 'city'],
    )
      ? null
      : 'invalid',
  card_number: line('card_check', /^\d{13,19}$/, passesLuhn),
  card_reference: value => {
    if (!parts(value, ['brand', 'last4', 'expiry', 'token'], ['brand', 'last4', 'expiry']))
      return 'card_number'
    if (holdsCardNumber(`${value.token ?? ''}${value.last4}`)) return 'card_number'
    if (!/^\d{4}$/.test(String(value.last4))) return 'card_last4'
    return /^\d{4}-(0[1-9]|1[0-2])$/.test(String(value.expiry)) ? null : 'card_expiry'
  },
}

/** The rule as it must arrive. Refuses `malformed` for a type that nothing is taken in of. */
export function intakeRule(value: unknown, where: string): IntakeRule {
  const rule = object(value, where)
  const type = text(rule.type, `${where}.type`, 40)
  if (!Object.hasOwn(judges, type)) throw new KeeperRefusal('malformed', { why: `${where}.type` })
  const number = (name: 'most' | 'least') =>
    rule[name] === undefined || rule[name] === null
      ? {}
      : {
          [name]: integer(rule[name], `${where}.${name}`, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
        }
  const options =
    rule.options === undefined
      ? {}
      : { options: list(rule.options, `${where}.options`, 200, (one, at) => text(one, at, 60)) }
  return { type, ...number('most'), ...number('least'), ...options }
}

/** What is wrong with a value that was sealed in a browser, as a code, or null. */
export const faultOf = (rule: IntakeRule, value: unknown): string | null =>
  judges[rule.type]?.(value, rule) ?? null
