import type * as z from 'zod'
import { type CatalogueField, isSealed } from '../collection/catalogue.ts'
import { countries } from '../collection/datum/country.ts'
import { type DatumTypeCode, datumTypes } from '../collection/datum/datum-type.ts'
import { importable } from '../collection/imported-consent.ts'
import { addressParts, type ContactMapping } from './contact-mapping.ts'
import type { Understood } from './import.ts'
import { evidenceIn, type ImportEvidence, isReference } from './import-evidence.ts'

/** A line as it would be kept. */
export interface ContactLine extends ImportEvidence {
  /** By field code, each in its one spelling. */
  values: Record<string, unknown> & { email: string }
}

type Judged = { value: unknown } | { fault: string }

/**
 * Understands the lines of one file, under one mapping and the catalogue of the moment. Every value is judged by the rule
 * of its field; a fault is `FIELD.CODE`, or `FIELD.PART.CODE` of an address. A line is refused as `no_evidence` without
 * purposes, date and source of the agreement, as `not_agreed` when it brings a field that its evidence does not name,
 * and as `repeated_address` when an earlier line has its e-mail address.
 */
export class ContactLines {
  readonly #mapping: ReadonlyMap<string, string>
  readonly #fields: readonly (CatalogueField & { type: DatumTypeCode; rule: z.ZodType })[]
  readonly #seen = new Set<string>()

  constructor(mapping: ContactMapping, catalogue: readonly CatalogueField[], today: string) {
    const kept = Object.entries(mapping).filter((pair): pair is [string, string] => pair[1] !== null)
    this.#mapping = new Map(kept.map(([header, target]) => [target, header]))
    const mapped = new Set(kept.map(([, target]) => target.split('.')[0]!))
    if (mapped.has('given_name') || mapped.has('family_name')) mapped.add('name')
    this.#fields = catalogue.flatMap(field => {
      const { code, type, options } = field
      if (type === null || isSealed(field) || !mapped.has(code)) return []
      return [{ ...field, type, rule: datumTypes[type].rule(options, { today }) }]
    })
  }

  /** `numbered` stands for the reference where the file brings none. */
  understand(line: Record<string, string>, numbered: string): Understood<ContactLine> {
    const cell = (target: string) => (line[this.#mapping.get(target) ?? ''] ?? '').trim()
    const reference = this.#mapping.has('reference') ? cell('reference') : numbered
    if (!isReference(reference)) return { fault: 'reference' }
    const judged = this.#judge(cell)
    if ('fault' in judged) return judged
    const evidence = evidenceIn({
      ...{ purposes: cell('purposes'), date: cell('consent_date') },
      ...{ proof: cell('consent_source'), fields: cell('consent_fields') },
    })
    if ('fault' in evidence) return evidence
    const unnamed = this.#fields.find(
      ({ code, purposes }) =>
        Object.hasOwn(judged.values, code) &&
        !(
          [...importable, ...evidence.named].includes(code) &&
          evidence.purposes.some(one => purposes.includes(one))
        ),
    )
    if (unnamed !== undefined) return { fault: 'not_agreed' }
    const address = judged.values.email.toLowerCase()
    if (this.#seen.has(address)) return { fault: 'repeated_address' }
    this.#seen.add(address)
    return { reference, parsed: { ...evidence, values: judged.values } }
  }

  /** The fields that the lines of the file may bring, in the order of the catalogue. */
  get fields(): string[] {
    return this.#fields.map(field => field.code)
  }

  #judge(cell: (target: string) => string): { values: ContactLine['values'] } | { fault: string } {
    const values: Record<string, unknown> = {}
    for (const { code, type, rule } of this.#fields) {
      const given = type === 'postal_address' ? addressIn(code, cell) : givenIn(code, type, cell)
      if (given === null) {
        if (code === 'name' || code === 'email') return { fault: `${code}.required` }
        continue
      }
      const judged = judge(rule, given)
      if ('fault' in judged) return { fault: `${code}.${judged.fault}` }
      values[code] = judged.value
    }
    return { values: values as ContactLine['values'] }
  }
}

function judge(rule: z.ZodType, given: unknown): Judged {
  const judged = rule.safeParse(given)
  if (judged.success) return { value: judged.data }
  const { path, message, code } = judged.error.issues[0]!
  // Only our own codes are words of ours; what zod says by itself may describe the value.
  const fault = /^[a-z0-9_]{1,40}$/.test(message) ? message : code === 'too_big' ? 'too_long' : 'invalid'
  return {
    fault: [...path.filter(part => (addressParts as readonly unknown[]).includes(part)), fault].join('.'),
  }
}

const yes = ['true', 'yes', 'y', '1', 'sì', 'si', 'vero']
const no = ['false', 'no', 'n', '0', 'falso']

/** A cell as the rule of its field takes it; null for nothing. */
function givenIn(code: string, type: DatumTypeCode, cell: (target: string) => string): unknown {
  const text = code === 'name' && cell('name') === '' ? nameIn(cell) : cell(code)
  if (text === '') return null
  // HubSpot parts several answers with semicolons.
  if (type === 'choices') return text.split(';').map(one => one.trim())
  if (type === 'country') return countryIn(text)
  if (type !== 'boolean') return text
  const word = text.toLowerCase()
  return yes.includes(word) ? true : no.includes(word) ? false : text
}

const nameIn = (cell: (target: string) => string): string =>
  [cell('given_name'), cell('family_name')].filter(part => part !== '').join(' ')

function addressIn(code: string, cell: (target: string) => string): Record<string, string> | null {
  const parts = addressParts.map((part): [string, string] => [part, cell(`${code}.${part}`)])
  if (parts.every(([part, text]) => text === '' || part === 'country')) return null
  const address = Object.fromEntries(parts)
  return { ...address, country: countryIn(address.country ?? '') }
}

/** Countries by their names in Italian and English, as Unicode has them: exports write names, the rule takes codes. */
const countryNames = new Map(
  ['it', 'en'].flatMap(language => {
    const names = new Intl.DisplayNames([language], { type: 'region' })
    return countries.map((code): [string, string] => [(names.of(code) ?? code).toLowerCase(), code])
  }),
)

const countryIn = (text: string): string => countryNames.get(text.toLowerCase()) ?? text
