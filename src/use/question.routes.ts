import * as z from 'zod'
import { textRule } from '../collection/field.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { askQuestion, readQuestions } from './question.ts'

/** What a customer may ask about. */
const askedTypes = ['delivery_question', 'invoice_question', 'payment_problem', 'care_request'] as const

const time = z.iso.datetime()

/** What a customer asks, and what has become of it. */
export async function questionRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/questions',
    {
      config: { room: 'portal', entry: 'question' },
      schema: {
        body: z.strictObject({ type: z.enum(askedTypes), text: textRule }),
        response: { 201: z.object({ id: z.uuid(), at: time }) },
      },
    },
    async (request, reply) => {
      const { type, text } = request.body
      const { id, at } = await askQuestion(house, sessionOf(request), type, text)
      reply.code(201)
      return { id, at: at.toISOString() }
    },
  )

  app.get(
    '/portal/questions',
    {
      config: { room: 'portal', entry: 'reading' },
      schema: {
        response: {
          200: z.object({
            items: z.array(
              z.object({
                id: z.uuid(),
                type: z.string(),
                text: z.string().nullable(),
                at: time,
                state: z.enum(['open', 'taken', 'closed']),
              }),
            ),
          }),
        },
      },
    },
    async request => ({ items: await readQuestions(house, sessionOf(request)) }),
  )
}
