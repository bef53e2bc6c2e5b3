import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { WitnessChoice } from '../core/witness-choice.ts'
import { cosignaturesOf, parseWitnessKey, textOf } from '../keeper/checkpoint.ts'

/** A checkpoint of the log with the signature lines of the witnesses under it. */
export interface CosignedCheckpoint {
  note: string
  size: number
  /** When the last of them signed, by our clock. */
  at: Date
  /** The verifier keys of those who did. */
  witnesses: string[]
}

interface Row {
  size: number
  note: string
  at: Date
  witnesses: string[]
  cosignatures: string[]
}

/** How long the newest cosigned tree is shown in place of a newer one that nobody has cosigned yet. */
const freshness = 5 * 60_000

/** Keeps what a witness has signed; the same tree again changes nothing. */
export async function keepCosignature(
  tx: Tx,
  { key }: WitnessChoice,
  signed: { size: number; note: string; cosignature: string; at: Date },
): Promise<void> {
  const { size, note, cosignature, at } = signed
  await tx.query(
    `insert into cosigned_checkpoint (witness, size, note, cosignature, cosigned_at)
     values ($1, $2, $3, $4, $5) on conflict (witness, size) do nothing`,
    [key, size, note, cosignature, at],
  )
}

/**
 * The newest checkpoint of this log that a witness of ours has cosigned: of those of the last minutes the one with the
 * most signatures, so that a slow witness is not left out. `own` is any checkpoint of the log. Every signature was tried.
 * Null where there is none.
 */
export async function findCosigned(house: House, own: string): Promise<CosignedCheckpoint | null> {
  const choices = house.witnesses ?? []
  if (choices.length === 0) return null
  const rows = await house.database.query<Row>(
    `select size, note, max(cosigned_at) as at, array_agg(witness order by witness) as witnesses,
            array_agg(cosignature order by witness) as cosignatures
       from cosigned_checkpoint where witness = any ($1)
      group by size, note order by size desc limit 20`,
    [choices.map(choice => choice.key)],
  )
  const origin = own.slice(0, own.indexOf('\n') + 1)
  const recent = house.clock.now().getTime() - freshness
  const found = rows.filter(row => row.note.startsWith(origin)).map(asCosigned)
  const whole = found.filter(one => one !== null)
  const fresh = whole.filter(one => one.at.getTime() >= recent)
  const most = Math.max(0, ...fresh.map(one => one.witnesses.length))
  return fresh.find(one => one.witnesses.length === most) ?? whole[0] ?? null
}

/** What is shown to everybody: the newest tree that was cosigned, or the newest of all when that one has grown old. */
export async function checkpointToShow(house: House): Promise<string> {
  const own = await house.keeper.checkpoint()
  // Without the database nobody knows who has signed; the log itself is there.
  const cosigned = await findCosigned(house, own).catch(() => null)
  if (cosigned === null) return own
  const age = house.clock.now().getTime() - cosigned.at.getTime()
  return age < freshness || textOf(cosigned.note) === textOf(own) ? cosigned.note : own
}

/** Null where not one signature is right. */
function asCosigned({ size, note, at, witnesses, cosignatures }: Row): CosignedCheckpoint | null {
  const text = textOf(note)
  const right = witnesses.flatMap((key, place) => {
    const witness = parseWitnessKey(key)
    const line = cosignatures[place] ?? ''
    return witness !== null && cosignaturesOf(`${text}\n${line}`, [witness]).length === 1
      ? [{ key, line }]
      : []
  })
  if (right.length === 0) return null
  return { note: note + right.map(one => one.line).join(''), size, at, witnesses: right.map(one => one.key) }
}
