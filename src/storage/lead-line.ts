import { setImmediate } from 'node:timers/promises'
import type { CatalogueField } from '../collection/catalogue.ts'
import { emailRule } from '../collection/field.ts'
import type { ContactFile } from './contact-file.ts'
import { isTooYoung } from './contact-judgement.ts'
import { ContactLines } from './contact-line.ts'
import { type ContactMapping, requireMapping, spelling } from './contact-mapping.ts'

export interface Leads {
  /** Each address once. */
  addresses: string[]
  /** Lines whose own file says that they want no letters. */
  optedOut: number
}

/** Headers under which programs export that somebody wants no letters: HubSpot, Salesforce and the usual words. */
const optOuts = new Set(
  [
    ...['Unsubscribed from all email', 'Email Opt Out', 'Has Opted Out Of Email', 'Opted out of email'],
    ...['Do Not Contact', 'Do Not Email', 'Opt out', 'Unsubscribed', 'Marketing contact opt out'],
    ...['Disiscritto', 'Non contattare', 'Nessuna e-mail', 'Opposizione'],
  ].map(spelling),
)
const noes = new Set(['', '0', 'false', 'no', 'n', 'falso'])

/**
 * The leads of a file: lines that could be kept but for the evidence of an agreement, which they lack. Nobody who says in any line of
 * the file that they want no letters, nobody who by their own date of birth could not agree for themselves today (`least`: from
 * which age people can, once an officer has decided it), and no address that another line has evidence for. Refuses what
 * `requireMapping` refuses.
 */
export async function leadsOf(
  file: ContactFile,
  mapping: ContactMapping,
  catalogue: readonly CatalogueField[],
  { today, least }: { today: string; least: number | null },
): Promise<Leads> {
  requireMapping(mapping, file.headers, catalogue)
  const lines = new ContactLines(mapping, catalogue, today)
  const headerOf = (target: string) => file.headers.find(one => mapping[one] === target) ?? ''
  const cell = (columns: Record<string, string>, header: string) => (columns[header] ?? '').trim()
  const [email, birth] = [headerOf('email'), headerOf('birth_date')]
  const optOut = file.headers.filter(one => optOuts.has(spelling(one)))
  const found = new Map<string, string>()
  const out = new Set<string>()
  const agreed = new Set<string>()
  for (const [at, { line, columns, fault }] of file.lines.entries()) {
    if (at % 200 === 199) await setImmediate()
    if (fault !== undefined) continue
    const understood = lines.understand(columns, `line-${line}`)
    const judged = emailRule.safeParse(cell(columns, email))
    if (!judged.success) continue
    const address = judged.data.toLowerCase()
    if (!('fault' in understood)) agreed.add(address)
    // A no counts though something else is wrong with its line.
    else if (optOut.some(one => !noes.has(cell(columns, one).toLowerCase()))) out.add(address)
    else if (understood.fault === 'no_evidence') {
      const isYoung = least !== null && isTooYoung(cell(columns, birth), today, least)
      if (!isYoung && !found.has(address)) found.set(address, judged.data)
    }
  }
  const addresses = [...found].filter(([address]) => !agreed.has(address) && !out.has(address))
  return { addresses: addresses.map(([, address]) => address), optedOut: out.size }
}
