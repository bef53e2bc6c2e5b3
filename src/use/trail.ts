import * as z from 'zod'
import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { EntryBody, TrailEntry } from '../keeper/client.ts'
import type { Key } from './reading.ts'

/** An entry as a person reads it. */
export const shownEntrySchema = z.object({
  index: z.int(),
  time: z.iso.datetime(),
  kind: z.string(),
  actor: z.object({
    role: z.enum(['you', 'guardian', 'employee', 'officer', 'system']),
    name: z.string().nullable(),
  }),
  fields: z.array(z.string()),
  purpose: z.string().nullable(),
  task: z.object({ id: z.uuid(), type: z.string().nullable() }).nullable(),
  result: z.string(),
})
export type ShownEntry = z.infer<typeof shownEntrySchema>

/**
 * Every entry of one trail after the index `from`, or all, oldest first. The reading is itself an entry of that trail.
 * Throws the keeper's refusals.
 */
export async function readTrail(
  house: House,
  key: Key,
  trailSlot: number,
  from?: number,
): Promise<TrailEntry[]> {
  const entries: TrailEntry[] = []
  for (;;) {
    const after = entries.at(-1)?.index ?? from
    const page = await house.keeper.entries({
      ...{ grant: key.grant, secret: key.secret, trailSlot },
      ...(after === undefined ? {} : { after }),
    })
    entries.push(...page.entries)
    if (!page.more || page.entries.length === 0) return entries
  }
}

/** One page of a trail, the newest entry first: those before the index `after`. */
export function pageOfTrail(
  entries: readonly TrailEntry[],
  page: { after: number | undefined; limit: number },
): { entries: TrailEntry[]; next: string | null } {
  const older = entries.filter(entry => page.after === undefined || entry.index < page.after).reverse()
  const kept = older.slice(0, page.limit)
  return { entries: kept, next: older.length > page.limit ? String(kept.at(-1)!.index) : null }
}

/** How a page of a trail is asked for: `?after=` the `next` of the page before. */
export const trailQuery = {
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(50),
}

type Body = EntryBody & { time: string }

interface Actor {
  pseudonym: string
  name: string
  role: 'employee' | 'officer'
}

/**
 * Puts entries into what a person may read of them: the actor by role and work name, while the company still knows
 * whom the pseudonym names; `you` where the subject of the trail acted; the task by its type while it exists.
 */
export async function showEntries(
  database: Queryable,
  entries: readonly TrailEntry[],
): Promise<ShownEntry[]> {
  const bodies = entries.map(entry => ({ index: entry.index, body: JSON.parse(entry.body) as Body }))
  const actors = await actorsOf(database, [...new Set(bodies.map(({ body }) => body.actor))])
  const types = await typesOf(database, [...new Set(bodies.flatMap(({ body }) => body.task ?? []))])
  return bodies.map(({ index, body }) => ({
    ...{ index, time: body.time, kind: body.kind, actor: actorOf(body, actors) },
    ...{ fields: body.fields ?? [], purpose: body.purpose ?? null, result: body.result },
    task: body.task === undefined ? null : { id: body.task, type: types.get(body.task) ?? null },
  }))
}

function actorOf(body: Body, actors: Map<string, Actor>): ShownEntry['actor'] {
  if (body.actor === 'guardian') return { role: 'guardian', name: null }
  if (body.actor === 'customer' || body.actor === 'applicant') return { role: 'you', name: null }
  const known = actors.get(body.actor)
  if (known !== undefined) return { role: known.role, name: known.name }
  // A pseudonym that names nobody any more: the role alone is certain.
  return { role: body.actor.startsWith('st_') ? 'employee' : 'system', name: null }
}

async function actorsOf(database: Queryable, pseudonyms: string[]): Promise<Map<string, Actor>> {
  const rows = await database.query<Actor>(
    'select pseudonym, name, role from employee where pseudonym = any ($1)',
    [pseudonyms],
  )
  return new Map(rows.map(row => [row.pseudonym, row]))
}

async function typesOf(database: Queryable, tasks: string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ id: string; type: string }>(
    'select id, type from task where id = any ($1)',
    [tasks],
  )
  return new Map(rows.map(row => [row.id, row.type]))
}
