import { hash } from 'node:crypto'
import type { WitnessChoice } from '../core/witness-choice.ts'
import {
  type Checkpoint,
  cosignaturesOf,
  parseWitnessKey,
  readCosignature,
  textOf,
  type Verifier,
  verifyCheckpoint,
} from '../keeper/checkpoint.ts'

/** What a witness says to a submission (C2SP tlog-witness). Null: nothing that can be understood, or nothing at all. */
export type WitnessAnswer =
  | { is: 'cosigned'; cosignature: string }
  | { is: 'conflict'; size: number }
  | { is: 'unknown_log' }
  | { is: 'not_signed' }
  | { is: 'not_consistent' }
  | null

/** A checkpoint that a witness has cosigned. */
export interface CosignedNote {
  note: string
  checkpoint: Checkpoint
}

const patience = 10_000
const longestAnswer = 16 * 1024

const refusals: Record<number, WitnessAnswer> = {
  403: { is: 'not_signed' },
  404: { is: 'unknown_log' },
  422: { is: 'not_consistent' },
}

/** Asks a witness to cosign a note that extends the `old` entries it knows; `proof` is base64. Never throws. */
export async function submit(
  choice: WitnessChoice,
  { old, proof, note }: { old: number; proof: readonly string[]; note: string },
): Promise<WitnessAnswer> {
  const body = `old ${old}\n${proof.map(line => `${line}\n`).join('')}\n${note}`
  const answer = await ask(`${choice.url}/add-checkpoint`, { method: 'POST', body }, patience)
  if (answer === null) return null
  const { status, text } = answer
  if (status === 409)
    return /^(0|[1-9]\d{0,15})\n$/.test(text) ? { is: 'conflict', size: Number(text) } : null
  if (status === 200) return cosigned(choice, note, text)
  return refusals[status] ?? null
}

function cosigned(choice: WitnessChoice, note: string, text: string): WitnessAnswer {
  const witness = parseWitnessKey(choice.key)
  const signed = textOf(note)
  if (witness === null || signed === null) return null
  const line = text.split('\n').find(one => readCosignature(signed, one, [witness]) !== null)
  return line === undefined ? null : { is: 'cosigned', cosignature: `${line}\n` }
}

/**
 * The newest checkpoint of a log that a witness has cosigned; null when it has none, or shows none that the log and the
 * witness itself have signed; undefined when it cannot be reached. Never throws.
 */
export async function findNewest(
  choice: WitnessChoice,
  log: Verifier,
  wait = patience,
): Promise<CosignedNote | null | undefined> {
  const url = `${choice.url}/checkpoint/${hash('sha256', log.name, 'hex')}`
  const answer = await ask(url, { method: 'GET' }, wait)
  if (answer === null || answer.status >= 500) return undefined
  const witness = parseWitnessKey(choice.key)
  if (answer.status !== 200 || witness === null) return null
  const checkpoint = verifyCheckpoint(answer.text, log)
  if (checkpoint === null || cosignaturesOf(answer.text, [witness]).length === 0) return null
  return { note: answer.text, checkpoint }
}

async function ask(
  url: string,
  request: { method: string; body?: string },
  wait: number,
): Promise<{ status: number; text: string } | null> {
  try {
    const signal = AbortSignal.timeout(wait)
    const response = await fetch(url, { ...request, redirect: 'error', signal })
    return { status: response.status, text: await read(response) }
  } catch {
    return null
  }
}

/** Throws when it is longer than any answer may be. */
async function read({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body ?? []) {
    length += part.length
    if (length > longestAnswer) throw new Error('too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
