import { listCatalogue } from '../collection/catalogue.ts'
import { requireConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import type { Session } from '../identity/session.ts'
import { slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { linkLetter } from './link-letter.ts'
import { portalGrant } from './portal-grant.ts'
import type { Value } from './reading.ts'
import { rewriting, rewritingUnder } from './value-rewriting.ts'

const hours = 24
/** How many links one customer may have sent within an hour, to whatever address: nobody floods a stranger's mailbox. */
const mostPerHour = 5

interface Row {
  id: string
  subject: string
  field: string
  address: Buffer
}

/** What is stored of the address a link was sent to: keyed by the keeper, and another one for each link. */
async function addressMark(house: House, id: string, address: string): Promise<Buffer> {
  const value = `link:${id}:${address}`
  const [mark] = await house.keeper.fingerprint([{ kind: 'code', value }])
  return mark!
}

/**
 * Sends a link to an e-mail address that the customer has given in a field of that type. The link is good once, for a day,
 * and for that address alone; only its hash is stored. Refuses `invalid` for a field that holds no such address,
 * `conflict` for one that is in doubt, and `rate_limited` after five within an hour.
 */
export async function sendLink(
  house: House,
  session: Session,
  code: string,
  language: Language,
): Promise<Date> {
  const { subject, actor } = session
  const field = (await listCatalogue(house.database)).find(one => one.code === code && one.type === 'email')
  if (field === undefined) throw unheld()
  const { values } = await rewritingUnder(house, await portalGrant(house, session), subject, [code])
  const address = values[code]?.value
  if (typeof address !== 'string') throw unheld()
  if (values[code]!.disputed !== undefined) throw new Refusal('conflict', { why: 'in doubt' })
  const { name } = await requireOrganisation(house.database)
  const id = newId()
  const token = newToken()
  const mark = await addressMark(house, id, address)
  const until = new Date(house.clock.now().getTime() + hours * 3_600_000)
  await change(house, async (tx, note) => {
    await requireFew(tx, house, subject)
    const basis = await requireConsent(tx, subject, 'service')
    await tx.query(
      `insert into confirmation_link (id, subject, compartment, slot, field, hash, address, made_at, until)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[id, subject, field.compartment, await slotFor(tx, subject, field.compartment), code],
        ...[sha256(token), mark, house.clock.now(), until],
      ],
    )
    // After the #, so that no server on the way is told, and whoever only fetches the page proves nothing.
    const mail = linkLetter(language, name, address, `${house.publicUrl}/confirm#${token}`)
    const slot = await slotFor(tx, subject, 'messages')
    const letter = await writeLetter(tx, house, { subject, slot, basis }, { kind: 'link', until, mail })
    const detail = { link: id, letter }
    await note(subject, { kind: 'link', actor, fields: [code], result: 'done', detail })
  })
  return until
}

const unheld = () => new Refusal('invalid', { fields: [{ field: 'field', code: 'unknown' }] })

async function requireFew(tx: Tx, house: House, subject: string): Promise<void> {
  await tx.one('select 1 from subject where id = $1 for update', [subject])
  const now = house.clock.now()
  const ago = (hoursAgo: number) => new Date(now.getTime() - hoursAgo * 3_600_000)
  await tx.query('delete from confirmation_link where subject = $1 and made_at <= $2', [subject, ago(hours)])
  const { sent } = await tx.one<{ sent: number }>(
    'select count(*)::integer as sent from confirmation_link where subject = $1 and made_at > $2',
    [subject, ago(1)],
  )
  if (sent >= mostPerHour) throw new Refusal('rate_limited', { why: 'links of one customer' })
}

/**
 * Takes a link that somebody has opened and pressed the button of: the address it was sent to is verified. Refuses
 * `not_found` alike for one that is unknown, used, too old, or sent to an address that has been changed since.
 */
export async function confirmLink(house: House, token: string): Promise<void> {
  const link = await house.database.maybe<Row>(
    `select id, subject, field, address from confirmation_link
      where hash = $1 and used_at is null and until > $2`,
    [sha256(token), house.clock.now()],
  )
  if (link === null) throw new Refusal('not_found', { why: 'no such link' })
  await rewriting(house, link.subject, [link.field], async ({ values, put }) => {
    const held = values[link.field]
    if (held === undefined || !(await isSentTo(house, link, held)))
      throw new Refusal('not_found', { why: 'another address by now' })
    const at = house.clock.now().toISOString()
    const verified: Value = { ...held, verified: { method: 'link', at, by: 'customer' } }
    await change(house, async (tx, note) => {
      await tx.one('select 1 from subject where id = $1 for update', [link.subject])
      const used = await tx.query(
        'update confirmation_link set used_at = $2 where id = $1 and used_at is null returning 1',
        [link.id, at],
      )
      if (used.length === 0) throw new Refusal('not_found', { why: 'used meanwhile' })
      const floors = await put(tx, new Map([[link.field, verified]]))
      const detail = { method: 'link', link: link.id }
      await note(
        link.subject,
        { kind: 'verification', actor: 'customer', fields: [link.field], result: 'done', detail },
        floors,
      )
    })
  })
}

const isSentTo = async (house: House, { id, address }: Row, { value }: Value): Promise<boolean> =>
  typeof value === 'string' && (await addressMark(house, id, value)).equals(address)
