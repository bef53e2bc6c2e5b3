import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { currentAgeRule, leastAgeSchema } from './age-rule.ts'
import { getNotice, languageSchema, noticeSchema } from './notice.ts'
import { saysNo } from './privacy-signal.ts'

export async function noticeRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/notice',
    {
      config: { room: 'public', entry: 'none: the same text for everyone' },
      schema: {
        querystring: z.strictObject({ language: languageSchema.default('en') }),
        // `signal`: this request says no to advertising (Global Privacy Control). Of who sent it nothing is kept.
        // `least_age`: from which age somebody agrees for themselves.
        response: { 200: noticeSchema.extend({ signal: z.boolean(), least_age: leastAgeSchema }) },
      },
    },
    async request => ({
      ...(await getNotice(house.database, request.query.language)),
      signal: saysNo(request),
      least_age: (await currentAgeRule(house.database)).least,
    }),
  )
}
