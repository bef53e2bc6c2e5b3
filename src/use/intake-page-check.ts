import { verifyEntry } from '../keeper/checkpoint.ts'
import { headersAt, readManifest, sha256Of } from './intake-manifest.ts'
import { intakeProofSchema } from './intake-page.ts'

/** What a company's server has sent to whoever asks. */
export interface ServedIntake {
  /** The address it was asked at, without a slash at the end. */
  origin: string
  page: Uint8Array
  /** Of the page, by their names in small letters. */
  headers: Record<string, string>
  manifest: string
  proof: unknown
}

export type IntakeVerdict =
  | { ok: true; sha256: string; page: string; bytes: number; entered: string; index: number; vkey: string }
  | { ok: false; what: string }

const no = (what: string): IntakeVerdict => ({ ok: false, what })

/**
 * Checks that the page for sealed forms, as it was sent here, is the one whose hash the log holds, with the headers that
 * confine it. `vkey` pins the log's key; without it the proof's own is believed. It proves nothing of what is sent to
 * somebody else, nor that what was entered does what it should. Never throws for what it is given.
 */
export function checkIntakePage(served: ServedIntake, vkey?: string): IntakeVerdict {
  const manifest = readManifest(served.manifest)
  if (manifest === null) return no('what is served as its manifest is none')
  const [file, ...others] = manifest.files
  if (file?.name !== 'page.html' || others.length > 0) return no('its manifest names other files')
  const page = sha256Of(served.page)
  if (page !== file.sha256) return no('the page that was sent is not the file of its manifest')
  for (const [name, value] of Object.entries(headersAt(manifest, served.origin)))
    if (served.headers[name] !== value) return no(`the header ${name} is not the one of its manifest`)
  const parsed = intakeProofSchema.safeParse(served.proof)
  if (!parsed.success) return no('what is served as proof of the log is none')
  const { entry, hashes, checkpoint, vkey: own } = parsed.data
  const proofs = { proofs: [{ index: entry.index, hashes }], checkpoint, vkey: own }
  const verdict = verifyEntry(entry, proofs, vkey)
  if (!verdict.ok) return no(`the log: ${verdict.what}`)
  const { kind, subject, detail, time } = verdict.body
  if (kind !== 'intake.page' || subject !== 'organisation')
    return no('the entry of the log is about something else')
  if (detail?.sha256 !== manifest.sha256) return no('the entry of the log names another manifest')
  return {
    ...{ ok: true, sha256: manifest.sha256, page, bytes: file.bytes },
    ...{ entered: time, index: entry.index, vkey: own },
  }
}
