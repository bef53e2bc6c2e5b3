import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import type { WitnessChoice } from '../core/witness-choice.ts'
import { parseWitnessKey } from '../keeper/checkpoint.ts'

/**
 * Why a witness does not sign. `larger`: it has signed more entries than the log has now. `other`: what it has signed is
 * not how this log begins. The other two are settings: it does not watch this log, or knows another key of it.
 */
export const witnessRefusals = ['larger', 'other', 'unknown_log', 'not_signed'] as const
export type WitnessRefusal = (typeof witnessRefusals)[number]

export const witnessStates = ['cosigned', 'waiting', 'unreachable', ...witnessRefusals] as const

/** How one witness stands, for those who look after the company. */
export interface WitnessStanding {
  name: string
  url: string
  state: (typeof witnessStates)[number]
  /** Since when it is in this state, where that is no good one. */
  since: Date | null
  /** The newest tree that it has signed. */
  cosigned: { size: number; at: Date } | null
  /** The checkpoint that it holds and that does not fit ours: with it anybody can be shown that the log has changed. */
  held: string | null
}

/** So long it may be away before somebody is told. */
const patience = 60 * 60_000

interface Row {
  asked_since: Date
  heard_at: Date | null
  refusal: WitnessRefusal | null
  refused_since: Date | null
  held: string | null
}

/** A witness was asked: whatever it said, somebody must know since when. */
export async function noteAsked(house: House, { key }: WitnessChoice): Promise<void> {
  await house.database.query(
    'insert into witness_standing (witness, asked_since) values ($1, $2) on conflict (witness) do nothing',
    [key, house.clock.now()],
  )
}

/**
 * A witness was heard: it signs (`refusal` null), or it does not. That it refuses, refuses for another reason or signs
 * again is an entry in the company's trail, once, however often it is asked.
 */
export async function noteHeard(
  house: House,
  choice: WitnessChoice,
  heard: { refusal: WitnessRefusal | null; size: number; held?: { note: string; size: number } },
  act: (tx: Tx) => Promise<void> = async () => {},
): Promise<void> {
  const now = house.clock.now()
  const { refusal, size, held } = heard
  await change(house, async (tx, note) => {
    const before = await tx.one<{ refusal: string | null }>(
      'select refusal from witness_standing where witness = $1 for update',
      [choice.key],
    )
    await act(tx)
    const isNew = before.refusal !== refusal
    await tx.query(
      `update witness_standing set heard_at = $2, refusal = $3,
              refused_since = case when $3::text is null then null when $4 then $2 else refused_since end,
              held = case when $3::text is null then null when $4 then $5 else coalesce($5, held) end
        where witness = $1`,
      [choice.key, now, refusal, isNew, held?.note ?? null],
    )
    if (!isNew) return
    await note(null, {
      ...{ kind: refusal === null ? 'witness.cosigned' : 'witness.refused', actor: 'system' },
      result: refusal ?? 'done',
      detail: { ...nameOf(choice), size, ...(held === undefined ? {} : { held: held.size }) },
    })
  })
}

/** How every witness of ours stands, in the order of the setting. */
export async function witnessStandings(house: House): Promise<WitnessStanding[]> {
  const choices = house.witnesses ?? []
  return Promise.all(choices.map(choice => standingOf(house, choice)))
}

async function standingOf(house: House, choice: WitnessChoice): Promise<WitnessStanding> {
  const [row, cosigned] = await Promise.all([
    house.database.maybe<Row>(
      'select asked_since, heard_at, refusal, refused_since, held from witness_standing where witness = $1',
      [choice.key],
    ),
    house.database.maybe<{ size: number; at: Date }>(
      `select size, cosigned_at as at from cosigned_checkpoint where witness = $1 order by size desc limit 1`,
      [choice.key],
    ),
  ])
  const { witness: name } = nameOf(choice)
  return { name, url: choice.url, ...stateOf(row, house.clock.now()), cosigned, held: row?.held ?? null }
}

/** A refusal outlasts silence: whoever refused and then went away is still to be looked into. */
function stateOf(row: Row | null, now: Date): Pick<WitnessStanding, 'state' | 'since'> {
  if (row === null) return { state: 'waiting', since: null }
  if (row.refusal !== null) return { state: row.refusal, since: row.refused_since }
  const quiet = row.heard_at ?? row.asked_since
  if (now.getTime() - quiet.getTime() >= patience) return { state: 'unreachable', since: quiet }
  return row.heard_at === null ? { state: 'waiting', since: null } : { state: 'cosigned', since: null }
}

/** As the log names it. */
function nameOf({ key }: WitnessChoice): { witness: string; key: string } {
  const witness = parseWitnessKey(key)
  return { witness: witness?.name ?? 'unknown', key: witness?.id.toString('hex') ?? '' }
}
