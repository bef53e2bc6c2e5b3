import { readFile } from 'node:fs/promises'
import * as z from 'zod'

const text = z.string().trim().min(1)

/** An outside OpenID Connect provider that knows who people are, and what its word is worth here. */
export interface ProviderChoice {
  /** The issuer, as it names itself. */
  issuer: string
  client: string
  /** File with the client's secret in its one line. */
  secretFile: string
  /** Field by claim of the id token. */
  claims: Record<string, string>
  /** What level of identity it proves. */
  level: 2 | 3
}

/** The same with its secret, as the server is handed it: the server itself may read no such file. */
export type Provider = Omit<ProviderChoice, 'secretFile'> & { secret: string }

/** With the secret from its file; null where that cannot be read or is empty. */
export async function withSecret({ secretFile, ...choice }: ProviderChoice): Promise<Provider | null> {
  const secret = (await readFile(secretFile, 'utf8').catch(() => '')).trim()
  return secret === '' ? null : { ...choice, secret }
}

/** Reads `claim=field` pairs with commas between; null where one is none, or a field is named twice. */
function readClaims(text: string): Record<string, string> | null {
  const pairs = text.split(',').map(pair => /^\s*([a-zA-Z0-9_]{1,60})=([a-z0-9_]{1,60})\s*$/.exec(pair))
  if (pairs.some(pair => pair === null)) return null
  const claims = Object.fromEntries(pairs.map(pair => [pair![1]!, pair![2]!]))
  const fields = Object.values(claims)
  return new Set(fields).size === pairs.length && fields.includes('name') ? claims : null
}

/** The settings of it, as lines of the configuration. */
export const providerSettings = {
  CUSTODE_OIDC_ISSUER: {
    schema: text
      .refine(
        given =>
          URL.parse(given)?.protocol === 'https:' ||
          /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/.test(given),
        'must be an https:// address',
      )
      .optional(),
    about: 'an OpenID Connect provider at which customers can prove who they are',
    unset: 'nobody is asked',
  },
  CUSTODE_OIDC_CLIENT: { schema: text.optional(), about: 'our client id there', unset: 'not used' },
  CUSTODE_OIDC_SECRET_FILE: {
    schema: text.optional(),
    about: 'file with our client secret there in its one line',
    unset: 'not used',
  },
  CUSTODE_OIDC_CLAIMS: {
    schema: text
      .default('name=name,birthdate=birth_date')
      .transform(given => readClaims(given))
      .refine(claims => claims !== null, 'must be a list of CLAIM=FIELD with commas, one for the field name'),
    about: 'which claim of its id token says which field, as CLAIM=FIELD with commas',
    unset: 'name=name,birthdate=birth_date',
  },
  CUSTODE_OIDC_LEVEL: {
    schema: z
      .enum(['2', '3'], 'must be 2 or 3')
      .default('2')
      .transform(given => (given === '3' ? 3 : 2)),
    about: 'what level of identity its word proves: 3 for one that is as strong as a wallet',
    unset: '2',
  },
} as const
