import { randomBytes } from 'node:crypto'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { SessionRoom } from './session.ts'

/** For what a passkey is asked to sign: to be added, to enter, to prove again, or to agree. */
export type ChallengeAct = 'add' | 'enter' | 'prove' | 'agree'

export interface Challenge {
  id: string
  bytes: Buffer
  /** When it was made. */
  at: Date
}

export interface Asked {
  act: ChallengeAct
  room: SessionRoom
  /** Null before somebody has signed in, and only then. */
  session: string | null
}

const minutes = 5

/** The 32 bytes of a challenge, for its id and time. */
export type BytesOf = (id: string, at: Date) => Promise<Buffer>

/**
 * Makes a challenge that is good once, for five minutes, for this act in this room and this session alone: of random bytes, or
 * of those that `bytesOf` makes of its id, which is random.
 */
export async function makeChallenge(
  tx: Tx,
  house: House,
  asked: Asked,
  bytesOf: BytesOf = async () => randomBytes(32),
): Promise<Challenge> {
  const now = house.clock.now()
  await tx.query('delete from challenge where until <= $1', [now])
  const id = newId()
  const challenge = { id, bytes: await bytesOf(id, now), at: now }
  await tx.query(
    'insert into challenge (id, bytes, act, room, session, until) values ($1, $2, $3, $4, $5, $6)',
    [
      ...[challenge.id, challenge.bytes, asked.act, asked.room, asked.session],
      new Date(now.getTime() + minutes * 60_000),
    ],
  )
  return challenge
}

/**
 * Takes a challenge, which is gone with this, whether or not what was signed proves right. Its own statement: two answers to
 * one challenge cannot both find it. Refuses `wrong_passkey` for one that is unknown, used, old or made for something else.
 */
export async function takeChallenge(house: House, id: string, asked: Asked): Promise<Challenge> {
  const challenge = await house.database.maybe<{ id: string; bytes: Buffer; until: Date }>(
    `delete from challenge
      where id = $1 and act = $2 and room = $3 and session is not distinct from $4 and until > $5
      returning id, bytes, until`,
    [id, asked.act, asked.room, asked.session, house.clock.now()],
  )
  if (challenge === null) throw new Refusal('wrong_passkey', { why: 'no such challenge' })
  const { bytes, until } = challenge
  return { id, bytes, at: new Date(until.getTime() - minutes * 60_000) }
}
