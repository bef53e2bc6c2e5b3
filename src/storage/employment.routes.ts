import * as z from 'zod'
import { emailRule, nameRule } from '../collection/field.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { newCredentialsShape } from '../identity/credentials.ts'
import { listEmployees } from '../identity/employee.ts'
import { employeeSchema, languageOfEmployee, roleSchema } from '../identity/employee-schema.ts'
import { getInvited } from '../identity/invitation.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { sessionOf, setSessionCookie } from '../identity/session.ts'
import { acceptInvitation, type Invited, inviteAgain, inviteEmployee } from './employment.ts'

const token = z.string().max(100)
const invitedSchema = z.object({
  employee: employeeSchema,
  invitation: z.object({ token: z.string(), until: z.iso.datetime() }),
})

const shownInvited = ({ employee, invitation }: Invited) => ({
  employee,
  invitation: { token: invitation.token, until: invitation.until.toISOString() },
})

/** How somebody begins to work here: invited by an officer, accepted by themselves. */
export async function employmentRoutes(app: App, house: House): Promise<void> {
  employeeRoutes(app, house)
  invitationRoutes(app, house)
}

function employeeRoutes(app: App, house: House): void {
  const state = z.enum(['invited', 'active', 'ended'])
  app.get(
    '/office/employees',
    {
      config: { room: 'office', entry: 'none: work names, which the log maps to pseudonyms' },
      schema: { response: { 200: z.object({ items: z.array(employeeSchema.extend({ state })) }) } },
    },
    async () => ({ items: await listEmployees(house.database) }),
  )
  app.post(
    '/office/employees',
    {
      config: { room: 'office', entry: 'employee.invited' },
      schema: {
        body: z.strictObject({
          name: nameRule,
          email: emailRule,
          role: roleSchema,
          language: languageOfEmployee,
        }),
        response: { 201: invitedSchema },
      },
    },
    async (request, reply) => {
      const invited = await inviteEmployee(house, sessionOf(request).actor, request.body)
      return reply.status(201).send(shownInvited(invited))
    },
  )
  app.post(
    '/office/employees/:id/invitations',
    {
      config: { room: 'office', entry: 'employee.invited' },
      schema: {
        params: z.object({ id: z.uuid() }),
        body: z.strictObject({}),
        response: { 201: invitedSchema },
      },
    },
    async (request, reply) => {
      const invited = await inviteAgain(house, sessionOf(request).actor, request.params.id)
      return reply.status(201).send(shownInvited(invited))
    },
  )
}

function invitationRoutes(app: App, house: House): void {
  app.post(
    '/invitation-views',
    {
      config: { room: 'public', entry: 'none: the invited person reads their own invitation' },
      schema: {
        body: z.strictObject({ token }),
        response: {
          200: z.object({
            organisation: z.string(),
            name: z.string(),
            role: roleSchema,
            language: languageOfEmployee,
          }),
        },
      },
    },
    async request => {
      const { name, role, language } = await getInvited(house.database, house.clock.now(), request.body.token)
      const organisation = await requireOrganisation(house.database)
      return { organisation: organisation.name, name, role, language }
    },
  )
  app.post(
    '/invitation-acceptances',
    {
      config: { room: 'public', entry: 'employee.accepted' },
      schema: {
        body: z.strictObject({ token, ...newCredentialsShape }),
        response: { 201: z.object({ employee: employeeSchema, room: z.enum(['work', 'office']) }) },
      },
    },
    async (request, reply) => {
      const { employee, room, session } = await acceptInvitation(house, request.body)
      setSessionCookie(reply, house, room, session)
      return reply.status(201).send({ employee, room: room === 'office' ? 'office' : 'work' })
    },
  )
}
