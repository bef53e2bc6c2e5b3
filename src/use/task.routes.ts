import * as z from 'zod'
import { cursorOf, pageOf, pageQuery } from '../core/cursor.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { Refusal } from '../core/refusal.ts'
import { type Session, sessionOf } from '../identity/session.ts'
import { readPair } from './pair-reading.ts'
import { ruleSchema } from './policy.routes.ts'
import { findRules } from './policy-version.ts'
import { provenanceSchema } from './provenance.ts'
import { closeTask, getMyTask, listClosedTasks, listMyTasks, listOpenTasks, takeTask } from './task.ts'
import { namesOf, readTask } from './task-reading.ts'
import { neededBy, outcomes, taskTypes } from './task-type.ts'

const time = z.iso.datetime()
const params = z.object({ id: z.uuid() })

const listed = z.object({
  id: z.uuid(),
  type: z.string(),
  alias: z.string(),
  state: z.enum(['open', 'taken', 'closed']),
  made_at: time,
  due_at: time,
  mine: z.boolean(),
  name: z.string().nullable(),
  /** How it ended, once it is closed. */
  outcome: z.enum(outcomes).nullable(),
})
type Listed = z.infer<typeof listed>

const seenValue = provenanceSchema.extend({
  value: z.unknown(),
  source: z.string(),
  at: time,
})

const iso = ({ made_at, due_at }: { made_at: Date; due_at: Date }) => ({
  made_at: made_at.toISOString(),
  due_at: due_at.toISOString(),
})

