import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { addressToken, findAddress } from './address.ts'
import { type DemoPerson, demoPeople } from './demo-people.ts'
import { requireOrganisation } from './organisation.ts'
import { findSession, makeSession, setSessionCookie } from './session.ts'

/** One-click sign-in to the sample company. Anywhere else nothing answers here. */
export async function demoSessionRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/demo/sessions',
    {
      config: { room: 'public', entry: 'session' },
      schema: {
        body: z.strictObject({ as: z.enum(['ana', 'ben', 'pia']) }),
        response: { 201: z.object({ room: z.enum(['portal', 'work', 'office']) }) },
      },
    },
    async (request, reply) => {
      const { room } = demoPeople[request.body.as]
      setSessionCookie(reply, house, room, await signInAs(house, request.body.as))
      return reply.status(201).send({ room })
    },
  )
}

/** Begins a session of one of the three. Throws `not_found` outside the sample company, and for who has left it. */
async function signInAs(house: House, person: DemoPerson) {
  const { email, addressKind, room } = demoPeople[person]
  if (!house.demo || !(await requireOrganisation(house.database)).demo) throw new Refusal('not_found')
  const owner = await findAddress(house.database, addressKind, await addressToken(house, addressKind, email))
  if (owner === null) throw new Refusal('not_found')
  return change(house, async (tx, note) => {
    // Nobody real is let in, so nothing is asked of them again for a while.
    const proof = { by: 'code' as const, at: house.clock.now() }
    const session = await makeSession(tx, house, room, owner.subject, proof)
    const known = await findSession(tx, house.clock.now(), room, session.token)
    if (known === null) throw new Refusal('not_found')
    const detail = { room, demo: true }
    await note(owner.subject, { kind: 'session', actor: known.actor, result: 'done', detail })
    return session
  })
}
