import { listLiveConsents } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import type { Mail } from '../core/mail.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { addressToRemind, writeReminder } from '../use/reminder.ts'

const day = 86_400_000
const atOnce = 200

const words = {
  en: {
    subject: (organisation: string) => `Something you told us ends soon: ${organisation}`,
    text: (address: string, organisation: string, days: number) =>
      [
        `Some of what you have told ${organisation} is kept for a time only, and that time ends within ${days} days. Then it is destroyed, in our backups too.`,
        'If you want us to keep it, please sign in and say that it is still right. If you do nothing, it is destroyed.',
        address,
      ].join('\n\n'),
  },
  it: {
    subject: (organisation: string) => `Qualcosa che ci hai detto scade presto: ${organisation}`,
    text: (address: string, organisation: string, days: number) =>
      [
        `Alcune cose che hai detto a ${organisation} si conservano solo per un certo tempo, che finisce entro ${days} giorni. Poi vengono distrutte, anche nelle nostre copie di sicurezza.`,
        'Se vuoi che le conserviamo, accedi e dicci che sono ancora giuste. Se non fai nulla, vengono distrutte.',
        address,
      ].join('\n\n'),
  },
} as const

/** The letter that tells of the end. A mailbox is no secret place: it names no field. */
function endLetter(
  language: Language,
  organisation: string,
  to: string,
  about: { address: string; days: number },
): Mail {
  const { subject, text } = words[language]
  return { to, subject: subject(organisation), text: text(about.address, organisation, about.days) }
}

/**
 * Tells each customer once, in one letter, of the values that end within so many days; from then on the time runs after which
 * they may be destroyed. Who has no address is told in the portal alone.
 */
export async function tellOfEnds(house: House, days: number): Promise<void> {
  const soon = new Date(house.clock.now().getTime() + days * day)
  const due = await house.database.query<{ subject: string }>(
    `select distinct l.subject
       from retention_look l join subject s on s.id = l.subject and s.kind = 'customer'
      where l.told_at is null and l.ends_at <= $1 limit $2`,
    [soon, atOnce],
  )
  for (const { subject } of due) await tell(house, subject, { soon, days }).catch(asGone)
}

async function tell(
  house: House,
  subject: string,
  { soon, days }: { soon: Date; days: number },
): Promise<void> {
  const { name } = await requireOrganisation(house.database)
  const to = await addressToRemind(house, subject)
  await change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const told = await tx.query(
      `update retention_look set told_at = $2 where subject = $1 and told_at is null and ends_at <= $3
       returning compartment`,
      [subject, house.clock.now(), soon],
    )
    if (told.length === 0) return
    const live = await listLiveConsents(tx, subject)
    const letter = await writeReminder(tx, house, { live, to }, (language, to) =>
      endLetter(language, name, to, { address: house.publicUrl, days }),
    )
    const entry = { kind: 'reminder' as const, actor: 'system' }
    if (letter === null) return await note(subject, { ...entry, result: 'no_address' })
    await note(subject, { ...entry, result: 'done', detail: { letter, ends: true } })
  })
}

/** Who has left meanwhile needs not be told. */
function asGone(error: unknown): void {
  if (!(error instanceof Refusal) || !['not_found', 'erased'].includes(error.code)) throw error
}
