import { KeeperRefusal } from '../keeper/client.ts'
import { cannot, MustChange } from './serving.ts'
import { readSecretFile } from './setting.ts'

export interface VaultSite {
  /** `https://vault.example:8200`; plain http only to this machine. */
  address: string
  tokenFile: string
  namespace: string | null
}

export type Fields = Record<string, unknown>

const patience = 10_000

/** Vault's HTTP interface (https://developer.hashicorp.com/vault/api-docs), which OpenBao shares. */
export class Vault {
  readonly #site: VaultSite
  #token: string

  constructor(site: VaultSite) {
    const { protocol, hostname } = parseAddress(site.address)
    if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname))
      throw new MustChange('CUSTODE_VAULT_ADDR must be https: book keys travel there')
    this.#site = site
    this.#token = readSecretFile('CUSTODE_VAULT_TOKEN_FILE', site.tokenFile)
  }

  /** The whole answer, or null for 404. Refuses with `unavailable`; the token file is read again once after a 403. */
  async get(path: string): Promise<Fields | null> {
    return this.#ask('GET', path)
  }

  async post(path: string, body: Fields = {}): Promise<Fields> {
    return (await this.#ask('POST', path, body)) ?? noSuch(path)
  }

  async #ask(method: string, path: string, body?: Fields): Promise<Fields | null> {
    let response = await this.#fetch(method, path, body)
    if (response.status === 403 && this.#readAgain()) response = await this.#fetch(method, path, body)
    const told = await fieldsOf(response)
    if (response.ok) return told
    if (response.status !== 404) throw new VaultRefused(response.status, told)
    // A version that was deleted softly: KV would give it back, so it is not the same as none.
    if (told.data !== undefined) throw cannot(`${path} was deleted in Vault and can be restored there`)
    return null
  }

  async #fetch(method: string, path: string, body?: Fields): Promise<Response> {
    const { address, namespace } = this.#site
    try {
      return await fetch(`${address.replace(/\/+$/, '')}/v1/${path}`, {
        method,
        headers: {
          'x-vault-token': this.#token,
          'x-vault-request': 'true',
          ...(namespace === null ? {} : { 'x-vault-namespace': namespace }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      })
    } catch {
      throw cannot('Vault cannot be reached')
    }
  }

  #readAgain(): boolean {
    const before = this.#token
    this.#token = readSecretFile('CUSTODE_VAULT_TOKEN_FILE', this.#site.tokenFile)
    return this.#token !== before
  }
}

/** What Vault refused: its status and its own sentence, which holds no value. */
export class VaultRefused extends KeeperRefusal {
  readonly sentence: string

  constructor(status: number, told: Fields) {
    const errors = Array.isArray(told.errors) ? told.errors.filter(one => typeof one === 'string') : []
    const sentence = errors
      .join('; ')
      .replace(/[^\x20-\x7e]/g, ' ')
      .slice(0, 200)
    super('unavailable', { why: `Vault answered ${status}${sentence === '' ? '' : `: ${sentence}`}` })
    this.sentence = sentence
  }
}

/** The object under `data` of an answer. */
export function dataOf(told: Fields): Fields {
  if (typeof told.data !== 'object' || told.data === null) throw cannot('Vault answered without data')
  return told.data as Fields
}

async function fieldsOf(response: Response): Promise<Fields> {
  const text = await response.text().catch(() => '')
  if (text === '') return {}
  try {
    const told: unknown = JSON.parse(text)
    return typeof told === 'object' && told !== null ? (told as Fields) : {}
  } catch {
    return {}
  }
}

function parseAddress(address: string): URL {
  const url = URL.parse(address)
  if (url === null || !['https:', 'http:'].includes(url.protocol))
    throw new MustChange('CUSTODE_VAULT_ADDR must be an address such as https://vault.example:8200')
  return url
}

function noSuch(path: string): never {
  throw cannot(`Vault has nothing at ${path}`)
}