/** The employees' room: tasks, never a list of customers. */
export async function taskRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/work/task-types',
    {
      config: { room: 'work', entry: 'none: about the work, not about anybody' },
      schema: {
        response: {
          200: z.object({
            items: z.array(
              z.object({
                code: z.string(),
                purpose: z.string(),
                fields: z.array(z.string()),
                minutes: z.int(),
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      items: Object.values(taskTypes).map(type => ({
        ...{ code: type.code, purpose: type.purpose, fields: neededBy(type), minutes: type.minutes },
      })),
    }),
  )

  app.get(
    '/work/tasks',
    {
      config: { room: 'work', entry: 'reading' },
      schema: {
        querystring: z.strictObject({
          state: z.enum(['open', 'mine', 'closed']).default('open'),
          ...pageQuery,
        }),
        response: { 200: z.object({ items: z.array(listed), next: z.string().nullable() }) },
      },
    },
    async request => {
      const { state, after, limit } = request.query
      return list(house, sessionOf(request), state, { after: cursorOf(after), limit })
    },
  )

  app.post(
    '/work/tasks/:id/grants',
    {
      config: { room: 'work', entry: 'grant' },
      schema: {
        params,
        body: z.strictObject({}),
        response: {
          201: z.object({
            id: z.uuid(),
            task: z.uuid(),
            until: time,
            purpose: z.string(),
            fields: z.array(z.string()),
            why: z.object({ policies: z.array(z.string()), task_type: z.string() }),
          }),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { grant, type, policies } = await takeTask(house, sessionOf(request), id)
      reply.code(201)
      return {
        ...{ id: grant.id, task: id, until: grant.until.toISOString(), purpose: grant.purpose },
        ...{ fields: [...grant.fields], why: { policies, task_type: type.code } },
      }
    },
  )

  app.get(
    '/work/tasks/:id',
    {
      config: { room: 'work', entry: 'none: no value of the customer' },
      schema: {
        params,
        response: {
          200: z.object({
            ...{ id: z.uuid(), type: z.string(), alias: z.string(), state: z.literal('taken') },
            ...{ made_at: time, due_at: time, purpose: z.string(), fields: z.array(z.string()) },
            /** How whoever has it may say that it ended. */
            outcomes: z.array(z.enum(outcomes)),
            caller: z.enum(['proven', 'unproven']).nullable(),
            grant: z.object({ id: z.uuid(), until: time, policies: z.array(ruleSchema) }).nullable(),
          }),
        },
      },
    },
    async request => {
      const task = await getMyTask(house.database, sessionOf(request), request.params.id)
      const { id, type, alias, caller, grant } = task
      return {
        ...{
          id,
          type: type.code,
          alias,
          state: 'taken' as const,
          ...iso(task),
          purpose: type.purpose,
          caller,
        },
        fields: [...(grant?.fields ?? neededBy(type))],
        outcomes: [...type.outcomes],
        grant:
          grant === null
            ? null
            : {
                ...{ id: grant.id, until: grant.until.toISOString() },
                policies: await findRules(house.database, grant.policy, grant.policies),
              },
      }
    },
  )

  app.get(
    '/work/tasks/:id/customer',
    {
      config: { room: 'work', entry: 'reading' },
      schema: {
        params,
        querystring: z.strictObject({ fields: z.string().max(400).optional() }),
        response: { 200: z.object({ values: z.record(z.string(), seenValue), until: time }) },
      },
    },
    async request => {
      const asked = await askedFields(house, request.query.fields)
      const reading = await readTask(house, sessionOf(request), request.params.id, asked)
      return { values: reading.values, until: reading.until.toISOString() }
    },
  )

  app.get(
    '/work/tasks/:id/pair',
    {
      config: { room: 'work', entry: 'reading' },
      schema: {
        params,
        response: {
          200: z.object({
            people: z.array(z.object({ alias: z.string(), values: z.record(z.string(), seenValue) })),
            until: time,
          }),
        },
      },
    },
    async request => {
      const { people, until } = await readPair(house, sessionOf(request), request.params.id)
      return { people, until: until.toISOString() }
    },
  )

  app.post(
    '/work/tasks/:id/closures',
    {
      config: { room: 'work', entry: 'task.closure' },
      schema: {
        params,
        body: z.strictObject({ outcome: z.enum(outcomes) }),
        response: { 201: z.object({ at: time }) },
      },
    },
    async (request, reply) => {
      const at = await closeTask(house, sessionOf(request), request.params.id, request.body.outcome)
      reply.code(201)
      return { at: at.toISOString() }
    },
  )
}

async function list(
  house: House,
  session: Session,
  state: 'open' | 'mine' | 'closed',
  page: { after: ReturnType<typeof cursorOf>; limit: number },
): Promise<{ items: Listed[]; next: string | null }> {
  if (state === 'open') {
    const { rows, next } = pageOf(await listOpenTasks(house.database, page), page.limit, row => row.due_at)
    const items = rows.map(row => ({
      ...row,
      ...iso(row),
      state: 'open' as const,
      mine: false,
      name: null,
      outcome: null,
    }))
    return { items, next }
  }
  if (state === 'closed') {
    const closed = await listClosedTasks(house.database, house, session, page)
    const { rows, next } = pageOf(closed, page.limit, row => row.closed_at)
    const items = rows.map(({ closed_at: _at, ...row }) => ({
      ...{ ...row, ...iso(row), state: 'closed' as const, mine: true, name: null },
    }))
    return { items, next }
  }
  const { rows, next } = pageOf(
    await listMyTasks(house.database, session, page),
    page.limit,
    row => row.due_at,
  )
  const names = await namesOf(house, session, rows)
  const items = rows.map(row => ({
    ...{ id: row.id, type: row.type.code, alias: row.alias, state: 'taken' as const, ...iso(row) },
    ...{ mine: true, name: names.get(row.id) ?? null, outcome: null },
  }))
  return { items, next }
}

/** `?fields=name,phone`; null: all that the task opens. A word that names no field is refused as `invalid`. */
async function askedFields(house: House, text: string | undefined): Promise<string[] | null> {
  if (text === undefined) return null
  const codes = [...new Set(text.split(','))]
  const known = await house.database.query('select 1 from field where code = any ($1)', [codes])
  if (known.length < codes.length)
    throw new Refusal('invalid', { fields: [{ field: 'fields', code: 'unknown' }] })
  return codes
}
