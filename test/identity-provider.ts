import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Provider } from '../src/core/provider-choice.ts'

/** What the provider says of whoever signs in there, by the name they sign in with. */
export type Accounts = Record<string, Record<string, unknown>>

interface OidcProvider {
  callback(): Parameters<typeof createServer>[1]
  on(event: string, heard: (context: unknown, error: Error) => void): void
}

/** A real OpenID Connect provider (the library `oidc-provider`) on this machine, with its own development pages. */
export async function startIdentityProvider(accounts: Accounts, redirect: string) {
  // Its types are not part of the package.
  const { default: OidcServer } = (await import('oidc-provider' as string)) as {
    default: new (issuer: string, configuration: object) => OidcProvider
  }
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const provider = new OidcServer(issuer, {
    clients: [
      {
        ...{ client_id: 'custode', client_secret: 'a secret of the tests alone' },
        ...{ redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'] },
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'birthdate', 'email', 'email_verified'] },
    conformIdTokenClaims: false,
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...accounts[id] }),
    }),
    cookies: { keys: ['keys of the tests alone'] },
  })
  server.on('request', provider.callback()!)
  const choice: Provider = {
    ...{ issuer, client: 'custode', secret: 'a secret of the tests alone', level: 2 },
    claims: { name: 'name', birthdate: 'birth_date', email: 'email' },
  }
  return {
    choice,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Signs in there as a browser does, and answers with where it is sent back to. */
export async function signInThere(url: string, login: string): Promise<URL> {
  const cookies = new Map<string, string>()
  const { origin } = new URL(url)
  const go = async (address: string, form?: Record<string, string>): Promise<Response> => {
    const response = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      if (value === '') cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return response
  }
  let response = await go(url)
  for (let step = 0; step < 20; step++) {
    const to = response.headers.get('location')
    if (to !== null) {
      const next = new URL(to, origin)
      if (next.origin !== origin) return next
      response = await go(next.href)
      continue
    }
    const page = await response.text()
    const action = /action="([^"]+)"/.exec(page)?.[1]
    if (action === undefined)
      throw new Error(`the provider showed a page without a form (${response.status})`)
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login'
    const form: Record<string, string> = prompt === 'login' ? { prompt, login, password: 'any' } : { prompt }
    response = await go(new URL(action, origin).href, form)
  }
  throw new Error('the provider never sent us back')
}
