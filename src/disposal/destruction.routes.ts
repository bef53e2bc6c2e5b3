import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { noteOnly } from '../core/outbox.ts'
import { sessionOf } from '../identity/session.ts'
import type { LeftOut } from '../keeper/client.ts'
import {
  type Destruction,
  finalOf,
  getDestructionByLink,
  knownToday,
  listDestructions,
} from './destruction.ts'
import { checkLog } from './log-verification.ts'
import { roll } from './roll.ts'

const time = z.iso.datetime()

const evidence = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['destroyed', 'scheduled', 'left-out', 'stated']),
  at: time,
  method: z.string(),
  statement: z.string().optional(),
})

/** The honest times of a destruction, and who did it. */
export const destroyed = {
  t0: time,
  t1: time.nullable(),
  epoch: z.int().nullable(),
  custodians: z.array(evidence),
  t2: z
    .object({
      at: time.nullable(),
      waits: z.array(z.object({ id: z.string(), kind: z.string(), until: time.nullable() })),
    })
    .nullable(),
}
const seen = z.object({ ...destroyed, slots: z.int() })
const listed = z.object({ ...destroyed, act: z.uuid(), slots: z.array(z.int()) })

const sound = z.object({ ok: z.literal(true), size: z.int(), root: z.string() })
const damaged = z.object({ ok: z.literal(false), entry: z.int(), what: z.string() })

function shown(found: Destruction, leftOut: LeftOut[]) {
  const { t0, t1, epoch, custodians, ...rest } = knownToday(found, leftOut)
  const t2 = finalOf({ ...rest, t0, t1, epoch, custodians })
  return { ...{ t0: t0.toISOString(), t1: t1?.toISOString() ?? null, t2 }, epoch, custodians }
}

export async function destructionRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/destruction-views',
    {
      config: {
        ...{ room: 'public', entry: 'none: a destruction record names nobody' },
        rateLimit: { max: 60, timeWindow: '1 minute' },
      },
      schema: {
        body: z.strictObject({ link: z.string().min(1).max(200) }),
        response: { 200: seen },
      },
    },
    async request => {
      const found = await getDestructionByLink(house.database, request.body.link)
      const { leftOut } = await house.keeper.status()
      return { ...shown(found, leftOut), slots: found.slots.length }
    },
  )

  app.get(
    '/office/destructions',
    {
      config: { room: 'office', entry: 'none: destruction records name nobody' },
      schema: {
        querystring: z.strictObject({
          after: z.uuid().optional(),
          limit: z.coerce.number().int().min(1).max(50).default(50),
        }),
        response: { 200: z.object({ items: z.array(listed), next: z.uuid().nullable() }) },
      },
    },
    async request => {
      const { items, next } = await listDestructions(house.database, request.query)
      const { leftOut } = await house.keeper.status()
      return { items: items.map(one => ({ ...shown(one, leftOut), act: one.act, slots: one.slots })), next }
    },
  )

  app.post(
    '/office/rolls',
    {
      config: { room: 'office', entry: 'roll' },
      schema: {
        body: z.strictObject({}),
        response: { 201: z.object({ epoch: z.int(), t1: time.nullable(), slots: z.int() }) },
      },
    },
    async (request, reply) => {
      const { actor } = sessionOf(request)
      const { epoch, t1, slots } = await roll(house)
      await noteOnly(house, null, {
        kind: 'roll',
        actor,
        result: 'done',
        detail: { epoch, slots: slots.length },
      })
      reply.code(201)
      return { epoch, t1, slots: slots.length }
    },
  )

  app.post(
    '/office/log-verifications',
    {
      config: {
        ...{ room: 'office', entry: 'none: reads sealed entries and opens none' },
        rateLimit: { max: 10, timeWindow: '1 minute' },
      },
      schema: { body: z.strictObject({}), response: { 201: z.discriminatedUnion('ok', [sound, damaged]) } },
    },
    async (_request, reply) => {
      const verdict = await checkLog(house)
      reply.code(201)
      if (!verdict.ok) return { ok: false as const, entry: verdict.entry, what: verdict.what }
      return { ok: true as const, size: verdict.size, root: verdict.root }
    },
  )
}
