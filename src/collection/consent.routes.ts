import * as z from 'zod'
import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { change } from '../core/outbox.ts'
import { optionsSchema, shownPasskeySchema } from '../identity/passkey-schema.ts'
import { type Session, sessionOf } from '../identity/session.ts'
import { requireAct } from './act.ts'
import { askToSignAgreement, type Intent, verifyAgreement } from './agreeing.ts'
import {
  type Consent,
  consentDetail,
  consentSchema,
  countConsents,
  getConsent,
  giveConsent,
  listConsents,
  renewConsent,
  shownConsent,
} from './consent.ts'
import { languageSchema, reworded, unsealed } from './notice.ts'
import { saysNo, takeUpSignal } from './privacy-signal.ts'
import { listPurposes, type Purpose, purposeSchema } from './purpose.ts'

/** What somebody agrees under; `despite_signal`: also to what their browser speaks against (Global Privacy Control). */
const shownNotice = {
  ...{ notice_version: z.int(), language: languageSchema },
  despite_signal: z.boolean().default(false),
}

/** A passkey's signature over the statement of `consent-challenges`; without one an agreement is as good. */
const signedBy = { signed: shownPasskeySchema.optional() }

const seldom = { max: 60, timeWindow: '1 minute' }

export async function consentRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/portal/consents',
    {
      config: { room: 'portal', entry: 'none: ids, purposes and times, no value is opened' },
      schema: {
        response: {
          // `asked_now`: what the newest notice names for the purpose and a live agreement does not; `unsealed_now`: what of it
          // was promised to be sealed in the browser when it was agreed to, and is not any more.
          200: z.object({
            items: z.array(
              consentSchema.extend({ asked_now: z.array(z.string()), unsealed_now: z.array(z.string()) }),
            ),
            next: z.null(),
          }),
        },
      },
    },
    async request => {
      const consents = await listConsents(house.database, sessionOf(request).subject)
      const asked = await listPurposes(house.database)
      return {
        items: await Promise.all(
          consents.map(async one => {
            const asked_now = await askedNow(house.database, one, asked)
            const unsealed_now = await unsealed(house.database, { ...one, fields: asked_now })
            return { ...shownConsent(one), asked_now, unsealed_now }
          }),
        ),
        next: null,
      }
    },
  )

  app.post(
    '/portal/consents',
    {
      config: { room: 'portal', entry: 'consent' },
      schema: {
        body: z.strictObject({ purpose: purposeSchema, ...shownNotice, ...signedBy }),
        response: { 201: consentSchema },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'give_consent')
      const { subject, actor } = session
      const { purpose, notice_version: version, language, despite_signal: despiteSignal } = request.body
      if (saysNo(request)) await change(house, (tx, note) => takeUpSignal(tx, house, note, subject))
      const signed = await signedIn(house, session, request.body)
      const consent = await change(house, async (tx, note) => {
        const given = await giveConsent(tx, house, subject, purpose, {
          evidence: 'portal',
          version,
          language,
          ...{ despiteSignal, ...signed, byGuardian: session.guardian },
        })
        await note(subject, {
          ...{ kind: 'consent', actor, purpose, fields: given.fields, result: 'done' },
          detail: await consentDetail(tx, given),
        })
        return given
      })
      reply.code(201)
      return shownConsent(consent)
    },
  )

  app.post(
    '/portal/consent-challenges',
    {
      config: {
        room: 'portal',
        entry: 'none: what would be agreed to, to be signed or not',
        rateLimit: seldom,
      },
      schema: {
        body: z.strictObject({
          ...{ purpose: purposeSchema, ...shownNotice },
          renews: z.uuid().nullable().default(null),
        }),
        response: { 201: optionsSchema.extend({ statement: z.string() }) },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'give_consent')
      const asked = await askToSignAgreement(house, session, intentOf(request.body))
      reply.code(201)
      return asked as z.input<typeof optionsSchema> & { statement: string }
    },
  )

  app.get(
    '/office/consents',
    {
      config: { room: 'office', entry: 'none: counts by purpose and notice, of nobody' },
      schema: {
        response: {
          200: z.object({
            items: z.array(
              z.object({
                purpose: purposeSchema,
                notice_version: z.int().nullable(),
                live: z.int().min(0),
                taken_back: z.int().min(0),
              }),
            ),
            next: z.null(),
          }),
        },
      },
    },
    async () => ({ items: await countConsents(house.database), next: null }),
  )

  app.post(
    '/portal/consents/:id/renewals',
    {
      config: { room: 'portal', entry: 'consent.renewal' },
      schema: {
        params: z.object({ id: z.uuid() }),
        body: z.strictObject({ ...shownNotice, ...signedBy }),
        response: { 201: consentSchema },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'give_consent')
      const { subject, actor } = session
      const { notice_version: version, language, despite_signal: despiteSignal } = request.body
      if (saysNo(request)) await change(house, (tx, note) => takeUpSignal(tx, house, note, subject))
      const signed = await signedIn(house, session, request.body)
      const renewed = await change(house, async (tx, note) => {
        const { purpose } = await getConsent(tx, subject, request.params.id)
        const evidence = {
          evidence: 'portal' as const,
          version,
          language,
          despiteSignal,
          ...signed,
          byGuardian: session.guardian,
        }
        const given = await renewConsent(tx, house, subject, request.params.id, evidence)
        await note(subject, {
          ...{ kind: 'consent.renewal', actor, purpose, fields: given.fields, result: 'done' },
          detail: { ...(await consentDetail(tx, given)), renews: request.params.id },
        })
        return given
      })
      reply.code(201)
      return shownConsent(renewed)
    },
  )
}

function intentOf(asked: {
  purpose: Intent['purpose']
  notice_version: number
  language: Intent['evidence']['language']
  despite_signal: boolean
  renews: string | null
}): Intent {
  const { purpose, renews, notice_version: version, language, despite_signal: despiteSignal } = asked
  return { purpose, renews, evidence: { evidence: 'portal', version, language, despiteSignal } }
}

/** The signature, where one came along: judged before anything is written. */
async function signedIn(
  house: House,
  session: Session,
  { signed }: { signed?: z.output<typeof shownPasskeySchema> | undefined },
) {
  return signed === undefined ? {} : { signed: await verifyAgreement(house, session, signed) }
}

/** What the newest notice names and a live agreement does not, or not by these words. */
async function askedNow(
  database: Queryable,
  consent: Consent,
  purposes: readonly Purpose[],
): Promise<string[]> {
  if (consent.withdrawn_at !== null) return []
  const asked = purposes.find(purpose => purpose.code === consent.purpose)?.fields ?? []
  const others = await reworded(database, { ...consent, fields: asked })
  return asked.filter(field => !consent.fields.includes(field) || others.includes(field))
}
