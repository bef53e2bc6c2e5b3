import * as z from 'zod'
import { requireAct } from '../collection/act.ts'
import { listLiveConsents } from '../collection/consent.ts'
import { findMerge, type Merge, restsByMerge } from '../collection/merge.ts'
import { purposeSchema } from '../collection/purpose.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { clearSessionCookie, sessionOf } from '../identity/session.ts'
import { takenFields, takeOver } from './merge-value.ts'
import { makeMergeWord } from './merge-word.ts'
import { merge, undoMerge } from './merging.ts'

const time = z.iso.datetime()
const seldom = { max: 60, timeWindow: '1 minute' }

const shown = z.object({
  at: time,
  until: time,
  /** Fields of which the value of the record that rests counts. */
  taken: z.array(z.string()),
  /** What was agreed to in this record and not in the other: it is not used as long as the two are one. */
  resting_purposes: z.array(purposeSchema),
})

/** A customer makes the two records they have one, and two again. */
export async function mergeRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/duplicates/:id/merge-words',
    {
      config: { room: 'portal', entry: 'merge.word', rateLimit: seldom },
      schema: {
        params: z.object({ id: z.uuid() }),
        body: z.strictObject({}),
        response: { 201: z.object({ word: z.string(), until: time }) },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'merge')
      const { word, until } = await makeMergeWord(house, session, request.params.id)
      reply.code(201)
      return { word, until: until.toISOString() }
    },
  )

  app.post(
    '/portal/duplicates/:id/merges',
    {
      config: { room: 'portal', entry: 'merge', rateLimit: seldom },
      schema: {
        params: z.object({ id: z.uuid() }),
        body: z.strictObject({ word: z.string().min(12).max(40) }),
        // `link`: for the page that says how the other record was destroyed, once it is.
        response: { 201: z.object({ at: time, until: time, link: z.string() }) },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'merge')
      const { at, until, link } = await merge(house, session, request.params.id, request.body.word)
      reply.code(201)
      return { at: at.toISOString(), until: until.toISOString(), link }
    },
  )

  app.get(
    '/portal/merge',
    {
      config: { room: 'portal', entry: 'none: what was merged, and no value' },
      schema: { response: { 200: z.object({ merge: shown.nullable() }) } },
    },
    async request => {
      const two = await findMerge(house.database, sessionOf(request).subject)
      return { merge: two === null ? null : await show(house, two) }
    },
  )

  app.post(
    '/portal/merge/values',
    {
      config: { room: 'portal', entry: 'merge.value', rateLimit: seldom },
      schema: {
        body: z.strictObject({ fields: z.array(z.string().max(60)).min(1).max(60) }),
        response: { 201: z.object({ taken: z.array(z.string()) }) },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'merge')
      const taken = await takeOver(house, session, request.body.fields)
      reply.code(201)
      return { taken }
    },
  )

  app.post(
    '/portal/merge/undoings',
    {
      config: { room: 'portal', entry: 'merge.undo', rateLimit: seldom },
      schema: { body: z.strictObject({}), response: { 201: z.object({ at: time }) } },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'undo_merge')
      const at = await undoMerge(house, session)
      clearSessionCookie(reply, 'portal')
      reply.code(201)
      return { at: at.toISOString() }
    },
  )
}

async function show(house: House, two: Merge): Promise<z.input<typeof shown>> {
  const live = await listLiveConsents(house.database, two.stays)
  const rests = await Promise.all(live.map(consent => restsByMerge(house.database, consent)))
  return {
    ...{ at: two.at.toISOString(), until: two.until.toISOString() },
    taken: await takenFields(house.database, two.id),
    resting_purposes: live.filter((_, at) => rests[at]).map(consent => consent.purpose),
  }
}
