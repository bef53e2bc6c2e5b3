import * as z from 'zod'
import { requireAct } from '../collection/act.ts'
import { findCustomer } from '../collection/customer.ts'
import type { House } from '../core/house.ts'
import { type App, cookieOf } from '../core/http.ts'
import { Refusal } from '../core/refusal.ts'
import { clearSessionCookie, sessionOf } from '../identity/session.ts'
import { documentSchema, shownDocument } from '../use/statutory-document.ts'
import { withdrawOne } from './consent-withdrawal.ts'
import { destroyed } from './destruction.routes.ts'
import { findDestructionByLink } from './destruction.ts'
import { makeReceipt } from './receipt.ts'
import { previewWithdrawal, withdraw, withdrawalLink } from './withdrawal.ts'

const time = z.iso.datetime()
const kept = { what: z.literal('trail'), until: time, why: z.literal('accountability') }

export const receiptSchema = z.object({
  custode_receipt: z.literal(1),
  kind: z.literal('withdrawal'),
  organisation: z.object({ id: z.uuid(), name: z.string() }),
  act: z.uuid(),
  at: time,
  compartments: z.array(z.string()),
  slots: z.array(z.int()),
  kept: z.array(
    z.discriminatedUnion('what', [
      z.object({ ...kept, slot: z.int() }),
      documentSchema.extend({ what: z.literal('document'), slot: z.int() }),
    ]),
  ),
  link: z.string(),
  entry: z.object({ index: z.int(), body: z.string(), salt: z.string(), commitment: z.string() }),
  proof: z.object({ hashes: z.array(z.string()), checkpoint: z.string(), vkey: z.string() }),
  head: z.string(),
  destruction: z.object(destroyed),
  signature: z.string(),
  public_key: z.string(),
})

/** `resting`: of a record that was merged with this one and went with it. */
const receipts = z.object({ receipt: receiptSchema, resting: receiptSchema.nullable() })

const preview = z.object({
  compartments: z.array(z.object({ compartment: z.string(), boxes: z.int() })),
  slots: z.int(),
  open_tasks: z.int(),
  kept: z.array(z.object(kept)),
  documents: z.array(documentSchema),
  sessions: z.int(),
})

export async function withdrawalRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/consents/:id/withdrawals',
    {
      config: { room: 'portal', entry: 'consent.withdrawal' },
      schema: {
        params: z.strictObject({ id: z.uuid() }),
        body: z.strictObject({}),
        response: { 201: z.object({ at: time }) },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'withdraw_consent')
      const at = await withdrawOne(house, session, request.params.id)
      reply.code(201)
      return { at: at.toISOString() }
    },
  )

  app.get(
    '/portal/withdrawal-preview',
    {
      config: { room: 'portal', entry: 'none: counts and dates, no value is opened' },
      schema: { response: { 200: preview } },
    },
    async request => {
      const { kept, documents, ...counts } = await previewWithdrawal(house, sessionOf(request).subject)
      return {
        ...counts,
        kept: kept.map(one => ({ ...one, until: one.until.toISOString() })),
        documents: documents.map(shownDocument),
      }
    },
  )

  app.post(
    '/portal/withdrawals',
    {
      config: { room: 'portal', entry: 'shred' },
      schema: {
        body: z.strictObject({ confirm: z.literal(true) }),
        response: { 201: receipts },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      // Whoever has left meanwhile, by another page of theirs, hears of it from the withdrawal itself.
      if ((await findCustomer(house.database, session.subject)) !== null)
        await requireAct(house, session, 'leave')
      await withdraw(house, session)
      const receipts = await bothReceipts(house, session.token)
      clearSessionCookie(reply, 'portal')
      reply.code(201)
      return receipts
    },
  )

  // For the browser whose answer was lost: its session is gone, but its cookie still makes the link.
  app.post(
    '/withdrawal-receipts',
    {
      config: { room: 'public', entry: 'reading', rateLimit: { max: 20, timeWindow: '1 minute' } },
      schema: { body: z.strictObject({}), response: { 201: receipts } },
    },
    async (request, reply) => {
      const token = request.cookies[cookieOf('portal')]
      if (token === undefined) throw new Refusal('unauthenticated')
      const receipts = await bothReceipts(house, token)
      reply.code(201)
      return receipts
    },
  )
}

async function bothReceipts(house: House, token: string): Promise<z.input<typeof receipts>> {
  const receipt = await makeReceipt(house, withdrawalLink(token))
  const link = withdrawalLink(token, 'resting')
  const known = await findDestructionByLink(house.database, link)
  return { receipt, resting: known === null ? null : await makeReceipt(house, link) }
}
