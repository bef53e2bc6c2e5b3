import { resolve } from 'node:path'
import * as z from 'zod'
import { type ProviderChoice, providerSettings } from './provider-choice.ts'
import { readWitnesses, type WitnessChoice } from './witness-choice.ts'

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

const wholeNumber = (unset: string) =>
  text
    .default(unset)
    .refine(given => /^[1-9]\d{1,6}$/.test(given), 'must be a whole number from 10 to 9999999')
    .transform(Number)

/** Who can hold the keys that open the keybook (docs/custodians.md). */
export const custodianKinds = ['file', 'pkcs11', 'vault-transit', 'aws-kms'] as const
export type CustodianKind = (typeof custodianKinds)[number]

export interface CustodianChoice {
  kind: CustodianKind
  /** Absolute path; of `file` alone, and null where it is the keeper's own folder `custodian`. */
  folder: string | null
}

const custodians = text
  .default('file')
  .transform(given => given.split(',').map(entry => entry.trim()))
  .refine(
    entries => entries.every(entry => /^(file(:\/.+)?|pkcs11|vault-transit|aws-kms)$/.test(entry)),
    'must be a list such as file,pkcs11: of file, file:/ABSOLUTE/FOLDER, pkcs11, vault-transit, aws-kms',
  )
  .transform(entries => entries.map(choiceOf))
  .refine(
    choices => new Set(choices.map(choice => choice.kind)).size === choices.length,
    'must name each kind of custodian once',
  )

