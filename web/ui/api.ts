import createClient from 'openapi-fetch'
import type { paths } from '../api-types.ts'
import { type Fault, Problem } from './problem.ts'

export { asProblem, type Fault, Problem } from './problem.ts'

/** The typed client of our own server. Cookies go along because it is the same origin; nothing else does. */
export const api = createClient<paths>({ baseUrl: '' })

type Method = 'get' | 'post' | 'delete'
type Success = 200 | 201 | 202
type JsonOf<R> = R extends { content: { 'application/json': infer T } } ? T : never

/** What a route answers when it says yes: `Reply<'/api/v1/company'>`, `Reply<'/api/v1/portal/codes', 'post'>`. */
export type Reply<P extends keyof paths, M extends Method = 'get'> = paths[P] extends {
  [K in M]: { responses: infer R }
}
  ? JsonOf<R[keyof R & Success]>
  : never

/** One line of a list. */
export type ItemOf<P extends keyof paths> = Reply<P> extends { items: (infer T)[] } ? T : never

/** Turns an answer into its data, or throws the `Problem` it tells of. */
export async function answer<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let result: Awaited<typeof call>
  try {
    result = await call
  } catch {
    throw new Problem('unreachable', 0)
  }
  if (result.response.ok) return result.data as T
  throw problemOf(result.error, result.response.status)
}

function problemOf(body: unknown, status: number): Problem {
  if (typeof body !== 'object' || body === null)
    return new Problem(status >= 500 ? 'unavailable' : 'internal', status)
  const { code, errors, detail } = body as { code?: unknown; errors?: unknown; detail?: unknown }
  return new Problem(
    typeof code === 'string' ? code : 'internal',
    status,
    Array.isArray(errors) ? (errors as Fault[]) : [],
    typeof detail === 'object' && detail !== null ? (detail as Record<string, unknown>) : {},
  )
}
