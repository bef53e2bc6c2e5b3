import { sign } from 'node:crypto'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'

/** What a receipt says that the keeper knows by itself. */
interface Said {
  custode_receipt?: unknown
  act?: unknown
  slots?: unknown
  entry?: { index?: unknown }
  destruction?: { t1?: unknown; t2?: { at?: unknown } | null }
}

/**
 * Signs a receipt of a withdrawal with the organisation's receipt key. Never anything else: refuses with `malformed`
 * bytes that are not a receipt of an erasure in the log, naming its entry and exactly its slots, or that say the slots
 * were destroyed while they still wait for a roll, or for good while a custodian that was left out opens them.
 */
export function signReceipt(keeper: Keeper, bytes: Buffer): Buffer {
  const { act, slots, entry, destruction } = readReceipt(bytes)
  const shred = typeof act === 'string' ? keeper.shreds.find(act) : null
  if (shred === null || entry?.index !== shred.index) throw no('no erasure of the log')
  if (!Array.isArray(slots) || !slots.every(slot => Number.isSafeInteger(slot))) throw no('other slots')
  if ([...slots].sort((a, b) => a - b).join() !== shred.slots.join()) throw no('other slots')
  const waiting = new Set(keeper.slots.waiting)
  if (destruction?.t1 !== null && shred.slots.some(slot => waiting.has(slot))) throw no('not destroyed yet')
  const final = destruction?.t2?.at ?? null
  if (final !== null && keeper.custody.open().some(({ epoch }) => epoch <= shred.epoch))
    throw no('a custodian was left out')
  return sign(null, bytes, keeper.receiptKey)
}

const no = (why: string) => new KeeperRefusal('malformed', { why: `receipt: ${why}` })

function readReceipt(bytes: Buffer): Said {
  try {
    const said = JSON.parse(bytes.toString('utf8')) as Said | null
    if (said?.custode_receipt === 1) return said
  } catch {
    // Not even JSON.
  }
  throw no('not one')
}
