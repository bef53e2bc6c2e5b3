import * as z from 'zod'
import { emailRule } from '../collection/field.ts'
import { languageSchema } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { countSteps } from '../core/stopwatch.ts'
import { requestCode } from './code-request.ts'

/**
 * Every answer comes after so many milliseconds or a multiple of them. A customer's code and a stranger's differ by a
 * few inserted rows; with a step well above the time of both, the time of the answer tells nobody which it was.
 */
const step = 120

export async function codeRequestRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/codes',
    {
      config: { room: 'public', entry: 'code', rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        body: z.strictObject({ email: emailRule, language: languageSchema }),
        response: { 202: z.object({ id: z.uuid(), until: z.iso.datetime() }) },
      },
    },
    async (request, reply) => {
      const nextStep = countSteps(house.stopwatch, step)
      try {
        const { id, until } = await requestCode(house, request.body)
        reply.code(202)
        return { id, until: until.toISOString() }
      } finally {
        await nextStep()
      }
    },
  )
}
