import { vi } from 'vitest'
import { publishNotice } from '../src/collection/notice.ts'
import { markGeneration } from '../src/identity/address.ts'
import { makeOrganisation } from '../src/identity/organisation.ts'
import type { EntryBody } from '../src/keeper/client.ts'
import { makeGrant } from '../src/use/grant.ts'
import type { TestHouse } from './house.ts'

/** Opens the company without any employee: enough for a customer to join. */
export async function openForCustomers(shop: TestHouse, name = 'Bottega Aurora'): Promise<void> {
  await shop.house.database.transaction(async tx => {
    await makeOrganisation(tx, shop.house, name)
    await publishNotice(tx, shop.clock)
    await markGeneration(tx, shop.house)
  })
}

let callers = 0

/** Everybody calls from an address of their own, so that the limits for one address are met where a test means them. */
const nextAddress = () => `198.18.${Math.floor(++callers / 250) % 250}.${(callers % 250) + 1}`

/** A call of the API as the portal makes it. */
export async function call(
  shop: TestHouse,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  sent: { body?: unknown; cookie?: string; from?: string } = {},
) {
  const response = await shop.app.inject({
    method,
    url: `/api/v1${path}`,
    remoteAddress: sent.from ?? nextAddress(),
    ...(sent.body === undefined ? {} : { payload: sent.body as object }),
    ...(sent.cookie === undefined ? {} : { cookies: { custode_portal: sent.cookie } }),
  })
  const cookie = response.cookies.find(one => one.name === 'custode_portal')?.value
  return {
    status: response.statusCode,
    body: response.body === '' ? null : response.json(),
    cookie,
    response,
  }
}

/** The newest code that was sent to an address. Carries out the jobs that are due first. */
export async function codeFor(shop: TestHouse, email: string): Promise<string> {
  await shop.work()
  const mail = shop.post.list().find(one => one.to === email)
  const code = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0]
  if (code === undefined) throw new Error('no letter with a code arrived')
  return code
}

/** Proves an address with a code; the cookie is that of whoever the address belongs to. */
export async function signInAs(
  shop: TestHouse,
  email: string,
  language: 'en' | 'it' = 'en',
): Promise<{ cookie: string; kind: string }> {
  const asked = await call(shop, 'POST', '/portal/codes', { body: { email, language } })
  if (asked.status !== 202) throw new Error(`the code was refused with ${asked.status}`)
  const body = { code_id: asked.body.id, code: await codeFor(shop, email) }
  const { status, body: session, cookie } = await call(shop, 'POST', '/portal/sessions', { body })
  if (status !== 201 || cookie === undefined) throw new Error(`the sign-in was refused with ${status}`)
  return { cookie, kind: session.kind }
}

export const ana = {
  name: 'Ana Ferraris',
  email: 'ana.ferraris@example.org',
  phone: '347 555 0142',
  e164: '+393475550142',
}

/** Joins as Ana would, or as somebody else of another name and address. */
export async function joinAs(
  shop: TestHouse,
  person: { name: string; email: string; phone?: string } = ana,
  purposes: string[] = ['service'],
): Promise<{ cookie: string; alias: string; id: string }> {
  const { cookie } = await signInAs(shop, person.email)
  const { version } = (await call(shop, 'GET', '/notice?language=en')).body
  const {
    status,
    body,
    cookie: joined,
  } = await call(shop, 'POST', '/portal/joins', {
    cookie,
    body: {
      name: person.name,
      phone: person.phone ?? '',
      notice_version: version,
      said_age: 16,
      language: 'en',
      purposes,
    },
  })
  if (status !== 201 || joined === undefined) throw new Error(`joining was refused with ${status}`)
  const { id } = await shop.owner.one<{ id: string }>('select id from subject where alias = $1', [body.alias])
  return { cookie: joined, alias: body.alias, id }
}

/** The entries of somebody's trail, oldest first, as they read them themselves. */
export async function trailOf(shop: TestHouse, subject: string) {
  const { trail } = await shop.owner.one<{ trail: number }>('select trail from subject where id = $1', [
    subject,
  ])
  const grant = await makeGrant(shop.house, {
    ...{ kind: 'portal', session: null, actor: 'customer', subjects: [subject], fields: ['*'] },
    ...{ compartments: ['contact'], purpose: 'access', minutes: 5, most: 10 },
  })
  const { secret } = grant
  const page = await shop.house.keeper.entries({ grant: grant.id, secret, trailSlot: trail })
  return page.entries.map(entry => JSON.parse(entry.body) as EntryBody)
}

/**
 * Erases all of somebody but the trail in a transaction that stays open until `late` has begun and waits for it; then
 * commits and answers what became of `late`.
 */
export async function whileLeaving<T>(shop: TestHouse, subject: string, late: () => Promise<T>): Promise<T> {
  const waiting: Promise<T>[] = []
  await shop.owner.transaction(async tx => {
    await tx.query(
      `select erase_slots(array(select number from slot where subject = $1 and compartment <> 'trail'))`,
      [subject],
    )
    const { xid } = await tx.one<{ xid: string }>('select pg_current_xact_id()::text as xid')
    waiting.push(late())
    const isBlocked = () =>
      shop.owner.query('select 1 from pg_locks where not granted and transactionid::text = $1', [xid])
    await vi.waitUntil(async () => (await isBlocked()).length > 0, { timeout: 15_000 })
  })
  return waiting[0]!
}
