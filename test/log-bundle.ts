import type { KeyObject } from 'node:crypto'
import { cosign, formatWitnessKey, textOf, witnessSigner } from '../src/keeper/checkpoint.ts'
import { signHead } from '../src/keeper/head.ts'
import type { Log } from '../src/keeper/log.ts'
import { signerOf } from '../src/keeper/note.ts'
import { logName, logSigner, privateKeyOf } from './log.ts'

const texts = (hashes: Buffer[]) => hashes.map(hash => hash.toString('base64'))

/** The bundle of one trail as the server makes it, of a log without a keeper, whose key the test holds. */
export async function bundleOf(log: Log, trailSlot: number, from?: number, key: KeyObject = logSigner) {
  const head = log.head(trailSlot)
  if (head === null) throw new Error('a trail without entries')
  const entries = []
  for (const index of log.trail(trailSlot, undefined, 1000)) {
    const { body, salt, commitment } = await log.bodyOf(index)
    entries.push({
      ...{ index, body, salt: salt.toString('base64'), commitment: commitment.toString('hex') },
      proof: texts(log.proof(index)),
    })
  }
  const { seq, index } = head
  const commitment = head.commitment.toString('hex')
  return {
    format: 'custode-log-bundle/1',
    ...{ vkey: log.vkey, entries, checkpoint: log.checkpoint() },
    head: signHead({ log: logName, trailSlot, seq, commitment, index }, signerOf(logName, key)),
    witnessed: null as null | { checkpoint: string; witnesses: string[]; hashes: string[] },
    since: from === undefined ? null : { size: from, hashes: texts(log.consistency(from, log.size)) },
  }
}

/** A witness that cosigns whatever it is shown. */
export const newWitness = (name: string, seed: number) => {
  const signer = witnessSigner(name, privateKeyOf(Buffer.alloc(32, seed)))
  return {
    key: formatWitnessKey(signer),
    /** The note with one more line. */
    sign: (note: string, now = Date.parse('2026-05-01T10:00:00Z')) =>
      note + cosign(textOf(note) ?? '', signer, now),
  }
}
