import type { House } from '../core/house.ts'
import type { WitnessChoice } from '../core/witness-choice.ts'
import {
  base64,
  type Checkpoint,
  parseVkey,
  type Verifier,
  verifyCheckpoint,
  verifyConsistency,
} from '../keeper/checkpoint.ts'
import { keepCosignature } from './cosigned-checkpoint.ts'
import { type CosignedNote, findNewest, submit, type WitnessAnswer } from './witness-client.ts'
import { noteAsked, noteHeard, type WitnessRefusal } from './witness-standing.ts'

/** A tree that has grown is shown to the witnesses so soon, and one that has not so often. */
const soon = 10_000
const often = 60_000
/** How often a witness may be found further than we thought, because another server has asked it meanwhile. */
const mostTries = 4

interface Own {
  log: Verifier
  note: string
  checkpoint: Checkpoint
}

/** The act to be called every few seconds, which asks the witnesses when it is time to. Never throws. */
export function watchWitnesses(house: House): () => Promise<void> {
  let asked = 0
  let shown = ''
  let asks = false
  return async () => {
    if (asks || (house.witnesses ?? []).length === 0) return
    asks = true
    try {
      const note = await house.keeper.checkpoint()
      const now = house.clock.now().getTime()
      if (now - asked >= (note === shown ? often : soon)) {
        asked = now
        shown = note
        await askWitnesses(house)
      }
    } catch {
      // Without keeper or database there is nothing to show and nowhere to keep an answer: the next call tries again.
    } finally {
      asks = false
    }
  }
}

/**
 * Has every witness sign the newest checkpoint, all at once and all the same, and keeps what they say. One that refuses
 * because it has signed another history than this raises an alarm (witness-standing.ts).
 */
export async function askWitnesses(house: House): Promise<void> {
  const own = await newestOwn(house)
  const asked = await Promise.allSettled((house.witnesses ?? []).map(choice => askOne(house, choice, own)))
  const failed = asked.find(one => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function newestOwn({ keeper }: House): Promise<Own> {
  const [{ vkey }, note] = await Promise.all([keeper.status(), keeper.checkpoint()])
  const log = parseVkey(vkey)
  const checkpoint = log === null ? null : verifyCheckpoint(note, log)
  if (log === null || checkpoint === null) throw new Error('the keeper’s checkpoint is not signed by its key')
  return { log, note, checkpoint }
}

async function askOne(house: House, choice: WitnessChoice, first: Own): Promise<void> {
  await noteAsked(house, choice)
  let own = first
  let old = await lastSize(house, choice, own.checkpoint.size)
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = await submitFrom(house, choice, own, old)
    if (answer === null) return
    if (answer.is === 'cosigned') return cosigned(house, choice, own, answer.cosignature)
    if (answer.is === 'unknown_log' || answer.is === 'not_signed')
      return noteHeard(house, choice, { refusal: answer.is, size: own.checkpoint.size })
    if (answer.is === 'not_consistent') return suspect(house, choice, own, 'other')
    const isAtOurs = answer.size === old && old === own.checkpoint.size
    if (isAtOurs) return suspect(house, choice, own, 'other')
    // It knows more than we thought: perhaps another server was there before, and the log has grown.
    if (answer.size > own.checkpoint.size) own = await newestOwn(house)
    if (answer.size > own.checkpoint.size) return suspect(house, choice, own, 'larger')
    old = answer.size
  }
}

/** Null when it cannot be understood; a witness whose size nobody knows is first asked for it, with 0. */
async function submitFrom(
  { keeper }: House,
  choice: WitnessChoice,
  { checkpoint, note }: Own,
  old: number,
): Promise<WitnessAnswer> {
  const proof = old === 0 ? [] : await keeper.consistency(old, checkpoint.size)
  return submit(choice, { old, proof, note })
}

async function lastSize({ database }: House, { key }: WitnessChoice, size: number): Promise<number> {
  const last = await database.maybe<{ size: number }>(
    'select size from cosigned_checkpoint where witness = $1 order by size desc limit 1',
    [key],
  )
  return last === null || last.size > size ? 0 : last.size
}

const cosigned = (house: House, choice: WitnessChoice, { checkpoint, note }: Own, cosignature: string) =>
  noteHeard(house, choice, { refusal: null, size: checkpoint.size }, tx =>
    keepCosignature(tx, choice, { size: checkpoint.size, note, cosignature, at: house.clock.now() }),
  )

/**
 * It seems to have signed another history. What it shows decides where it shows something: if that is how our log begins,
 * there is no other history, and the answer was wrong or somebody's on the way.
 */
async function suspect(
  house: House,
  choice: WitnessChoice,
  own: Own,
  refusal: WitnessRefusal,
): Promise<void> {
  const shown = await findNewest(choice, own.log)
  const { size } = own.checkpoint
  if (shown == null) return noteHeard(house, choice, { refusal, size })
  if (await begins(house, own, shown)) return
  const held = { note: shown.note, size: shown.checkpoint.size }
  return noteHeard(house, choice, { refusal: held.size > size ? 'larger' : 'other', size, held })
}

/** Whether our log begins with the tree that a witness shows. */
async function begins({ keeper }: House, own: Own, { checkpoint: shown }: CosignedNote): Promise<boolean> {
  const { size, root } = own.checkpoint
  if (shown.size > size) return false
  const hashes = (await keeper.consistency(shown.size, size)).map(hash => base64(hash) ?? Buffer.alloc(0))
  return verifyConsistency(shown.size, size, shown.root, root, hashes)
}
