import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A Vault server with the transit engine at `transit/` and KV version 2 at `secret/`, as far as a custodian uses them.
// Written from HashiCorp's and OpenBao's documents; every rule names its place:
//   [T]  https://developer.hashicorp.com/vault/api-docs/secret/transit (sections by their headings)
//   [TC] the same engine's path_keys_config.go and path_trim.go, for the texts of refusals and their order
//   [K]  https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
//   [H]  https://developer.hashicorp.com/vault/api-docs (HTTP status codes, error response, authentication)
//   [B]  https://openbao.org/api-docs/secret/transit/ (soft delete; shown as `soft_deleted`)

interface TransitKey {
  /** By version, from 1; deleted from here only by a trim. */
  versions: Map<number, Buffer>
  latest: number
  minDecryption: number
  minEncryption: number
  minAvailable: number
  exportable: boolean
  plaintextBackup: boolean
  deletionAllowed: boolean
  softDeleted: boolean
}

interface Secret {
  version: number
  data: unknown
  deleted?: boolean
}

interface State {
  keys: Map<string, TransitKey>
  secrets: Map<string, Secret>
}

/** What an answer is: a status and, unless it is 204, a body. */
type Answer = [status: number, body?: unknown]
type Fields = Record<string, unknown>

const refused = (status: number, text: string): Answer => [status, { errors: [text] }]

export class FakeVault {
  /** The one token that is let in. */
  token = 'hvs.first'
  sealed = false
  /** False: an older Vault, which takes no notice of a parameter that it does not know. */
  knowsAssociatedData = true
  /** Requests so far, as `POST transit/keys/custode/trim`. */
  readonly calls: string[] = []
  /** Called before each request takes effect; what it returns is answered instead. */
  meddle: (call: string) => Answer | undefined = () => undefined
  #state: State = { keys: new Map(), secrets: new Map() }
  readonly #server: Server

