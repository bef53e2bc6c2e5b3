import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { type Code, drawCode, isSame, mostTries } from './code.ts'

const mostPerHour = 5
const hour = 3_600_000

/** Whose code for which address, and what it is to show: that they read what is sent to the value of this field. */
export interface Channel {
  subject: string
  field: string
  address: string
}

/**
 * What is stored of a code: a fingerprint made by the keeper over the code, its id and the address it went to. A code for
 * one address fits no other, and nothing that is stored names an address.
 */
async function codeToken(house: House, id: string, digits: string, address: string): Promise<Buffer> {
  const value = `channel:${id}:${digits}:${address.toLowerCase()}`
  const [token] = await house.keeper.fingerprint([{ kind: 'code', value }])
  return token!
}

/**
 * Makes a code that opens no session: six digits, ten minutes, five tries, one use. `place` is where the field's values lie.
 * The transaction holds the person's row. Refuses `rate_limited` after five of one customer within an hour, to whatever
 * address: nobody floods a stranger's mailbox.
 */
export async function makeChannelCode(
  tx: Tx,
  house: House,
  { subject, field, address }: Channel,
  place: { compartment: string; slot: number },
): Promise<Code> {
  const now = house.clock.now()
  const hourAgo = new Date(now.getTime() - hour)
  await tx.query('delete from channel_code where subject = $1 and made_at <= $2', [subject, hourAgo])
  const { count } = await tx.one<{ count: number }>(
    'select count(*)::integer as count from channel_code where subject = $1',
    [subject],
  )
  if (count >= mostPerHour) throw new Refusal('rate_limited', { why: 'codes of one customer' })
  const code = drawCode(house)
  await tx.query(
    `insert into channel_code (id, subject, compartment, slot, field, hash, made_at, until)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[code.id, subject, place.compartment, place.slot, field],
      ...[await codeToken(house, code.id, code.digits, address), now, code.until],
    ],
  )
  return code
}

/**
 * Tries a code of one's own and counts the try in its own statement, before it is compared: a sixth is never compared.
 * `live` is false where there is no such code of theirs any more. A right one must still be taken by `useChannelCode`.
 */
export async function tryChannelCode(
  house: House,
  { subject, field, address }: Channel,
  id: string,
  digits: string,
): Promise<{ live: boolean; right: boolean }> {
  const token = await codeToken(house, id, digits, address)
  const row = await house.database.maybe<{ hash: Buffer }>(
    `update channel_code set tries = tries + 1
      where id = $1 and subject = $2 and field = $3 and used_at is null and until > $4 and tries < $5 returning hash`,
    [id, subject, field, house.clock.now(), mostTries],
  )
  if (row === null) return { live: false, right: false }
  return { live: true, right: isSame(row.hash, token) }
}

/** Uses a code up, and with it every other of the same field. Refuses `wrong_code` a second time. */
export async function useChannelCode(tx: Tx, house: House, id: string): Promise<void> {
  const now = house.clock.now()
  const used = await tx.maybe<{ subject: string; field: string }>(
    'update channel_code set used_at = $2 where id = $1 and used_at is null returning subject, field',
    [id, now],
  )
  if (used === null) throw new Refusal('wrong_code', { why: 'used already' })
  await tx.query(
    'update channel_code set used_at = $3 where subject = $1 and field = $2 and used_at is null',
    [used.subject, used.field, now],
  )
}
