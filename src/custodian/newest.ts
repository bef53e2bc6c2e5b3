import type { Kept } from '../keeper/custodian.ts'
import { cannot } from './serving.ts'
import { findKept } from './wire.ts'

/** What such a text keeps. Refuses with `unavailable` one that is damaged. */
export function readKept(text: string): Kept {
  let said: unknown = null
  try {
    said = JSON.parse(text)
  } catch {
    // Refused below, like anything else that is no checkpoint.
  }
  const kept = findKept(said)
  if (kept === null) throw cannot('a checkpoint that was kept is damaged')
  return kept
}

/** The newest of what was kept: the highest fence, then the longest log. Null when nothing was. */
export function newestOf(found: Kept[]): Kept | null {
  return found.reduce<Kept | null>(
    (newest, kept) => (newest === null || isNewer(kept, newest) ? kept : newest),
    null,
  )
}

function isNewer(kept: Kept, than: Kept): boolean {
  return kept.fence === than.fence ? sizeOf(kept) > sizeOf(than) : kept.fence > than.fence
}

/** The second line of a checkpoint is the number of entries (docs/formats.md, "Checkpoint"). */
function sizeOf({ note }: Kept): number {
  const size = Number(note.split('\n')[1])
  return Number.isSafeInteger(size) ? size : -1
}
