import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { type AgeRule, currentAgeRule, decideAge, leastAgeSchema } from './age-rule.ts'

const ruleSchema = z.object({
  version: z.int(),
  least: leastAgeSchema,
  decided_at: z.iso.datetime().nullable(),
})

const shown = ({ version, least, decided_at }: AgeRule) => ({
  ...{ version, least, decided_at: decided_at?.toISOString() ?? null },
})

/** From which age customers agree for themselves: read and decided by officers. */
export async function ageRuleRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/office/age',
    {
      config: { room: 'office', entry: 'none: a rule of the company, about nobody' },
      schema: { response: { 200: ruleSchema } },
    },
    async () => shown(await currentAgeRule(house.database)),
  )

  app.post(
    '/office/ages',
    {
      config: { room: 'office', entry: 'age' },
      schema: {
        body: z.strictObject({ after: z.int(), least: leastAgeSchema }),
        response: { 201: ruleSchema },
      },
    },
    async (request, reply) => {
      const decided = await decideAge(house, sessionOf(request), request.body)
      reply.code(201)
      return shown(decided)
    },
  )
}
