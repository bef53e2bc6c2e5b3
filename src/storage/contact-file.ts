import { createHash } from 'node:crypto'
import { readFile as readBytes, stat } from 'node:fs/promises'
import { Refusal } from '../core/refusal.ts'
import { cardColumns, readCards } from './contact-card.ts'
import { type FileLine, readFile } from './import-file.ts'

/** HubSpot and Salesforce export CSV: their headers are among those that every mapping knows. */
export const contactFormats = ['csv', 'hubspot', 'salesforce', 'vcard'] as const
export type ContactFormat = (typeof contactFormats)[number]

/** A file of contacts as it was read, in memory alone. */
export interface ContactFile {
  /** SHA-256 of its bytes. */
  hash: Buffer
  headers: string[]
  lines: FileLine[]
  /** Numbers of lines that are no CSV at all. */
  unreadable: number[]
}

/** A file is held in memory while it is judged: 100,000 contacts with every field are about 40 MB. */
export const mostBytes = 256 * 1024 * 1024

/**
 * Reads a file of contacts from the disk and nowhere to it. Refuses `invalid` for one that cannot be opened, is empty,
 * is larger than `mostBytes`, is no file of this format, or has a header that stands twice.
 */
export async function readContactFile(path: string, format: ContactFormat): Promise<ContactFile> {
  await requireSize(path)
  if (format === 'vcard') return readVcards(path)
  const lines: FileLine[] = []
  const read = await readFile(path, [], line => lines.push(line))
  // No column is asked for, so all of them are named as not asked for.
  return { hash: read.hash, headers: read.ignored, lines, unreadable: read.unreadable }
}

async function requireSize(path: string): Promise<void> {
  const { size } = await stat(path).catch(error => {
    throw unreadable(path, error)
  })
  if (size > mostBytes) throw new Refusal('invalid', { detail: { file: path, cause: 'too large' } })
}

async function readVcards(path: string): Promise<ContactFile> {
  const bytes = await readBytes(path).catch(error => {
    throw unreadable(path, error)
  })
  const lines = readCards(bytes.toString('utf8').replace(/^\ufeff/, ''))
  if (lines.length === 0) throw new Refusal('invalid', { detail: { file: path, cause: 'no vCard' } })
  const hash = createHash('sha256').update(bytes).digest()
  return { hash, headers: [...cardColumns], lines, unreadable: [] }
}

function unreadable(path: string, error: unknown): Refusal {
  const { code } = error as { code?: unknown }
  const cause = typeof code === 'string' ? code : 'unreadable'
  return new Refusal('invalid', { detail: { file: path, cause }, cause: error })
}
