import { letterRule } from '../collection/field.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { JobIds, Jobs } from '../core/jobs.ts'
import type { Mail } from '../core/mail.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Floor } from '../keeper/client.ts'
import { findLetter, type Letter, markFailed, markSent } from '../storage/letter.ts'
import { type Grant, withJobGrant } from './grant.ts'
import { type OpenedBox, read } from './reading.ts'

/**
 * Sends one letter: the only caller of the post. Opens it under a job grant, hands it over, and marks it sent and
 * removes its box in one transaction; a crash between the two may send it twice, never lose it. A letter that is gone,
 * sent or too old is left alone. Throws `unavailable` where trying again can help.
 */
export async function dispatch(house: House, id: string): Promise<void> {
  const letter = await findLetter(house.database, id)
  if (letter === null || letter.sent_at !== null || letter.until <= house.clock.now()) return
  await withLetter(house, letter, async (grant, box) => {
    const delivery = await house.post.send(mailOf(box))
    if (delivery.sent) return finish(house, letter, grant, box)
    if (!delivery.again) return giveUp(house, letter, grant, box, delivery.code)
    await house.database.transaction(tx => markFailed(tx, letter.id, delivery.code))
    throw new Refusal('unavailable', { why: delivery.code })
  })
}

/** Removes the box of a letter whose time is over and that could not be sent; one that was refused has none any more. */
export async function expire(house: House, id: string): Promise<void> {
  const letter = await findLetter(house.database, id)
  if (letter === null || letter.sent_at !== null) return
  await withLetter(house, letter, (grant, box) =>
    giveUp(house, letter, grant, box, letter.failure ?? 'EXPIRED'),
  )
}

/** It will never be sent: why is noted as a code, and its box goes. */
async function giveUp(
  house: House,
  letter: Letter,
  grant: Grant,
  box: OpenedBox,
  code: string,
): Promise<void> {
  await change(house, async (tx, note) => {
    await markFailed(tx, letter.id, code)
    const floor = await removeBox(tx, grant, letter, box)
    await note(
      letter.subject,
      { kind: `${letter.kind}.expired`, actor: 'system', result: 'failed', detail: { letter: letter.id } },
      [floor],
    )
  })
}

async function withLetter(
  house: House,
  letter: Letter,
  work: (grant: Grant, box: OpenedBox) => Promise<void>,
): Promise<void> {
  const wanted = {
    ...{ subjects: [letter.subject], fields: ['letter'], compartments: ['messages'], purpose: 'service' },
    ...{ minutes: 5, most: 1 },
  }
  await withJobGrant(house, wanted, async grant => {
    const [box] = await read(house, grant, letter.subject, { ...wanted, rows: [letter.id] })
    if (box !== undefined) await work(grant, box)
  })
}

const mailOf = (box: OpenedBox): Mail => letterRule.parse(box.values.letter?.value)

async function finish(house: House, letter: Letter, grant: Grant, box: OpenedBox): Promise<void> {
  await change(house, async (tx, note) => {
    await markSent(tx, house, letter.id)
    const floor = await removeBox(tx, grant, letter, box)
    const sent = {
      kind: `${letter.kind}.sent` as const,
      actor: 'system',
      result: 'done',
      detail: { letter: letter.id },
    }
    await note(letter.subject, sent, [floor])
  })
}

/** A code is of no use once it is sent: its box goes, and the keeper refuses every copy of it from then on. */
async function removeBox(tx: Tx, grant: Grant, letter: Letter, box: OpenedBox): Promise<Floor> {
  await tx.query('select enter($1, $2)', [grant.id, grant.secret])
  await tx.query(`delete from box where subject = $1 and compartment = 'messages' and row = $2`, [
    letter.subject,
    letter.id,
  ])
  return { customer: letter.subject, row: letter.id, slot: box.slot, version: null }
}

export const dispatchJobs = (house: House): Jobs => ({
  'letter.dispatch': { entry: 'reading', work: async (ids: JobIds) => dispatch(house, ids.letter ?? '') },
  'letter.expiry': {
    entry: 'none: a letter that is too old is removed unread',
    work: async (ids: JobIds) => expire(house, ids.letter ?? ''),
  },
})
