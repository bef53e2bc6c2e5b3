import * as z from 'zod'
import { requireAct } from '../collection/act.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sha256 } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import {
  type Adding,
  addPasskey,
  askToAdd,
  listPasskeys,
  type Passkey,
  removePasskey,
  spkiOf,
  verifyNew,
} from '../identity/passkey.ts'
import {
  optionsSchema,
  passkeySchema,
  placeSchema,
  registrationSchema,
  shownPasskey,
} from '../identity/passkey-schema.ts'
import { type Session, sessionOf } from '../identity/session.ts'
import { endSessionsOf } from './grant.ts'
import { StaffProof } from './staff-proof.ts'

const addingShape = { challenge: z.uuid(), kept_on: placeSchema, response: registrationSchema }
const seldom = { max: 30, timeWindow: '1 minute' }

/**
 * The passkeys of whoever is signed in: customers in the portal, employees and officers in their rooms. A customer adds and
 * removes one after a fresh proof; an employee adds one with the code of the moment, so that an unlocked screen is not enough.
 */
export async function ownPasskeyRoutes(app: App, house: House): Promise<void> {
  const staff = new StaffProof(house)
  for (const room of ['portal', 'work', 'office'] as const) {
    app.get(
      `/${room}/passkeys`,
      {
        config: { room, entry: 'none: one’s own passkeys, no value is opened' },
        schema: { response: { 200: z.object({ items: z.array(passkeySchema), next: z.null() }) } },
      },
      async request => {
        const passkeys = await listPasskeys(house.database, sessionOf(request).subject)
        return { items: passkeys.map(shownPasskey), next: null }
      },
    )

    app.post(
      `/${room}/passkey-challenges`,
      {
        config: { room, entry: 'none: random bytes to sign', rateLimit: seldom },
        schema: { body: z.strictObject({}), response: { 201: optionsSchema } },
      },
      async (request, reply) => {
        const session = sessionOf(request)
        if (room === 'portal') await requireAct(house, session, 'add_passkey')
        const { name } = await requireOrganisation(house.database)
        const asked = await askToAdd(house, session, name)
        reply.code(201)
        return asked as unknown as z.input<typeof optionsSchema>
      },
    )

    app.delete(
      `/${room}/passkeys/:id`,
      {
        config: { room, entry: 'passkey.removal' },
        schema: { params: z.object({ id: z.uuid() }), response: { 204: z.null() } },
      },
      async (request, reply) => {
        const session = sessionOf(request)
        if (room === 'portal') await requireAct(house, session, 'remove_passkey')
        await remove(house, session, request.params.id)
        reply.code(204)
        return null
      },
    )
  }

  app.post(
    '/portal/passkeys',
    {
      config: { room: 'portal', entry: 'passkey', rateLimit: seldom },
      schema: { body: z.strictObject(addingShape), response: { 201: passkeySchema } },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'add_passkey')
      const { kept_on: keptOn, ...given } = request.body
      const added = await add(house, session, { keptOn, ...given })
      reply.code(201)
      return shownPasskey(added)
    },
  )

  for (const room of ['work', 'office'] as const)
    app.post(
      `/${room}/passkeys`,
      {
        config: { room, entry: 'passkey', rateLimit: seldom },
        schema: {
          body: z.strictObject({ ...addingShape, code: z.string().max(20) }),
          response: { 201: passkeySchema },
        },
      },
      async (request, reply) => {
        const session = sessionOf(request)
        const { kept_on: keptOn, code, ...given } = request.body
        await staff.requireCode(session, code)
        const added = await add(house, session, { keptOn, ...given })
        reply.code(201)
        return shownPasskey(added)
      },
    )
}

/** The log gets the hash of the public key: what it signs later can be told from what another key signs. */
async function add(house: House, session: Session, adding: Adding): Promise<Passkey> {
  const made = await verifyNew(house, session, adding)
  const key = sha256(spkiOf(made.publicKey)).toString('hex')
  return change(house, async (tx, note) => {
    const passkey = await addPasskey(tx, house, session, adding.keptOn, made)
    await note(session.subject, {
      ...{ kind: 'passkey', actor: session.actor, result: 'done' },
      detail: { passkey: passkey.id, key, kept_on: adding.keptOn },
    })
    return passkey
  })
}

/** Whoever got in with what is removed is put out: every other session of the person ends with it. */
async function remove(house: House, { id: own, subject, actor }: Session, id: string): Promise<void> {
  const mine = await listPasskeys(house.database, subject)
  if (!mine.some(passkey => passkey.id === id)) throw new Refusal('not_found')
  // First whoever may have come in by it: cut off after that, the passkey is still there to be removed again.
  await endSessionsOf(house, subject, actor, own)
  await change(house, async (tx, note) => {
    await removePasskey(tx, subject, id)
    await note(subject, { kind: 'passkey.removal', actor, result: 'done', detail: { passkey: id } })
  })
  // And whoever came in by it between the two.
  await endSessionsOf(house, subject, actor, own)
}
