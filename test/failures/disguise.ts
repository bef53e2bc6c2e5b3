import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The ways in which a text may lie in a file and still be read by anybody. */
export function disguisesOf(text: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  const forms = { '': text, ' in lower case': text.toLowerCase(), ' in NFD': text.normalize('NFD') }
  for (const [form, shape] of Object.entries(forms)) {
    for (const [name, bytes] of encodingsOf(shape)) {
      const isKnown = [...found.values()].some(known => known.equals(bytes))
      if (!isKnown) found.set(`${name}${form}`, bytes)
    }
  }
  return found
}

function encodingsOf(text: string): [string, Buffer][] {
  const utf8 = Buffer.from(text)
  const little = Buffer.from(text, 'utf16le')
  const hex = utf8.toString('hex')
  const escaped = text.replace(/[^ -~]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [
    ['utf-8', utf8],
    ['utf-16le', little],
    ['utf-16be', Buffer.from(little).swap16()],
    ['hex', Buffer.from(hex)],
    ['hex in capitals', Buffer.from(hex.toUpperCase())],
    ['JSON escapes', Buffer.from(escaped)],
    ['percent escapes', Buffer.from(encodeURIComponent(text))],
    ...[0, 1, 2].flatMap(offset => base64At(utf8, offset)),
  ]
}

/** The middle of the base64 of anything in which the bytes begin `offset` bytes after a group of three. */
function base64At(bytes: Buffer, offset: number): [string, Buffer][] {
  const begin = Math.ceil((offset * 8) / 6)
  const end = Math.floor(((offset + bytes.length) * 8) / 6)
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
  const alphabets = ['base64', 'base64url'] as const
  return alphabets.map(name => [`${name} at ${offset}`, Buffer.from(padded.toString(name).slice(begin, end))])
}

/** Every file under a folder. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

/** A segment of the write-ahead log is mostly empty. */
function withoutZeros(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  // The last sign of a text in utf-16le ends in a zero.
  return bytes.subarray(0, end + 1)
}

/** Looks for some texts in all their disguises; what it has seen once, byte for byte, it does not look at again. */
export class Searcher {
  readonly #sought: [string, Buffer][]
  readonly #seen = new Set<string>()

  constructor(texts: readonly string[]) {
    this.#sought = texts.flatMap(text =>
      [...disguisesOf(text)].map(([name, bytes]): [string, Buffer] => [`${text} (${name})`, bytes]),
    )
  }

  /** Which of them stand in these bytes. */
  in(all: Buffer): string[] {
    const bytes = withoutZeros(all)
    const digest = hash('sha256', bytes)
    if (this.#seen.has(digest)) return []
    const found = this.#sought.filter(([, one]) => bytes.includes(one)).map(([name]) => name)
    // What holds something is told each time.
    if (found.length === 0) this.#seen.add(digest)
    return found
  }

  /** Which of them stand in which file under a folder. */
  async under(folder: string): Promise<string[]> {
    const found: string[] = []
    for (const file of await filesUnder(folder)) {
      // A file may go while PostgreSQL works.
      const bytes = await readFile(file).catch(() => Buffer.alloc(0))
      found.push(...this.in(bytes).map(name => `${file}: ${name}`))
    }
    return found
  }
}
