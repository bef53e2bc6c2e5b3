import { randomInt, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'

export const codeMinutes = 10
export const mostTries = 5
const mostPerHour = 5
const hour = 3_600_000

export const digitsSchema = z.string().regex(/^\d{6}$/, 'code')

export interface Code {
  id: string
  /** Six digits. They go into a letter and nowhere else. */
  digits: string
  until: Date
}

export function drawCode(house: House): Code {
  const until = new Date(house.clock.now().getTime() + codeMinutes * 60_000)
  return { id: newId(), digits: String(randomInt(1_000_000)).padStart(6, '0'), until }
}

/** Whether two fingerprints are the same; how long it takes does not tell how much of them is. */
export const isSame = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

/** What a code is for: one that is told to an employee lets nobody sign in. */
export type CodeUse = 'code' | 'caller'

/**
 * What is stored of a code: a fingerprint made by the keeper over the code and its id. There are only a million codes,
 * so any hash that the database alone allows to be computed could be tried through by whoever holds a dump, however
 * slow it is; this one needs the keeper's key.
 */
async function codeToken(house: House, id: string, digits: string, use: CodeUse): Promise<Buffer> {
  const value = use === 'code' ? `${id}:${digits}` : `${use}:${id}:${digits}`
  const [token] = await house.keeper.fingerprint([{ kind: 'code', value }])
  return token!
}

/**
 * Makes a code for somebody to prove that they read the letters sent to them: six digits, ten minutes, five tries,
 * one use; `guardian`: it is for the guardian of this child. Refuses `rate_limited` after five within an hour, whoever it is for.
 */
export async function makeCode(
  tx: Tx,
  house: House,
  subject: string,
  slot: number,
  use: CodeUse = 'code',
  { guardian = false } = {},
): Promise<Code> {
  await tx.one('select 1 from subject where id = $1 for update', [subject])
  const now = house.clock.now()
  const hourAgo = new Date(now.getTime() - hour)
  await tx.query('delete from code where subject = $1 and made_at <= $2', [subject, hourAgo])
  const { count } = await tx.one<{ count: number }>('select count(*) as count from code where subject = $1', [
    subject,
  ])
  if (count >= mostPerHour) throw new Refusal('rate_limited', { why: 'codes for one address' })
  const code = drawCode(house)
  await tx.query(
    'insert into code (id, subject, slot, hash, made_at, until, guardian) values ($1, $2, $3, $4, $5, $6, $7)',
    [code.id, subject, slot, await codeToken(house, code.id, code.digits, use), now, code.until, guardian],
  )
  return code
}

export interface Tried {
  /** Whose code was tried; null when there is no live code of this id. */
  subject: string | null
  right: boolean
  /** It was sent to the guardian of its subject, and lets in nobody else. */
  guardian: boolean
}

/**
 * Tries a code and counts the try, right or wrong, in its own statement: no answer is given before it is counted, and
 * a sixth try is never compared. A right code must still be taken by `useCode`.
 */
export async function tryCode(
  house: House,
  id: string,
  digits: string,
  use: CodeUse = 'code',
): Promise<Tried> {
  const token = await codeToken(house, id, digits, use)
  const row = await house.database.maybe<{ subject: string; hash: Buffer; guardian: boolean }>(
    `update code set tries = tries + 1
      where id = $1 and used_at is null and until > $2 and tries < $3 returning subject, hash, guardian`,
    [id, house.clock.now(), mostTries],
  )
  if (row === null) return { subject: null, right: false, guardian: false }
  return { subject: row.subject, right: isSame(row.hash, token), guardian: row.guardian }
}

/** Uses a code up, and with it every other that was open for the same subject. Refuses `wrong_code` a second time. */
export async function useCode(tx: Tx, house: House, id: string): Promise<void> {
  const used = await tx.maybe<{ subject: string }>(
    'update code set used_at = $2 where id = $1 and used_at is null returning subject',
    [id, house.clock.now()],
  )
  if (used === null) throw new Refusal('wrong_code', { why: 'used already' })
  await tx.query('update code set used_at = $2 where subject = $1 and used_at is null', [
    used.subject,
    house.clock.now(),
  ])
}
