import * as z from 'zod'
import { emailRule, nameRule } from '../collection/field.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { newCredentialsShape } from '../identity/credentials.ts'
import { employeeSchema, languageOfEmployee } from '../identity/employee-schema.ts'
import { setSessionCookie } from '../identity/session.ts'
import { openCompany } from './opening.ts'

/** The first start: whoever holds the printed token names the company and becomes its first officer. */
export async function openingRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/setup',
    {
      config: { room: 'public', entry: 'setup', beforeOpening: true },
      schema: {
        body: z.strictObject({
          token: z.string().max(100),
          organisation: nameRule,
          name: nameRule,
          email: emailRule,
          language: languageOfEmployee,
          ...newCredentialsShape,
        }),
        response: { 201: z.object({ employee: employeeSchema }) },
      },
    },
    async (request, reply) => {
      const { employee, room, session } = await openCompany(house, request.body)
      setSessionCookie(reply, house, room, session)
      return reply.status(201).send({ employee })
    },
  )
}
