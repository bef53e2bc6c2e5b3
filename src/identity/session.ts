import { createHmac } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Queryable, Tx } from '../core/database.ts'
import { requireDeclared } from '../core/entry-kinds.ts'
import type { House } from '../core/house.ts'
import { type App, cookieOf, type Room } from '../core/http.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { ProofWay, SessionProof } from './session-proof.ts'

export type SessionRoom = Exclude<Room, 'public'>

export interface Session {
  id: string
  room: SessionRoom
  subject: string
  kind: 'customer' | 'applicant' | 'employee'
  alias: string
  trail: number
  /** Of an employee; null otherwise. */
  role: 'employee' | 'officer' | null
  /** The name the log knows the actor by: `st_7`, `customer`, `guardian` or `applicant`. */
  actor: string
  until: Date
  /** It is not the customer's own but their guardian's, who acts for them. */
  guardian: boolean
  /** What its person has last shown in it; null where nothing is known of it. */
  proof: SessionProof | null
  /** The opaque cookie itself. Lives in the request only; PostgreSQL holds its hash. */
  token: string
}

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null
  }
}

const hours: Record<SessionRoom, number> = { portal: 1, work: 10, office: 4 }

/** The secret of a grant taken inside a session: never stored, gone with the cookie (DESIGN 4.4). */
export const grantSecret = (token: string, grant: string): string =>
  createHmac('sha256', token).update(grant).digest('base64url')

/**
 * Begins a session and returns its token, which only the cookie may carry. `proof` is what let the person in: without
 * one, no act that needs a fresh proof is allowed until they give it. A guardian's is good as long as they answer for the child.
 */
export async function makeSession(
  tx: Tx,
  house: House,
  room: SessionRoom,
  subject: string,
  proof: SessionProof | null = null,
  { guardian = false } = {},
): Promise<{ id: string; token: string; until: Date }> {
  const token = newToken()
  const id = newId()
  const now = house.clock.now()
  const until = new Date(now.getTime() + hours[room] * 3_600_000)
  await tx.query(
    `insert into session (id, hash, room, subject, made_at, until, proved_at, proved_by, guardian)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, sha256(token), room, subject, now, until, proof?.at ?? null, proof?.by ?? null, guardian],
  )
  return { id, token, until }
}

export function setSessionCookie(
  reply: FastifyReply,
  house: House,
  room: SessionRoom,
  session: { token: string; until: Date },
): void {
  void reply.setCookie(cookieOf(room), session.token, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: house.publicUrl.startsWith('https:'),
    maxAge: hours[room] * 3600,
  })
}

export function clearSessionCookie(reply: FastifyReply, room: SessionRoom): void {
  void reply.clearCookie(cookieOf(room), { path: '/' })
}

interface Row {
  id: string
  subject: string
  kind: Session['kind'] | 'resting' | 'former'
  alias: string
  trail: number
  role: Session['role']
  pseudonym: string | null
  until: Date
  guardian: boolean
  proved_at: Date | null
  proved_by: ProofWay | null
}

/** The live session that a token opens in a room, or null. Somebody who has left has none, and a record that rests has none. */
export async function findSession(
  database: Queryable,
  now: Date,
  room: SessionRoom,
  token: string,
): Promise<Session | null> {
  const row = await database.maybe<Row>(
    `select n.id, n.subject, s.kind, s.alias, s.trail, e.role, e.pseudonym, n.until,
            n.guardian, n.proved_at, n.proved_by
       from session n join subject s on s.id = n.subject left join employee e on e.id = n.subject
      where n.hash = $1 and n.room = $2 and n.ended_at is null and n.until > $3 and e.ended_at is null
        and (not n.guardian
          or exists (select 1 from guardianship g where g.subject = n.subject and g.of_age_at is null))`,
    [sha256(token), room, now],
  )
  if (row === null || row.kind === 'former' || row.kind === 'resting') return null
  const { pseudonym, kind, proved_at: at, proved_by: by, ...rest } = row
  const proof = at === null || by === null ? null : { at, by }
  return { ...rest, kind, room, token, proof, actor: pseudonym ?? (rest.guardian ? 'guardian' : kind) }
}

/** The session's row held against a sign-out until the transaction ends. Refuses `unauthenticated` where it has ended. */
export async function requireLive(tx: Tx, { id }: Pick<Session, 'id'>): Promise<void> {
  const live = await tx.maybe('select 1 from session where id = $1 and ended_at is null for share', [id])
  if (live === null) throw new Refusal('unauthenticated', { why: 'the session has ended' })
}

/**
 * Puts a guard before every route: who is not signed in where the route lies is refused as `unauthenticated`, who is
 * somebody else than it is for as `wrong_role`. A route that declares no room cannot be registered.
 */
export function guardRooms(app: App, house: House): void {
  app.decorateRequest('session', null)
  app.addHook('onRoute', route => {
    if (!route.url.startsWith('/api/')) return
    const name = `${route.method} ${route.url}`
    if (route.config?.room === undefined) throw new Error(`${name} declares no room`)
    requireDeclared(name, route.config.entry)
  })
  app.addHook('onRequest', async request => {
    const { room, who } = request.routeOptions.config
    if (room === undefined || room === 'public') return
    const token = request.cookies[cookieOf(room)]
    const session =
      token === undefined ? null : await findSession(house.database, house.clock.now(), room, token)
    if (session === null) throw new Refusal('unauthenticated')
    if (!mayEnter(session, room, who)) throw new Refusal('wrong_role')
    request.session = session
  })
}

function mayEnter(
  session: Session,
  room: Room,
  who: 'customer' | 'applicant' | 'either' | undefined,
): boolean {
  if (room === 'office') return session.role === 'officer'
  if (room === 'work') return session.kind === 'employee'
  if (who === 'either') return session.kind !== 'employee'
  return session.kind === (who ?? 'customer')
}

/** The session the guard has let in. */
export function sessionOf(request: FastifyRequest): Session {
  if (request.session === null) throw new Refusal('unauthenticated')
  return request.session
}
