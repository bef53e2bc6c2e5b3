import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { getEmployee } from '../identity/employee.ts'
import { employeeSchema, shownEmployee } from '../identity/employee-schema.ts'
import { sessionOf, setSessionCookie } from '../identity/session.ts'
import { EmployeeSignIn } from './employee-session.ts'

const body = z.strictObject({
  // Not judged as an address: whatever is wrong is answered alike.
  email: z.string().max(254),
  password: z.string().max(1000),
  code: z.string().max(20),
})
const sessionSchema = z.object({ employee: employeeSchema, until: z.iso.datetime() })

/** Signing in to the rooms of the employees and the officers, and who is signed in. */
export async function employeeSessionRoutes(app: App, house: House): Promise<void> {
  const door = new EmployeeSignIn(house)
  // A count that cannot be written is no reason for the server not to end.
  app.addHook('onClose', () => door.refused.write().catch(() => {}))
  for (const room of ['work', 'office'] as const) {
    app.post(
      `/${room}/sessions`,
      {
        config: { room: 'public', entry: 'session' },
        schema: { body, response: { 201: sessionSchema } },
      },
      async (request, reply) => {
        const { email, ...proofs } = request.body
        const { employee, session } = await door.signIn(room, { email: email.trim(), ...proofs }, request.ip)
        setSessionCookie(reply, house, room, session)
        return reply.status(201).send({ employee, until: session.until.toISOString() })
      },
    )
    app.get(
      `/${room}/sessions/current`,
      {
        config: { room, entry: 'none: one’s own work name' },
        schema: { response: { 200: sessionSchema } },
      },
      async request => {
        const { subject, until } = sessionOf(request)
        const employee = shownEmployee(await getEmployee(house.database, subject))
        return { employee, until: until.toISOString() }
      },
    )
  }
}
