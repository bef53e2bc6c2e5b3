import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { clearSessionCookie, sessionOf } from '../identity/session.ts'
import { endSession } from './grant.ts'

/** Signing out of the employees' and the officers' room: what was granted in the session ends before it does. */
export async function signOutRoutes(app: App, house: House): Promise<void> {
  for (const room of ['work', 'office'] as const)
    app.delete(
      `/${room}/sessions/current`,
      { config: { room, entry: 'session.end' }, schema: { response: { 204: z.null() } } },
      async (request, reply) => {
        const { id, actor } = sessionOf(request)
        await endSession(house, id, actor)
        clearSessionCookie(reply, room)
        reply.code(204)
        return null
      },
    )
}
