import { requireConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { makeCode, tryCode, useCode } from '../identity/code.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import type { Session } from '../identity/session.ts'
import { slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { callerLetter } from './caller-letter.ts'
import { readAddress } from './customer-letter.ts'
import { openHit } from './hit.ts'
import { holdDecisions } from './policy-version.ts'
import { getMyTask, makeTask } from './task.ts'
import { getTaskType } from './task-type.ts'

/** Tasks about one customer that may be opened from hits within an hour, by whomever. */
const mostOpened = 10
/** Codes that callers may be asked for within an hour: so few that a customer can still sign in with one of their own. */
const mostAsked = 2
const hour = 3_600_000

/**
 * Opens a task about somebody whom a search has found, for who found them. It opens no value until the customer has told the code
 * that is sent to them. Refuses `not_found` for a hit of another session or an old one, `invalid` for a type that is not opened
 * so, `no_consent` and `wrong_role` as the taking of it would, `erased` for who has left, and `rate_limited`.
 */
export async function openTask(house: House, session: Session, hit: string, code: string): Promise<string> {
  const type = getTaskType(code)
  if (type.openable !== true) throw new Refusal('invalid', { fields: [{ field: 'type', code: 'unknown' }] })
  const subject = openHit(house, session, hit)
  const id = newId()
  await change(house, async (tx, note) => {
    await tx.one(`select 1 from subject where id = $1 and kind = 'customer' for no key update`, [subject])
    await requireConsent(tx, subject, type.purpose)
    const decisions = await holdDecisions(tx)
    const role = session.role ?? 'employee'
    if (!decisions.taking(role, type.code, { consented: true, restricted: false }).allowed)
      throw new Refusal('wrong_role')
    await requireFew(tx, house, subject)
    await makeTask(tx, house, type, { id, subject })
    await tx.query('update task set assignee = $2 where id = $1', [id, session.subject])
    await tx.query(
      `insert into caller (task, subject, slot)
       select $1, subject, number from slot where subject = $2 and compartment = 'messages'`,
      [id, subject],
    )
    await note(subject, {
      ...{ kind: 'task.opened', actor: session.actor, task: id, purpose: type.purpose, result: 'done' },
      detail: { type: type.code },
    })
  })
  return id
}

async function requireFew(tx: Tx, house: House, subject: string): Promise<void> {
  const { opened } = await tx.one<{ opened: number }>(
    `select count(*)::integer as opened from caller k join task t on t.id = k.task
      where k.subject = $1 and t.made_at > $2`,
    [subject, new Date(house.clock.now().getTime() - hour)],
  )
  if (opened >= mostOpened) throw new Refusal('rate_limited', { why: 'tasks about one customer' })
}

/**
 * Sends the customer of such a task a code, which whoever calls is to say. The employee sees neither the code nor the address.
 * Refuses `not_found` for a task that is not mine, is proven or was not opened so, `no_consent` where no letter may be sent,
 * `no_address` where there is none to send it to, and `rate_limited`.
 */
export async function askCaller(house: House, session: Session, task: string): Promise<Date> {
  const { subject, purpose } = await unprovenTask(house, session, task)
  const to = await readAddress(house, subject, { purpose, task, minutes: 1, most: 1 })
  if (to === null) throw new Refusal('no_address')
  const { name } = await requireOrganisation(house.database)
  return change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const basis = await requireConsent(tx, subject, 'service')
    await requireSeldom(tx, house, subject)
    const slot = await slotFor(tx, subject, 'messages')
    const code = await makeCode(tx, house, subject, slot, 'caller')
    const mail = callerLetter((basis.language ?? 'en') as Language, name, to, code.digits)
    const recipient = { subject, slot, basis }
    const letter = await writeLetter(tx, house, recipient, { kind: 'code', until: code.until, mail })
    await tx.query('update caller set code = $2, asked = asked + 1, asked_at = $3 where task = $1', [
      ...[task, code.id, house.clock.now()],
    ])
    await note(subject, {
      ...{ kind: 'caller', actor: session.actor, task, purpose, result: 'done' },
      detail: { code: code.id, letter },
    })
    return code.until
  })
}

async function requireSeldom(tx: Tx, house: House, subject: string): Promise<void> {
  const { asked } = await tx.one<{ asked: number }>(
    'select coalesce(sum(asked), 0)::integer as asked from caller where subject = $1 and asked_at > $2',
    [subject, new Date(house.clock.now().getTime() - hour)],
  )
  if (asked >= mostAsked) throw new Refusal('rate_limited', { why: 'codes for callers' })
}

/**
 * The caller has told the code: from now on the task can be taken. Refuses `wrong_code` alike for a wrong, used and old one and
 * where none was sent; each wrong try is in the customer's trail, and the sixth is never compared.
 */
export async function proveCaller(
  house: House,
  session: Session,
  task: string,
  digits: string,
): Promise<void> {
  const { subject, purpose, code } = await unprovenTask(house, session, task)
  if (code === null) throw new Refusal('wrong_code', { why: 'none was sent' })
  const about = { actor: session.actor, task, purpose }
  const tried = await tryCode(house, code, digits, 'caller')
  if (!tried.right || tried.subject !== subject) {
    await noteOnly(house, subject, { kind: 'caller.refused', ...about, result: 'refused', detail: { code } })
    throw new Refusal('wrong_code')
  }
  await change(house, async (tx, note) => {
    await useCode(tx, house, code)
    await tx.query('update caller set proven_at = $2 where task = $1', [task, house.clock.now()])
    await note(subject, { kind: 'caller.proof', ...about, result: 'done', detail: { code } })
  })
}

async function unprovenTask(
  house: House,
  session: Session,
  id: string,
): Promise<{ subject: string; purpose: string; code: string | null }> {
  const { subject, type } = await getMyTask(house.database, session, id)
  const { code } = await house.database.one<{ code: string | null }>(
    'select code from caller where task = $1 and proven_at is null',
    [id],
  )
  return { subject, purpose: type.purpose, code }
}
