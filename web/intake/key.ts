import { Problem } from '../ui/problem.ts'
import { asClosed, type ToldKey } from '../ui/sealing.ts'

/**
 * The keeper's key, asked for by this page itself: a key that the page around it handed over would be sealed to whoever
 * had made it. No cookie goes along. Throws `intake_closed` where there is none to be had.
 */
export async function findKey(): Promise<ToldKey> {
  const { origin } = new URL(location.href)
  let reply: Response
  try {
    reply = await fetch(`${origin}/api/v1/intake-key`, { credentials: 'omit', cache: 'no-store' })
  } catch {
    throw asClosed(new Problem('unreachable', 0))
  }
  if (!reply.ok) throw asClosed(new Problem(await codeOf(reply), reply.status))
  return (await reply.json()) as ToldKey
}

async function codeOf(reply: Response): Promise<string> {
  const body: unknown = await reply.json().catch(() => null)
  const code = (body as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'internal'
}