  #folder: string | null = null

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<FakeVault> {
    const server = createServer((request, response) => void fake.#serve(request, response))
    const fake = new FakeVault(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The settings of a custodian that uses it; the token's file holds the present token. */
  async environment(): Promise<Record<string, string>> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'custode-vault-'))
    const file = join(this.#folder, 'token')
    await writeFile(file, `${this.token}\n`, { mode: 0o600 })
    return { CUSTODE_VAULT_ADDR: this.url, CUSTODE_VAULT_TOKEN_FILE: file }
  }

  async end(): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true })
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  /** What the operator did before: `vault write -f transit/keys/NAME`. */
  makeKey(name: string, flags: Partial<TransitKey> = {}): void {
    const fresh = { latest: 1, minDecryption: 1, minEncryption: 0, minAvailable: 0, exportable: false }
    const rest = { plaintextBackup: false, deletionAllowed: false, softDeleted: false }
    this.#state.keys.set(name, { versions: new Map([[1, randomBytes(32)]]), ...fresh, ...rest, ...flags })
  }

  /** The versions whose bytes the server still holds, archived ones too. */
  versionsOf(name: string): number[] {
    return [...(this.#state.keys.get(name)?.versions.keys() ?? [])]
  }

  softDelete(name: string): void {
    const key = this.#state.keys.get(name)
    if (key !== undefined) key.softDeleted = true
  }

  /** What somebody else does with the same rights. */
  writeSecret(path: string, data: unknown): void {
    this.#write(path, { data })
  }

  removeSecret(path: string): void {
    this.#state.secrets.delete(path)
  }

  /** [K] Delete latest version of secret: a soft delete. */
  deleteSecret(path: string): void {
    const secret = this.#state.secrets.get(path)
    if (secret !== undefined) secret.deleted = true
  }

  /** A raft snapshot holds the whole state of the storage, and gives it back as it was. */
  snapshot(): () => void {
    const then = structuredClone(this.#state)
    const buffers = (key: TransitKey) =>
      new Map([...key.versions].map(([version, bytes]) => [version, Buffer.from(bytes)] as const))
    return () => {
      const keys = [...then.keys].map(([name, key]) => [name, { ...key, versions: buffers(key) }] as const)
      this.#state = { keys: new Map(keys), secrets: new Map(then.secrets) }
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/v1\//, '')
    const call = `${request.method} ${path}`
    this.calls.push(call)
    let text = ''
    for await (const chunk of request) text += chunk
    const [status, body] =
      this.meddle(call) ?? this.#admit(request) ?? this.#answer(call, text === '' ? {} : JSON.parse(text))
    response.statusCode = status
    response.setHeader('content-type', 'application/json')
    response.end(body === undefined ? '' : JSON.stringify(body))
  }

  /** [H] Authentication, status codes: 403 without a valid token, 503 while sealed. */
  #admit(request: IncomingMessage): Answer | undefined {
    if (this.sealed) return refused(503, 'Vault is sealed')
    if (request.headers['x-vault-token'] !== this.token) return refused(403, 'permission denied')
    return undefined
  }

  #answer(call: string, body: Fields): Answer {
    const [, verb, path = ''] = /^(\w+) (.*)$/.exec(call) ?? []
    const secret = /^secret\/data\/(.+)$/.exec(path)?.[1]
    if (secret !== undefined) return verb === 'GET' ? this.#read(secret) : this.#write(secret, body)
    const [, name = '', act = ''] = /^transit\/keys\/([\w-]+)(?:\/([\w-]+))?$/.exec(path) ?? []
    const [, way = '', used = ''] = /^transit\/(encrypt|decrypt)\/([\w-]+)$/.exec(path) ?? []
    const key = this.#state.keys.get(name === '' ? used : name)
    // [H] 404: the path is not there. [T] Read key of one that was never made.
    if (key === undefined) return verb === 'GET' ? [404, { errors: [] }] : noKey(way, act)
    // [B] Soft delete: the key can be read and restored and is usable for nothing.
    if (key.softDeleted && verb !== 'GET') return refused(400, 'cannot use soft-deleted key')
    const known = this.knowsAssociatedData ? body : { ...body, associated_data: '' }
    if (way === 'encrypt') return encrypt(key, known)
    if (way === 'decrypt') return decrypt(key, known)
    if (verb === 'GET') return [200, { data: describe(name, key) }]
    if (verb === 'DELETE') return this.#delete(name, key)
    if (act === 'config') return configure(key, body)
    if (act === 'rotate') return rotate(key)
    if (act === 'trim') return trim(key, body)
    return [404, { errors: [] }]
  }

  /** [T] Delete key: `deletion_allowed` must be set. */
  #delete(name: string, key: TransitKey): Answer {
    if (!key.deletionAllowed) return refused(400, `error deleting policy ${name}: deletion is not allowed`)
    this.#state.keys.delete(name)
    return [204]
  }

  /** [K] Read secret version. */
  #read(path: string): Answer {
    const secret = this.#state.secrets.get(path)
    if (secret === undefined) return [404, { errors: [] }]
    if (secret.deleted === true)
      return [
        404,
        { data: { data: null, metadata: { version: secret.version, deletion_time: '2026-01-01' } } },
      ]
    return [200, { data: { data: secret.data, metadata: { version: secret.version, destroyed: false } } }]
  }

  /** [K] Create/update secret: with `cas` only onto that version, 0 meaning that there is none yet. */
  #write(path: string, body: Fields): Answer {
    const version = this.#state.secrets.get(path)?.version ?? 0
    const cas = (body.options as Fields | undefined)?.cas
    if (cas !== undefined && cas !== version)
      return refused(400, 'check-and-set parameter did not match the current version')
    this.#state.secrets.set(path, { version: version + 1, data: structuredClone(body.data) })
    return [200, { data: { version: version + 1, destroyed: false } }]
  }
}

const noKey = (way: string, act: string): Answer =>
  refused(400, way === '' && act === 'rotate' ? 'key not found' : 'encryption key not found')

/** [T] Read key. Versions under `min_decryption_version` are archived and not shown. */
function describe(name: string, key: TransitKey): Fields {
  const shown = [...key.versions.keys()].filter(version => version >= key.minDecryption)
  return {
    name,
    type: 'aes256-gcm96',
    keys: Object.fromEntries(shown.map(version => [String(version), 1_442_851_412])),
    latest_version: key.latest,
    min_decryption_version: key.minDecryption,
    min_encryption_version: key.minEncryption,
    min_available_version: key.minAvailable,
    exportable: key.exportable,
    allow_plaintext_backup: key.plaintextBackup,
    deletion_allowed: key.deletionAllowed,
    derived: false,
    ...(key.softDeleted ? { soft_deleted: true } : {}),
  }
}

