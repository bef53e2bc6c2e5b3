import { createHmac, hash } from 'node:crypto'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client'
import { judgeAnswers } from '../collection/answer.ts'
import { type CatalogueField, listCatalogue } from '../collection/catalogue.ts'
import { raiseLevel } from '../collection/customer.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import type { Provider } from '../core/provider-choice.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import type { Claim } from '../storage/record.ts'
import { type Heard, type Hearing, hearClaims } from './dispute.ts'

const minutes = 15

/** The host of the provider that this installation asks, or null. */
export const providerOf = ({ provider }: House): string | null =>
  provider == null ? null : new URL(provider.issuer).host

/** What the browser comes back to: a page that hands on what it was given and forgets it. */
const returnAddress = (house: House): string => `${house.publicUrl}/proved`

/** Derived from the session's token, which only its cookie holds: whoever has the database alone can finish nobody's check. */
const secretOf = ({ token }: Session, what: 'state' | 'nonce' | 'verifier', id: string): string =>
  createHmac('sha256', token).update(`oidc-${what}:${id}`).digest('base64url')

const stateOf = (session: Session, id: string): string => `${id}.${secretOf(session, 'state', id)}`

function requireProvider({ provider }: House): Provider {
  if (provider == null) throw new Refusal('not_found', { why: 'no provider is configured' })
  return provider
}

/** Asks the provider for its addresses and keys. Refuses `unavailable` where it does not answer. */
async function discover({ issuer, client, secret }: Provider): Promise<Configuration> {
  // Plain http is allowed by the configuration to this machine alone.
  const plain = issuer.startsWith('http:') ? [allowInsecureRequests] : []
  try {
    return await discovery(new URL(issuer), client, secret, undefined, {
      execute: [enableNonRepudiationChecks, ...plain],
      timeout: 10,
    })
  } catch {
    throw new Refusal('unavailable', { why: 'the provider does not answer' })
  }
}

/**
 * Begins a check at the provider: the address to which the customer's browser goes. The provider is told nothing of them.
 * Good once, for a quarter of an hour and in this session alone. Refuses `not_found` without a provider, `unavailable`.
 */
export async function beginProviderCheck(house: House, session: Session): Promise<string> {
  const configuration = await discover(requireProvider(house))
  const id = newId()
  const now = house.clock.now()
  await house.database.transaction(async tx => {
    await tx.query('delete from provider_check where subject = $1 and until <= $2', [session.subject, now])
    await tx.query(
      'insert into provider_check (id, subject, session, made_at, until) values ($1, $2, $3, $4, $5)',
      [id, session.subject, session.id, now, new Date(now.getTime() + minutes * 60_000)],
    )
  })
  return buildAuthorizationUrl(configuration, {
    ...{ redirect_uri: returnAddress(house), scope: 'openid profile', response_type: 'code' },
    ...{ code_challenge_method: 'S256' },
    code_challenge: hash('sha256', secretOf(session, 'verifier', id), 'base64url'),
    ...{ state: stateOf(session, id), nonce: secretOf(session, 'nonce', id) },
  }).href
}

/** What the browser brings back from the provider. */
export interface ProviderAnswer {
  code: string
  state: string
  iss?: string | undefined
}

/**
 * Takes what the provider says of the customer. What it says alike is verified by it; what it says otherwise is in doubt,
 * and nothing is overwritten; of the rest nothing is kept. The level rises where the name is the same and nothing is
 * otherwise. Refuses `unproven` alike for an answer that is not of this session, used, late, or that the provider does not
 * stand by.
 */
export async function endProviderCheck(
  house: House,
  session: Session,
  answer: ProviderAnswer,
): Promise<Heard> {
  const provider = requireProvider(house)
  const id = await takeCheck(house, session, answer.state)
  const said = await claimsOf(house, session, provider, id, answer)
  const { subject, actor } = session
  const claims = await understood(house, provider, said)
  if (claims.size === 0) throw new Refusal('unproven', { why: 'no claim that is understood' })
  const hearing: Hearing = {
    ...{ subject, actor, method: 'oidc' },
    follow: async (tx, heard) => {
      const proven = heard.agreed.includes('name') && heard.contradicted.length === 0
      if (proven) await raiseLevel(tx, subject, provider.level)
      return { provider: providerOf(house)!, check: id, level: proven ? provider.level : 0 }
    },
  }
  return hearClaims(house, hearing, claims)
}

/** Uses up the check that this state belongs to, before anybody is asked about its code. */
async function takeCheck(house: House, session: Session, state: string): Promise<string> {
  const id = /^[0-9a-f-]{36}(?=\.)/.exec(state)?.[0]
  if (id === undefined || state !== stateOf(session, id))
    throw new Refusal('unproven', { why: 'the state is not of this session' })
  const used = await house.database.maybe(
    `update provider_check set used_at = $3
      where id = $1 and session = $2 and used_at is null and until > $3 returning id`,
    [id, session.id, house.clock.now()],
  )
  if (used === null) throw new Refusal('unproven', { why: 'used or too old' })
  return id
}

async function claimsOf(
  house: House,
  session: Session,
  provider: Provider,
  id: string,
  { code, state, iss }: ProviderAnswer,
): Promise<Record<string, unknown>> {
  const configuration = await discover(provider)
  const back = new URL(returnAddress(house))
  back.search = new URLSearchParams({ code, state, ...(iss === undefined ? {} : { iss }) }).toString()
  try {
    const tokens = await authorizationCodeGrant(configuration, back, {
      pkceCodeVerifier: secretOf(session, 'verifier', id),
      expectedState: stateOf(session, id),
      expectedNonce: secretOf(session, 'nonce', id),
    })
    return { ...tokens.claims() }
  } catch {
    // The library's errors hold parts of what the provider said: nothing of them goes on.
    throw new Refusal('unproven', { why: 'the provider does not stand by it' })
  }
}

/** The claims as values of fields, each judged by its field's rule; what does not pass is as if it had not been said. */
async function understood(
  house: House,
  { claims }: Provider,
  said: Record<string, unknown>,
): Promise<Map<string, Claim>> {
  const at = house.clock.now().toISOString()
  const by = providerOf(house)!
  const catalogue = await listCatalogue(house.database)
  const heard = new Map<string, Claim>()
  for (const [name, code] of Object.entries(claims)) {
    if (name === 'email' && said.email_verified !== true) continue
    const field = catalogue.find(one => one.code === code && one.type !== null)
    const value = field === undefined ? null : judged(field, said[name], at)
    if (value === null) continue
    heard.set(code, { value, source: 'provider', at, by, verified: { method: 'oidc', at, by } })
  }
  return heard
}

function judged(field: CatalogueField, value: unknown, at: string): unknown {
  if (value === undefined) return null
  try {
    const asking = { fields: [{ ...field, required: false }], today: at.slice(0, 10) }
    return judgeAnswers(asking, { [field.code]: value })[field.code] ?? null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
