import type { Kept } from './custodian.ts'
import { findFile, writeDurably } from './durable-file.ts'
import { KeeperRefusal } from './refusal.ts'

// The file `checkpoint` of a custodian's or a place's folder: JSON of `version = 1`, `fence`, `note`.

/** What the file keeps, or null when there is none. Refuses with `unavailable` one that is damaged. */
export async function readKept(path: string): Promise<Kept | null> {
  const bytes = await findFile(path)
  if (bytes === null) return null
  const kept = parseKept(bytes.toString('utf8'))
  if (kept === null) throw new KeeperRefusal('unavailable', { why: 'a checkpoint that was kept is damaged' })
  return kept
}

export async function writeKept(path: string, kept: Kept): Promise<void> {
  await writeDurably(path, Buffer.from(`${JSON.stringify(kept)}\n`))
}

/** What such text says, or null when it cannot be one. */
export function parseKept(text: string): Kept | null {
  try {
    const { version, fence, note } = JSON.parse(text) as Record<string, unknown>
    if (version !== 1 || !Number.isSafeInteger(fence) || typeof note !== 'string') return null
    // The first start takes 1.
    return (fence as number) < 1 ? null : { version, fence: fence as number, note }
  } catch {
    return null
  }
}
