/** What this browser keeps of a customer's log: how far it went, and the whole log's size and root, both signed. */
export interface HeldLog {
  head: string
  checkpoint: string
}

// Under the alias, which is all that it says of the person.
const nameOf = (alias: string) => `custode-log-${alias}`

/** Null where nothing was kept yet, or this browser keeps nothing. */
export function findHeldLog(alias: string): HeldLog | null {
  try {
    const kept = JSON.parse(localStorage.getItem(nameOf(alias)) ?? 'null') as Partial<HeldLog> | null
    const { head, checkpoint } = kept ?? {}
    return typeof head === 'string' && typeof checkpoint === 'string' ? { head, checkpoint } : null
  } catch {
    return null
  }
}

/** Keeps it unless another tab has kept a later one. Answers whether this browser keeps anything at all. */
export function keepHeldLog(alias: string, { head, checkpoint }: HeldLog): boolean {
  try {
    const kept = findHeldLog(alias)
    if (kept === null || sizeOf(kept.checkpoint) <= sizeOf(checkpoint))
      localStorage.setItem(nameOf(alias), JSON.stringify({ head, checkpoint }))
    return true
  } catch {
    return false
  }
}

/** For who has left: their receipt says how far their log went. */
export function forgetHeldLog(alias: string): void {
  try {
    localStorage.removeItem(nameOf(alias))
  } catch {
    // Nothing was kept.
  }
}

/** How many entries the log of a checkpoint has. */
export const sizeOf = (checkpoint: string): number => Number(checkpoint.split('\n')[1])
