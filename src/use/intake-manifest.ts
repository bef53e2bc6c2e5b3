import { createHash } from 'node:crypto'

/** What is served as the page for sealed forms, as its manifest writes it down (docs/verification.md). */
export interface IntakeManifest {
  /** Of the manifest itself, in hex: this is what the log holds. */
  sha256: string
  files: { name: string; bytes: number; sha256: string }[]
  /** By name; ORIGIN in a value stands for the address of the company. */
  headers: Record<string, string>
}

/** Reads a manifest; null for what is none. */
export function readManifest(text: string): IntakeManifest | null {
  const [first, ...lines] = text.split('\n')
  if (first !== 'custode intake page 1' || lines.pop() !== '') return null
  const manifest: IntakeManifest = { sha256: sha256Of(text), files: [], headers: {} }
  for (const line of lines) {
    const file = /^file ([a-z0-9.-]{1,60}) (\d{1,9}) ([0-9a-f]{64})$/.exec(line)
    const header = /^header ([a-z-]{1,60}) ([\x20-\x7e]{1,2000})$/.exec(line)
    if (file !== null) manifest.files.push({ name: file[1]!, bytes: Number(file[2]), sha256: file[3]! })
    else if (header !== null) manifest.headers[header[1]!] = header[2]!
    else return null
  }
  return manifest.files.length === 0 ? null : manifest
}

/** The headers as the company of this address sends them. */
export const headersAt = ({ headers }: IntakeManifest, origin: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll('ORIGIN', origin)]),
  )

export const sha256Of = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')
