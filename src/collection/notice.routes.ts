import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { getNotice, languageSchema, noticeSchema } from './notice.ts'

export async function noticeRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/notice',
    {
      config: { room: 'public', entry: 'none: the same text for everyone' },
      schema: {
        querystring: z.strictObject({ language: languageSchema.default('en') }),
        response: { 200: noticeSchema },
      },
    },
    request => getNotice(house.database, request.query.language),
  )
}
