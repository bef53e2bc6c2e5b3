import { type CatalogueField, isSealed } from '../collection/catalogue.ts'
import { Refusal } from '../core/refusal.ts'
import { contactWords } from './contact-words.ts'

/** Column of the file to what it is kept as: a target, or null for a column that is not kept. */
export type ContactMapping = Readonly<Record<string, string | null>>

/** What a column may be besides a field of the catalogue. */
export const contactTargets = [
  ...['reference', 'given_name', 'family_name'],
  ...['purposes', 'consent_date', 'consent_source', 'consent_fields'],
] as const

/** The parts of a postal address, each a column of its own. */
export const addressParts = [
  ...['country', 'street', 'house_number', 'addition', 'postal_code', 'city', 'region'],
] as const

/** Everything that a column may be kept as: what is sealed in the browser never comes by a file. */
export function targetsOf(catalogue: readonly CatalogueField[]): string[] {
  const fields = catalogue.filter(field => field.type !== null && !isSealed(field))
  return [
    ...contactTargets,
    ...fields.flatMap(({ code, type }) =>
      type === 'postal_address' ? addressParts.map(part => `${code}.${part}`) : [code],
    ),
  ]
}

/**
 * Proposes what each column is, by its header: codes and labels of the catalogue in either language, the usual words in
 * Italian and English, and the names under which HubSpot and Salesforce export a contact. No target is proposed twice;
 * the first column has it. Never looks at a value.
 */
export function proposeMapping(
  headers: readonly string[],
  catalogue: readonly CatalogueField[],
): ContactMapping {
  const targets = new Set(targetsOf(catalogue))
  const known = new Map<string, string>()
  const learn = (word: string, target: string) => {
    if (targets.has(target) && !known.has(spelling(word))) known.set(spelling(word), target)
  }
  for (const target of targets) learn(target, target)
  for (const { code, label } of catalogue) for (const word of Object.values(label)) learn(word, code)
  for (const [target, words] of Object.entries(contactWords)) for (const word of words) learn(word, target)
  const taken = new Set<string>()
  const proposed = headers.map((header): [string, string | null] => {
    const target = known.get(spelling(header))
    if (target === undefined || taken.has(target)) return [header, null]
    taken.add(target)
    return [header, target]
  })
  // Beside a family name, a column that is called just `Nome` or `Name` holds the given one.
  const isSplit = taken.has('family_name') && !taken.has('given_name')
  const given = (header: string, target: string | null) =>
    isSplit && target === 'name' && ['nome', 'name'].includes(spelling(header)) ? 'given_name' : target
  return Object.fromEntries(proposed.map(([header, target]) => [header, given(header, target)]))
}

/** `Mailing Street`, `mailing_street` and `MailingStreet` are one header. */
export const spelling = (header: string): string =>
  header
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/**
 * Refuses a mapping as `invalid`: `unknown` for a column that the file lacks or a target that nothing has, `sealed_only`
 * for a field that is sealed in the browser, `repeated` for a target of two columns, and `required` where names or
 * e-mail addresses come from nowhere.
 */
export function requireMapping(
  mapping: ContactMapping,
  headers: readonly string[],
  catalogue: readonly CatalogueField[],
): void {
  const targets = targetsOf(catalogue)
  const sealed = catalogue.filter(isSealed).map(field => field.code)
  const seen = new Set<string>()
  for (const [header, target] of Object.entries(mapping)) {
    if (!headers.includes(header)) throw invalid('unknown')
    if (target === null) continue
    if (sealed.includes(target.split('.')[0]!)) throw invalid('sealed_only', target)
    if (!targets.includes(target)) throw invalid('unknown')
    if (seen.has(target)) throw invalid('repeated', target)
    seen.add(target)
  }
  if (!seen.has('email')) throw invalid('required', 'email')
  if (!seen.has('name') && !seen.has('given_name') && !seen.has('family_name'))
    throw invalid('required', 'name')
}

/** Names what the mapping says, never a header: the first line of a file may hold values. */
const invalid = (mapping: string, target?: string) =>
  new Refusal('invalid', {
    detail: { field: 'mapping', mapping, ...(target === undefined ? {} : { target }) },
  })
