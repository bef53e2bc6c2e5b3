import { setImmediate } from 'node:timers/promises'
import type { CatalogueField } from '../collection/catalogue.ts'
import { emailRule } from '../collection/field.ts'
import type { ContactFile } from './contact-file.ts'
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
 * The leads of a file: lines that could be kept but for the evidence of an agreement, which they lack. Nobody who says in the
 * file that they want no letters, and no address that another line has evidence for. Refuses what `requireMapping` refuses.
 */
export async function leadsOf(
  file: ContactFile,
  mapping: ContactMapping,
  catalogue: readonly CatalogueField[],
  today: string,
): Promise<Leads> {
  requireMapping(mapping, file.headers, catalogue)
  const lines = new ContactLines(mapping, catalogue, today)
  const header = file.headers.find(one => mapping[one] === 'email')!
  const optOut = file.headers.filter(one => optOuts.has(spelling(one)))
  const found = new Map<string, string>()
  const out = new Set<string>()
  const agreed = new Set<string>()
  for (const [at, { line, columns, fault }] of file.lines.entries()) {
    if (at % 200 === 199) await setImmediate()
    if (fault !== undefined) continue
    const understood = lines.understand(columns, `line-${line}`)
    const judged = emailRule.safeParse((columns[header] ?? '').trim())
    if (!judged.success) continue
    const address = judged.data.toLowerCase()
    if (!('fault' in understood)) agreed.add(address)
    else if (understood.fault === 'no_evidence') {
      if (optOut.some(one => !noes.has((columns[one] ?? '').trim().toLowerCase()))) out.add(address)
      else if (!found.has(address)) found.set(address, judged.data)
    }
  }
  const addresses = [...found].filter(([address]) => !agreed.has(address) && !out.has(address))
  return { addresses: addresses.map(([, address]) => address), optedOut: out.size }
}
