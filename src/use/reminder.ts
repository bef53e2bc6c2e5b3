import type { CatalogueField } from '../collection/catalogue.ts'
import { type Consent, listLiveConsents } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { addJob, type Jobs } from '../core/jobs.ts'
import type { Mail } from '../core/mail.ts'
import { change } from '../core/outbox.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { readAddress } from './customer-letter.ts'
import { reminderLetter } from './reminder-letter.ts'

const day = 86_400_000
/** What is due within so many days goes into the same letter. */
const together = 30
/** For so long it is tried to send it. */
const daysToSend = 3

/** So long before the time is over, as the portal asks: 14 days, and half the time where it is shorter. */
const aheadOf = (days: number): number => Math.min(14, days / 2)

/**
 * Promises a letter for when these values, given or confirmed a moment ago, are to be confirmed again; what was promised
 * for them before is forgotten, and so it is for those that are removed.
 */
export async function scheduleReminders(
  tx: Tx,
  house: House,
  subject: string,
  { changed, given }: { changed: readonly CatalogueField[]; given: readonly CatalogueField[] },
): Promise<void> {
  await tx.query('delete from reminder where subject = $1 and field = any ($2)', [
    subject,
    changed.map(field => field.code),
  ])
  for (const { code, reconfirm_days: days } of given) {
    if (days === null) continue
    const id = newId()
    const due = new Date(house.clock.now().getTime() + (days - aheadOf(days)) * day)
    await tx.query('insert into reminder (id, subject, slot, field, due_at) values ($1, $2, $3, $4, $5)', [
      ...[id, subject, await slotFor(tx, subject, 'messages'), code, due],
    ])
    await addJob(tx, 'value.reminder', { reminder: id }, { runAt: due })
  }
}

/**
 * Writes the letter that was promised: one for all values that are due about now, and none again before they are given or
 * confirmed anew. It names no field. Nothing is written where nothing is held any more, and where its promise was forgotten.
 */
export async function remind(house: House, id: string): Promise<void> {
  const { database, clock } = house
  const reminder = await database.maybe<{ subject: string }>(
    `select r.subject from reminder r join customer c on c.id = r.subject and c.kind = 'customer'
      where r.id = $1 and r.due_at <= $2`,
    [id, clock.now()],
  )
  if (reminder === null) return
  const { subject } = reminder
  const due = await dueFields(house, subject)
  const to = await addressToRemind(house, subject)
  const { name } = await requireOrganisation(database)
  await change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const left = await tx.query<{ field: string }>(
      'delete from reminder where subject = $1 and field = any ($2) returning field',
      [subject, due],
    )
    const live = await listLiveConsents(tx, subject)
    // What no agreement names any more is gone.
    const asked = left.map(row => row.field).filter(field => live.some(one => one.fields.includes(field)))
    if (asked.length === 0) return
    const letter = await writeReminder(tx, house, { live, to }, (language, to) =>
      reminderLetter(language, name, to, house.publicUrl),
    )
    if (letter === null) return
    const fields = asked.sort()
    await note(subject, { kind: 'reminder', actor: 'system', fields, result: 'done', detail: { letter } })
  })
}

async function dueFields(house: House, subject: string): Promise<string[]> {
  const soon = new Date(house.clock.now().getTime() + together * day)
  const rows = await house.database.query<{ field: string }>(
    'select field from reminder where subject = $1 and due_at <= $2 order by field',
    [subject, soon],
  )
  return rows.map(row => row.field)
}

/** The address alone: what is asked about needs not be opened to ask. */
export const addressToRemind = (house: House, subject: string): Promise<string | null> =>
  readAddress(house, subject, { purpose: 'reminder', minutes: 5, most: 2 })

/**
 * Puts a reminder into the messages of whose live agreements these are, in the language of the newest that has one. Null where
 * they have no address or do not agree to be served. Returns the letter's id.
 */
export async function writeReminder(
  tx: Tx,
  house: House,
  { live, to }: { live: readonly Consent[]; to: string | null },
  letterTo: (language: Language, to: string) => Mail,
): Promise<string | null> {
  const basis = live.find(consent => consent.purpose === 'service')
  if (to === null || basis === undefined) return null
  const { subject } = basis
  const language = live.find(consent => consent.language !== null)?.language ?? 'en'
  const until = new Date(house.clock.now().getTime() + daysToSend * day)
  const recipient = { subject, slot: await slotFor(tx, subject, 'messages'), basis }
  return writeLetter(tx, house, recipient, { kind: 'reminder', until, mail: letterTo(language, to) })
}

export const reminderJobs = (house: House): Jobs => ({
  'value.reminder': { entry: 'reminder', work: async ({ reminder }) => remind(house, reminder ?? '') },
})