/** [T] Rotate key. */
function rotate(key: TransitKey): Answer {
  key.versions.set(++key.latest, randomBytes(32))
  return [204]
}

/** [T] Update key configuration; [TC] pathKeysConfigWrite. What cannot be is refused and changes nothing. */
function configure(key: TransitKey, body: Fields): Answer {
  const decryption = Math.max(1, Number(body.min_decryption_version ?? key.minDecryption))
  const encryption = Number(body.min_encryption_version ?? key.minEncryption)
  if (decryption > key.latest)
    return refused(
      400,
      `cannot set min decryption version of ${decryption}, latest key version is ${key.latest}`,
    )
  if (encryption > key.latest)
    return refused(
      400,
      `cannot set min encryption version of ${encryption}, latest key version is ${key.latest}`,
    )
  if (encryption > 0 && encryption < decryption)
    return refused(400, 'cannot set min encryption/decryption values')
  if (key.minAvailable > encryption || key.minAvailable > decryption)
    return refused(400, 'min encryption version should not be less than min available version')
  key.minDecryption = decryption
  key.minEncryption = encryption
  // [T] Once set, these two cannot be disabled.
  key.exportable ||= body.exportable === true
  key.plaintextBackup ||= body.allow_plaintext_backup === true
  if (typeof body.deletion_allowed === 'boolean') key.deletionAllowed = body.deletion_allowed
  return [200, { data: describe('', key) }]
}

/** [T] Trim key; [TC] pathTrimUpdate. Deletes a prefix of the versions for good, and never goes back. */
function trim(key: TransitKey, body: Fields): Answer {
  const wanted = body.min_available_version
  if (typeof wanted !== 'number') return refused(400, 'missing min_available_version')
  if (wanted < key.minAvailable) return refused(400, 'minimum available version cannot be decremented')
  if (key.minEncryption === 0)
    return refused(400, 'minimum available version cannot be set when minimum encryption version is not set')
  if (wanted > key.minEncryption)
    return refused(400, 'minimum available version cannot be greater than minmum encryption version')
  if (wanted > key.minDecryption)
    return refused(400, 'minimum available version cannot be greater than minimum decryption version')
  if (wanted < 1) return refused(400, 'minimum available version should be positive')
  key.minAvailable = wanted
  for (const version of [...key.versions.keys()]) if (version < wanted) key.versions.delete(version)
  return [200, { data: describe('', key) }]
}

/** [T] Encrypt data: `key_version` at least `min_encryption_version`, `associated_data` and `plaintext` in base64. */
function encrypt(key: TransitKey, body: Fields): Answer {
  const version = Number(body.key_version ?? 0) || key.latest
  if (version > key.latest) return refused(400, 'requested version for encryption is higher than the latest')
  if (version < key.minEncryption)
    return refused(400, 'requested version for encryption is less than the minimum encryption key version')
  const bytes = key.versions.get(version)
  if (bytes === undefined) return refused(500, 'internal error')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', bytes, iv)
  cipher.setAAD(Buffer.from(String(body.associated_data ?? ''), 'base64'))
  const sealed = [iv, cipher.update(String(body.plaintext), 'base64'), cipher.final(), cipher.getAuthTag()]
  const ciphertext = `vault:v${version}:${Buffer.concat(sealed).toString('base64')}`
  return [200, { data: { ciphertext, key_version: version } }]
}

/** [T] Decrypt data: the ciphertext names its version, at least `min_decryption_version`. */
function decrypt(key: TransitKey, body: Fields): Answer {
  const [, number, text = ''] = /^vault:v(\d+):(.+)$/.exec(String(body.ciphertext)) ?? []
  if (number === undefined) return refused(400, 'invalid ciphertext: no prefix')
  const version = Number(number)
  if (version > key.latest) return refused(400, 'invalid ciphertext: version is too new')
  if (version < key.minDecryption)
    return refused(400, 'ciphertext or signature version is disallowed by policy (too old)')
  const bytes = key.versions.get(version)
  if (bytes === undefined) return refused(500, 'internal error')
  const sealed = Buffer.from(text, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', bytes, sealed.subarray(0, 12))
  decipher.setAAD(Buffer.from(String(body.associated_data ?? ''), 'base64'))
  decipher.setAuthTag(sealed.subarray(-16))
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
    return [200, { data: { plaintext: plain.toString('base64') } }]
  } catch {
    return refused(400, 'invalid ciphertext: unable to decrypt')
  }
}
