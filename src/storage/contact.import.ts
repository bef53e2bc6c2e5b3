import { setImmediate } from 'node:timers/promises'
import type { CatalogueField } from '../collection/catalogue.ts'
import type { ContactFile } from './contact-file.ts'
import { judgeContacts, keepJudged } from './contact-judgement.ts'
import { type ContactLine, ContactLines } from './contact-line.ts'
import { type ContactMapping, requireMapping } from './contact-mapping.ts'
import { type ImportAdapter, mostTogether } from './import.ts'

/**
 * Contacts of any file, by a mapping of its columns. Whoever comes in this way is asserted only (level 0). Refuses a
 * mapping that `requireMapping` refuses. One adapter serves one run of one file.
 */
export function contactImport(
  file: ContactFile,
  mapping: ContactMapping,
  catalogue: readonly CatalogueField[],
  today: string,
): ImportAdapter<ContactLine> {
  requireMapping(mapping, file.headers, catalogue)
  const lines = new ContactLines(mapping, catalogue, today)
  const mark = file.hash.toString('hex').slice(0, 12)
  const kept = new Set(Object.keys(mapping).filter(header => mapping[header] !== null))
  return {
    ...{ kind: 'contacts', columns: [...kept], most: mostTogether },
    async read(each) {
      for (const [at, line] of file.lines.entries()) {
        each(line)
        // So many are judged at once; in between whoever else uses the server is served.
        if (at % 200 === 199) await setImmediate()
      }
      const ignored = file.headers.filter(header => header !== '' && !kept.has(header))
      return { hash: file.hash, ignored, unreadable: file.unreadable }
    },
    understand: (columns, line) => lines.understand(columns, `${mark}-${line}`),
    judge: judgeContacts,
    keep: keepJudged,
  }
}
