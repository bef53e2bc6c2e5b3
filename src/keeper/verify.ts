import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DamagedLog } from './log-file.ts'
import { scanLog } from './log-scan.ts'
import { parseVkey } from './note.ts'

export type LogVerdict =
  | {
      ok: true
      size: number
      /** base64, as in the checkpoint. */
      root: string
      checkpoint: string
      vkey: string
      /** Bytes of an unfinished batch at the very end, which was never acknowledged. */
      torn: number
    }
  | { ok: false; entry: number; what: string }

export interface LogVerification {
  /** The verifier key known from elsewhere; without it the one in the folder is believed. */
  vkey?: string
  /** A signed checkpoint known from elsewhere: the log must contain it. It alone shows that an end was cut off. */
  checkpoint?: string
}

/**
 * Checks every byte of a log's folder without any secret. Never throws for what it finds in the files: it names the
 * first entry that is not as it was written. May be run while the keeper writes.
 */
export async function verifyLog(folder: string, against: LogVerification = {}): Promise<LogVerdict> {
  try {
    const text = (await readFile(join(folder, 'vkey'), 'utf8')).replace(/\n$/, '')
    if (against.vkey !== undefined && against.vkey !== text) {
      throw new DamagedLog(0, 'the log is signed by another key')
    }
    const verifier = parseVkey(text)
    if (verifier === null) throw new DamagedLog(0, 'the file vkey holds no verifier key')
    const scanned = await scanLog(folder, verifier, {
      known: against.checkpoint === undefined ? [] : [{ note: against.checkpoint, by: 'whoever asks' }],
      visit: () => {},
    })
    if (scanned.note === null) throw new DamagedLog(0, 'the log has no beginning')
    const root = scanned.tree.root().toString('base64')
    return { ok: true, size: scanned.size, root, checkpoint: scanned.note, vkey: text, torn: scanned.torn }
  } catch (error) {
    if (error instanceof DamagedLog) return { ok: false, entry: error.entry, what: error.what }
    if (error instanceof Error && 'code' in error) {
      return { ok: false, entry: 0, what: `the files cannot be read (${String(error.code)})` }
    }
    throw error
  }
}
