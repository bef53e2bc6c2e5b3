import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Refusal } from '../core/refusal.ts'
import { cardColumns, readCards } from './contact-card.ts'
import type { ContactFile, ContactFormat } from './contact-file.ts'
import { type FileLimits, type FileLine, readFile, tooLarge } from './import-file.ts'

/** The most bytes of one upload, as they are sent. */
export const mostUploaded = 64 * 1024 * 1024

/** What is read of an upload stays within these, whatever it unpacks into: the server shares its memory with everybody. */
const limits: FileLimits = { bytes: 128 * 1024 * 1024, columns: 400, lines: 200_000, cells: 4_000_000 }
const mostCardBytes = 32 * 1024 * 1024

/**
 * Reads an uploaded file of contacts from memory, plain or gzip. Refuses `invalid` for one that is empty or no file of this
 * format, and `too_large` with the limit for one that is, or unpacks into, more than the server takes.
 */
export async function readUpload(bytes: Buffer, format: ContactFormat): Promise<ContactFile> {
  if (bytes.length > mostUploaded) throw tooLarge('bytes')
  if (format === 'vcard') return readCardUpload(bytes)
  const lines: FileLine[] = []
  const read = await readFile(bytes, [], line => lines.push(line), limits)
  // No column is asked for, so all of them are named as not asked for.
  return { hash: read.hash, headers: read.ignored, lines, unreadable: read.unreadable }
}

async function readCardUpload(bytes: Buffer): Promise<ContactFile> {
  const text = (await unpacked(bytes)).toString('utf8').replace(/^\ufeff/, '')
  const lines: FileLine[] = []
  for (const { part, before } of partsOf(text)) {
    for (const { line, ...card } of readCards(part)) lines.push({ line: line + before, ...card })
    if (lines.length > limits.lines) throw tooLarge('lines')
    await setImmediate()
  }
  if (lines.length === 0) throw new Refusal('invalid', { detail: { file: 'upload', cause: 'no vCard' } })
  const hash = createHash('sha256').update(bytes).digest()
  return { hash, headers: [...cardColumns], lines, unreadable: [] }
}

async function unpacked(bytes: Buffer): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    if (bytes.length > mostCardBytes) throw tooLarge('bytes')
    return bytes
  }
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: mostCardBytes })
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('bytes')
    throw new Refusal('invalid', { detail: { file: 'upload', cause: 'unreadable' }, cause: error })
  }
}

/** Pieces of about 64 KiB that end where a card ends, with how many lines of the file come before each. */
function* partsOf(text: string): Generator<{ part: string; before: number }> {
  const end = /^[ \t]*END:VCARD[ \t]*(?:\r\n|\n|\r|$)/gim
  let [from, before] = [0, 0]
  while (from < text.length) {
    end.lastIndex = Math.min(from + 65_536, text.length)
    const to = end.exec(text) === null ? text.length : end.lastIndex
    const part = text.slice(from, to)
    yield { part, before }
    before += part.split(/\r\n|\n|\r/).length - 1
    from = to
  }
}