const witnesses = text.default('').transform((given, context): WitnessChoice[] => {
  const choices = readWitnesses(given)
  if (typeof choices !== 'string') return choices
  context.addIssue(choices)
  return []
})

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
  CUSTODE_CUSTODIANS: {
    schema: custodians,
    about: 'who holds the keys that open the keybook: file, file:/FOLDER, pkcs11, vault-transit, aws-kms',
    unset: 'file',
  },
  CUSTODE_PLACES: {
    schema: text
      .default('')
      .transform(given => (given === '' ? [] : given.split(',').map(folder => folder.trim())))
      .refine(
        folders => folders.every(folder => folder.startsWith('/')),
        'must be a list of absolute folders such as /mnt/second/custode',
      ),
    about: 'folders on other disks with further copies of keybook and log, with commas',
    unset: 'none: one disk failure loses everything',
  },
  CUSTODE_WITNESSES: {
    schema: witnesses,
    about: 'who signs the log elsewhere (custode witness): KEY URL, for several one after the other',
    unset: 'nobody: a second history under the log’s own key would not be noticed',
  },
  CUSTODE_PKCS11_MODULE: {
    schema: text.optional(),
    about: 'the library of the token’s maker; for SoftHSM libsofthsm2.so',
    unset: 'not used',
  },
  CUSTODE_PKCS11_TOKEN: {
    schema: text.optional(),
    about: 'label of the token',
    unset: 'not used',
  },
  CUSTODE_PKCS11_PIN_FILE: {
    schema: text.optional(),
    about: 'file with the PIN of the token’s user in its one line',
    unset: 'not used',
  },
  CUSTODE_PKCS11_NAME: {
    schema: text.optional(),
    about: 'what labels of keys on the token begin with; one per installation',
    unset: 'custode',
  },
  CUSTODE_PKCS11_ENVIRONMENT: {
    schema: text.optional(),
    about: 'names of further variables that the token’s library needs, with commas',
    unset: 'none but SOFTHSM2_CONF',
  },
  CUSTODE_VAULT_ADDR: {
    schema: text.refine(isUrl(['https:', 'http:']), 'must be an https:// address').optional(),
    about: 'address of Vault or OpenBao',
    unset: 'not used',
  },
  CUSTODE_VAULT_TOKEN_FILE: {
    schema: text.optional(),
    about: 'file with the token in its one line; read again when Vault refuses the token',
    unset: 'not used',
  },
  CUSTODE_VAULT_NAMESPACE: { schema: text.optional(), about: 'namespace in Vault', unset: 'none' },
  CUSTODE_VAULT_TRANSIT: {
    schema: text.optional(),
    about: 'where the transit engine is mounted',
    unset: 'transit',
  },
  CUSTODE_VAULT_KEY: { schema: text.optional(), about: 'name of the transit key', unset: 'custode' },
  CUSTODE_VAULT_KV: {
    schema: text.optional(),
    about: 'where KV version 2 is mounted',
    unset: 'secret',
  },
  CUSTODE_VAULT_PATH: { schema: text.optional(), about: 'folder in KV', unset: 'custode' },
  AWS_REGION: {
    schema: text.optional(),
    about: 'region of AWS KMS; who is asking is found as by any program of AWS (AWS_…, a role)',
    unset: 'not used',
  },
  CUSTODE_KMS_NAME: {
    schema: text.optional(),
    about: 'aliases in KMS are alias/NAME/epoch-N; one name per installation',
    unset: 'custode',
  },
  CUSTODE_KMS_WAITING_DAYS: {
    schema: text
      .refine(
        given => /^\d{1,2}$/.test(given) && Number(given) >= 7 && Number(given) <= 30,
        'must be 7 to 30',
      )
      .optional(),
    about: 'days that KMS waits before it destroys a key',
    unset: '7',
  },
  CUSTODE_READINGS_PER_HOUR: {
    schema: wholeNumber('2000'),
    about:
      'people that one employee may read within an hour for one purpose; at half of it there is an alarm',
    unset: '2000',
  },
  CUSTODE_OWN_READINGS_PER_HOUR: {
    schema: wholeNumber('500000'),
    about: 'readings of their own data by all customers within an hour; at half of it there is an alarm',
    unset: '500000',
  },
  CUSTODE_FINGERPRINTS_PER_HOUR: {
    schema: wholeNumber('200000'),
    about:
      'addresses looked up within an hour: signing in, joining, making an employee; at half of it there is an alarm',
    unset: '200000',
  },
  CUSTODE_LEADS_PER_DAY: {
    schema: wholeNumber('200'),
    about: 'addresses of files that are asked by letter to join, within a day',
    unset: '200',
  },
  ...providerSettings,
  CUSTODE_CARD_NUMBERS: {
    schema: z.enum(['off', 'on'], 'must be off or on').default('off'),
    about:
      'on: whole card numbers may be asked for, and the company answers for them: PCI DSS, SAQ D (docs/cards.md)',
    unset: 'off',
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
    about: 'the same as custode_owner: used by custode migrate, backup and restore',
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

/** What each kind cannot be used without. */
const needs: Record<CustodianKind, (keyof typeof settings)[]> = {
  file: [],
  pkcs11: ['CUSTODE_PKCS11_MODULE', 'CUSTODE_PKCS11_TOKEN', 'CUSTODE_PKCS11_PIN_FILE'],
  'vault-transit': ['CUSTODE_VAULT_ADDR', 'CUSTODE_VAULT_TOKEN_FILE'],
  'aws-kms': ['AWS_REGION'],
}

export interface Config {
  /** The sample company: folders of its own, one-click sign-in. */
  demo: boolean
  /** Absolute paths. */
  data: string
  keeper: string
  /** At least one, each kind once; the demo's is the file. */
  custodians: CustodianChoice[]
  /** Absolute folders with further copies of keybook and log. */
  places: string[]
  /** Who is asked to sign the log; the demo asks nobody. */
  witnesses: WitnessChoice[]
  /** The outside provider of proofs of identity, or null; the demo asks nobody. */
  provider: ProviderChoice | null
  readingsPerHour: number
  ownReadingsPerHour: number
  fingerprintsPerHour: number
  leadsPerDay: number
  /** Whether the card module is on; never in the demo. */
  cardNumbers: boolean
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
  const readProvider = (): ProviderChoice | null => {
    const issuer = read('CUSTODE_OIDC_ISSUER')
    if (issuer === undefined) return null
    const [client, secretFile] = [read('CUSTODE_OIDC_CLIENT'), read('CUSTODE_OIDC_SECRET_FILE')]
    if (client === undefined || secretFile === undefined)
      throw new ConfigError('CUSTODE_OIDC_ISSUER needs CUSTODE_OIDC_CLIENT and CUSTODE_OIDC_SECRET_FILE')
    const claims = read('CUSTODE_OIDC_CLAIMS') as Record<string, string>
    return { issuer, client, secretFile: resolve(secretFile), claims, level: read('CUSTODE_OIDC_LEVEL') }
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
  const chosen = demo ? [choiceOf('file')] : read('CUSTODE_CUSTODIANS')
  for (const { kind, folder } of chosen) {
    const missing = needs[kind].find(name => read(name) === undefined)
    if (missing !== undefined)
      throw new ConfigError(`${missing} must be set for the custodian ${kind} (see custode config)`)
    if (folder !== null && (folder === data || folder.startsWith(`${data}/`)))
      throw new ConfigError('the folder of the custodian file must not lie inside CUSTODE_DATA')
  }
  return {
    ...{ demo, data, keeper, port, publicUrl, smtpUrl },
    custodians: chosen,
    places: readPlaces(demo ? [] : read('CUSTODE_PLACES'), [data, keeper]),
    witnesses: demo ? [] : read('CUSTODE_WITNESSES'),
    provider: demo ? null : readProvider(),
    readingsPerHour: read('CUSTODE_READINGS_PER_HOUR'),
    ownReadingsPerHour: read('CUSTODE_OWN_READINGS_PER_HOUR'),
    fingerprintsPerHour: read('CUSTODE_FINGERPRINTS_PER_HOUR'),
    leadsPerDay: read('CUSTODE_LEADS_PER_DAY'),
    cardNumbers: !demo && read('CUSTODE_CARD_NUMBERS') === 'on',
    host: publicUrl.startsWith('https:') ? '0.0.0.0' : '127.0.0.1',
    databaseUrl: read('DATABASE_URL') ?? null,
    databaseWorkerUrl: read('DATABASE_WORKER_URL') ?? null,
    databaseOwnerUrl: read('DATABASE_OWNER_URL') ?? null,
    mailFrom: read('MAIL_FROM'),
  }
}

function readPlaces(folders: string[], taken: string[]): string[] {
  const places = folders.map(folder => resolve(folder))
  for (const place of places) {
    const inside = [...taken, ...places.filter(other => other !== place)].some(
      other => place === other || place.startsWith(`${other}/`) || other.startsWith(`${place}/`),
    )
    if (inside || places.filter(other => other === place).length > 1)
      throw new ConfigError(`the place ${place} must be a folder of its own, apart from all others`)
  }
  return places
}

function choiceOf(entry: string): CustodianChoice {
  const [kind, folder] = entry.split(/:(.*)/s)
  return { kind: kind as CustodianKind, folder: folder === undefined ? null : resolve(folder) }
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
