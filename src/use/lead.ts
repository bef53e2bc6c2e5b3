import { findApplicant, leadBasis, makeApplicant } from '../collection/applicant.ts'
import type { Language } from '../collection/notice.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { addJob, type Jobs } from '../core/jobs.ts'
import type { Mail } from '../core/mail.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { addressToken, findAddress, lockAddress } from '../identity/address.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import type { Session } from '../identity/session.ts'
import { keep } from '../storage/keeping.ts'
import { leadDays, leadLetter } from '../storage/lead-letter.ts'
import { writeLetter } from '../storage/letter.ts'
import { withFingerprints } from './import-run.ts'

type Officer = Pick<Session, 'subject' | 'actor'>

const day = 86_400_000
/** So many addresses a day, unless CUSTODE_LEADS_PER_DAY says otherwise. */
const usualPerDay = 200
// Any number will do, as long as every process that counts takes the same one.
const counting = 7_238_124

/** What asking came to. It is the same whether an address is a customer's or not. */
export interface AskedLeads {
  /** Addresses that count as asked now. */
  asked: number
  /** How many more today has room for. */
  left: number
}

/** How many addresses may still be asked today. */
export async function leadsLeft(house: House, database: Queryable = house.database): Promise<number> {
  const { taken } = await database.one<{ taken: number }>(
    'select coalesce(sum(lines), 0)::int as taken from lead_batch where asked_at > $1',
    [new Date(house.clock.now().getTime() - day)],
  )
  return Math.max(0, (house.leadsPerDay ?? usualPerDay) - taken)
}

/**
 * Asks people by letter to join, each address once within `leadDays`: whoever gets one lives as an applicant for a day. No letter goes
 * to a customer or an applicant; the answer counts them all the same, so it tells nobody who is known. Goes on where it was cut
 * off when it is asked again. Refuses `conflict` when the day's limit is used up, and `search_rebuilding` while it cannot be known
 * whose address it is.
 */
export async function askLeads(
  house: House,
  by: Officer,
  { addresses, language, upload }: { addresses: readonly string[]; language: Language; upload: string },
): Promise<AskedLeads> {
  const { name } = await requireOrganisation(house.database)
  const batch = await reserve(house, by, addresses.length)
  let asked = 0
  await withFingerprints(house, async under => {
    for (const address of addresses) {
      if (asked === batch.most) break
      const token = await addressToken(house, 'email', address, under)
      const mail = leadLetter(language, name, address, house.publicUrl)
      if (await askOnce(house, by, token, mail)) asked++
    }
  }).finally(() => settle(house, by, { ...batch, upload, asked }))
  return { asked, left: await leadsLeft(house) }
}

/** Takes its share of the day before a letter is written: a process that dies has used it up. */
function reserve(house: House, by: Officer, wanted: number): Promise<{ id: string; most: number }> {
  return house.database.transaction(async tx => {
    await tx.query('select pg_advisory_xact_lock($1)', [counting])
    const most = Math.min(wanted, await leadsLeft(house, tx))
    if (most === 0) throw new Refusal('conflict', { detail: { leads: wanted === 0 ? 'none' : 'limit' } })
    const id = newId()
    await tx.query('insert into lead_batch (id, asked_by, asked_at, lines) values ($1, $2, $3, $4)', [
      ...[id, by.subject, house.clock.now(), most],
    ])
    return { id, most }
  })
}

function settle(
  house: House,
  by: Officer,
  { id, upload, asked }: { id: string; upload: string; asked: number },
): Promise<void> {
  return change(house, async (tx, note) => {
    await tx.query('update lead_batch set lines = $2 where id = $1', [id, asked])
    await note(null, {
      ...{ kind: 'import.lead', actor: by.actor, result: 'done', detail: { upload, lines: asked } },
    })
  })
}

/** False for an address that was asked before. */
function askOnce(house: House, by: Officer, token: Buffer, mail: Mail): Promise<boolean> {
  return change(house, async (tx, note) => {
    await lockAddress(tx, token)
    const [customer, applicant] = [
      await findAddress(tx, 'email', token),
      await findApplicant(tx, house, token),
    ]
    if (!(await markAsked(tx, house, token))) return false
    if (customer !== null || applicant !== null) return true
    const now = house.clock.now()
    const { id, slots } = await makeApplicant(tx, house, token)
    await keep(tx, house, leadBasis, id, id, {
      email: { value: mail.to, source: 'import', at: now.toISOString() },
    })
    const recipient = { subject: id, slot: slots.messages!, basis: leadBasis }
    const until = new Date(now.getTime() + day)
    const letter = await writeLetter(tx, house, recipient, { kind: 'lead', until, mail })
    await note(id, { kind: 'lead', actor: by.actor, fields: ['email'], result: 'done', detail: { letter } })
    return true
  })
}

/** Remembers that this address was asked, for `leadDays`; false when it was within them already. */
async function markAsked(tx: Tx, house: House, token: Buffer): Promise<boolean> {
  const now = house.clock.now()
  const marked = await tx.maybe(
    `insert into lead_address (token, asked_at) values ($1, $2)
     on conflict (token) do update set asked_at = excluded.asked_at where lead_address.asked_at <= $3
     returning 1`,
    [token, now, new Date(now.getTime() - leadDays * day)],
  )
  if (marked === null) return false
  const runAt = new Date(now.getTime() + leadDays * day)
  await addJob(tx, 'lead.expiry', {}, { key: `lead.expiry:${runAt.toISOString().slice(0, 10)}`, runAt })
  return true
}

export const leadJobs = (house: House): Jobs => ({
  'lead.expiry': {
    entry: 'none: fingerprints whose time is over, and nobody knows of whom',
    work: async () => {
      const over = new Date(house.clock.now().getTime() - leadDays * day)
      await house.database.query('delete from lead_address where asked_at <= $1', [over])
    },
  },
})
