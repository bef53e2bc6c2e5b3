import { resolve } from 'node:path'
import * as z from 'zod'

/** A setting that cannot be used; `message` is one line that names it and says what it should be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const text = z.string().trim().min(1)
const port = text
  .refine(given => /^\d{1,5}$/.test(given) && isPort(Number(given)), 'must be a whole number from 1 to 65535')
  .transform(Number)
// PostgreSQL's own tools allow no host where `?host=/folder` names a socket; a URL needs one.
const postgresUrl = text
  .transform(given => given.replace(/^(postgres(?:ql)?:\/\/[^/]*@)(?=\/)/, '$1localhost'))
  .refine(isUrl(['postgres:', 'postgresql:']), 'must be a postgres:// URL')
  .refine(isDecodable, 'must be a postgres:// URL: write a % of the name of the database as %25')

/** Everything that can be set, from the environment alone: name, meaning, what it is when not set. */
const settings = {
  CUSTODE_DATA: {
    schema: text.optional(),
    about: 'folder of the embedded database and of what belongs to this installation',
    unset: './custode-data',
  },
  CUSTODE_KEEPER: {
    schema: text.optional(),
    about: 'folder of keys and log; on another disk than the data, and never restored from a backup',
    unset: './custode-keeper',
  },
  PORT: { schema: port.default(8080), about: 'port of the pages and the API', unset: '8080' },
  PUBLIC_URL: {
    schema: text
      .refine(isUrl(['https:', 'http:']), 'must be an address such as https://crm.example')
      .optional(),
    about: 'address that people type; https, ended by a proxy in front, opens the server to other hosts',
    unset: 'http://localhost:PORT',
  },
  DATABASE_URL: {
    schema: postgresUrl.optional(),
    about: 'an external PostgreSQL 15 or later: as the server’s role, or as one that may make the roles',
    unset: 'the embedded PostgreSQL',
  },
  DATABASE_WORKER_URL: {
    schema: postgresUrl.optional(),
    about: 'the same as custode_worker, when DATABASE_URL is the server’s role',
    unset: 'not used',
  },
  DATABASE_OWNER_URL: {
    schema: postgresUrl.optional(),
    about: 'the same as custode_owner: used by custode migrate alone',
    unset: 'not used',
  },
  SMTP_URL: {
    schema: text.refine(isUrl(['smtp:', 'smtps:']), 'must be an smtp:// or smtps:// URL').optional(),
    about: 'mail server for outgoing mail',
    unset: 'mail goes nowhere and is shown at /outbox',
  },
  MAIL_FROM: {
    schema: text.default('Custode <custode@localhost>'),
    about: 'sender of outgoing mail',
    unset: 'Custode <custode@localhost>',
  },
} as const

const secrets: readonly string[] = ['DATABASE_URL', 'DATABASE_WORKER_URL', 'DATABASE_OWNER_URL', 'SMTP_URL']

export interface Config {
  /** The sample company: folders of its own, one-click sign-in. */
  demo: boolean
  /** Absolute paths. */
  data: string
  keeper: string
  port: number
  /** Where the server listens: loopback, unless a proxy with TLS stands before it. */
  host: string
  /** Without a slash at the end. */
  publicUrl: string
  databaseUrl: string | null
  databaseWorkerUrl: string | null
  databaseOwnerUrl: string | null
  smtpUrl: string | null
  mailFrom: string
}

type Environment = Record<string, string | undefined>

/** Reads all configuration, or throws `ConfigError` for the first setting that cannot be used. */
export function readConfig(environment: Environment, options: { demo?: boolean } = {}): Config {
  const read = <Name extends keyof typeof settings>(
    name: Name,
  ): z.output<(typeof settings)[Name]['schema']> => {
    const given = environment[name] === '' ? undefined : environment[name]
    const result = settings[name].schema.safeParse(given)
    if (!result.success)
      throw new ConfigError(
        `${name} ${result.error.issues[0]?.message ?? 'cannot be used'} (see custode config)`,
      )
    return result.data as z.output<(typeof settings)[Name]['schema']>
  }
  const demo = options.demo ?? false
  const port = read('PORT')
  const publicUrl = safeOrigin(read('PUBLIC_URL') ?? `http://localhost:${port}`)
  const smtpUrl = read('SMTP_URL') ?? null
  if (demo && environment.DATABASE_URL)
    throw new ConfigError('the demo has a database of its own: start it without DATABASE_URL')
  const data = resolve(demo ? './custode-demo/data' : (read('CUSTODE_DATA') ?? './custode-data'))
  const keeper = resolve(demo ? './custode-demo/keeper' : (read('CUSTODE_KEEPER') ?? './custode-keeper'))
  if (data === keeper || keeper.startsWith(`${data}/`) || data.startsWith(`${keeper}/`))
    throw new ConfigError('CUSTODE_DATA and CUSTODE_KEEPER must be two folders, neither inside the other')
  return {
    ...{ demo, data, keeper, port, publicUrl, smtpUrl },
    host: publicUrl.startsWith('https:') ? '0.0.0.0' : '127.0.0.1',
    databaseUrl: read('DATABASE_URL') ?? null,
    databaseWorkerUrl: read('DATABASE_WORKER_URL') ?? null,
    databaseOwnerUrl: read('DATABASE_OWNER_URL') ?? null,
    mailFrom: read('MAIL_FROM'),
  }
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** As a browser writes it in the header `Origin`, whose requests are compared with it. */
function safeOrigin(publicUrl: string): string {
  const { protocol, hostname, origin, href } = new URL(publicUrl)
  if (protocol === 'http:' && !loopback.includes(hostname))
    throw new ConfigError('PUBLIC_URL must be https: over plain http anybody on the way could read along')
  if (href.replace(/\/+$/, '') !== origin)
    throw new ConfigError('PUBLIC_URL must name a host without a path, a user or a query')
  return origin
}

const isPort = (number: number): boolean => number >= 1 && number <= 65_535

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(URL.parse(url)?.pathname ?? '')
    return true
  } catch {
    return false
  }
}

function isUrl(protocols: string[]): (given: string) => boolean {
  return given => {
    const url = URL.parse(given)
    return url !== null && protocols.includes(url.protocol)
  }
}

export interface SettingLine {
  name: string
  value: string
  set: boolean
  about: string
}

/** Every setting as `custode config` lists it; the secret part of a URL is never shown. */
export function describeConfig(environment: Environment): SettingLine[] {
  return Object.entries(settings).map(([name, { about, unset }]) => {
    const given = environment[name]
    const isSet = given !== undefined && given !== ''
    return { name, about, set: isSet, value: isSet ? shown(name, given) : unset }
  })
}

function shown(name: string, value: string): string {
  if (!secrets.includes(name)) return value
  const url = URL.parse(value)
  return url === null ? '(not a URL)' : `${url.protocol}//…@${url.host}${url.pathname}`
}
