import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// AWS KMS as far as a custodian uses it, with a clock that a test moves. Written from AWS's documents; every rule names
// its place:
//   [A:Name] https://docs.aws.amazon.com/kms/latest/APIReference/API_Name.html
//   [S]      https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html (which call works in which state)
//   [E]      https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html (eventual consistency)
//   [P]      https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html, AWS JSON 1.1: `__type`, `message`

type Fields = Record<string, unknown>

interface KmsKey {
  id: string
  material: Buffer
  description: string
  state: 'Enabled' | 'Disabled' | 'PendingDeletion'
  /** Milliseconds; when the waiting period ends. */
  deletion: number | null
}

class Refused extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

const day = 86_400_000
const account = '111122223333'
const pageLength = 2

export class FakeKms {
  /** Calls so far: `CreateKey`. */
  readonly calls: string[] = []
  /** Called before each call takes effect; may throw, or move the clock. */
  meddle: (call: string) => void = () => {}
  /** [E] How many reads by alias still do not see an alias that was just made. */
  lag = 0
  readonly accessKeyId = 'AKIAFAKE'
  #now = Date.parse('2026-01-01T00:00:00Z')
  readonly #keys = new Map<string, KmsKey>()
  readonly #aliases = new Map<string, { key: string; unseen: number }>()
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<FakeKms> {
    const server = createServer((request, response) => void fake.#serve(request, response))
    const fake = new FakeKms(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The settings of a custodian that uses it. */
  get environment(): Record<string, string> {
    return {
      AWS_REGION: 'eu-south-1',
      AWS_ACCESS_KEY_ID: this.accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'a-secret-that-is-nowhere-shown',
      AWS_ENDPOINT_URL_KMS: this.url,
    }
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  /** [A:ScheduleKeyDeletion] When the period is over, the key, its material and its aliases are deleted. */
  passDays(days: number): void {
    this.#now += days * day
    for (const [id, key] of this.#keys) {
      if (key.deletion === null || key.deletion > this.#now) continue
      this.#keys.delete(id)
      for (const [name, alias] of this.#aliases) if (alias.key === id) this.#aliases.delete(name)
    }
  }

  /** [A:CancelKeyDeletion] An operator takes it back: the key is disabled then, and can be enabled. */
  cancelDeletions(): void {
    for (const key of this.#keys.values()) {
      if (key.state !== 'PendingDeletion') continue
      key.state = 'Disabled'
      key.deletion = null
    }
  }

  /** An operator schedules the deletion of every key. */
  scheduleAll(): void {
    for (const key of this.#keys.values()) this.#schedule({ KeyId: key.id })
  }

  /** For `meddle` to throw. */
  refusal(name: string): Error {
    return new Refused(name, '')
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += chunk
    const call = String(request.headers['x-amz-target']).replace(/^TrentService\./, '')
    this.calls.push(call)
    let status = 200
    let body: object
    try {
      this.meddle(call)
      this.#admit(request)
      body = this.#answer(call, JSON.parse(text) as Fields)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      status = error.name === 'KMSInternalException' ? 500 : 400
      body = { __type: error.name, message: error.message }
    }
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
    })
    response.end(JSON.stringify(body))
  }

  /** [P] Only a request signed (SigV4) by somebody known gets in. The signature itself is the library's matter. */
  #admit(request: IncomingMessage): void {
    const given = String(request.headers.authorization)
    if (
      !new RegExp(`^AWS4-HMAC-SHA256 Credential=${this.accessKeyId}/\\d{8}/[a-z0-9-]+/kms/aws4_request`).test(
        given,
      )
    )
      throw new Refused(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      )
  }

  #answer(call: string, body: Fields): object {
    switch (call) {
      case 'CreateKey':
        return this.#createKey(body)
      case 'DescribeKey':
        return { KeyMetadata: metadata(this.#key(body.KeyId)) }
      case 'UpdateKeyDescription':
        return this.#describe(body)
      case 'CreateAlias':
      case 'UpdateAlias':
        return this.#alias(call, body)
      case 'ListAliases':
        return this.#listAliases(body)
      case 'Encrypt':
        return encrypt(this.#usable(body.KeyId), body)
      case 'Decrypt':
        return this.#decrypt(body)
      case 'ScheduleKeyDeletion':
        return this.#schedule(body)
      default:
        throw new Refused('UnknownOperationException', '')
    }
  }

  /** [A:CreateKey] A symmetric encryption key, enabled. The description has at most 8,192 characters. */
  #createKey(body: Fields): object {
    requireDescription(body.Description)
    const key: KmsKey = {
      id: randomUUID(),
      material: randomBytes(32),
      description: String(body.Description ?? ''),
      state: 'Enabled',
      deletion: null,
    }
    this.#keys.set(key.id, key)
    return { KeyMetadata: metadata(key) }
  }

  /** [A:DescribeKey] and others: a key's id, its ARN or an alias name. */
  #key(given: unknown): KmsKey {
    const name = String(given)
    const alias = this.#aliases.get(name)
    const seen = alias !== undefined && alias.unseen-- <= 0
    const id = name.startsWith('alias/') ? (seen ? alias.key : '') : (name.split('/').at(-1) ?? '')
    const key = this.#keys.get(id)
    if (key === undefined) throw new Refused('NotFoundException', `${name} is not found.`)
    return key
  }

  /** [A:UpdateKeyDescription] By id or ARN alone; [S] not while pending deletion. */
  #describe(body: Fields): object {
    if (String(body.KeyId).startsWith('alias/')) throw new Refused('InvalidArnException', 'not a key id')
    requireDescription(body.Description)
    const key = this.#key(body.KeyId)
    requireNotPending(key)
    key.description = String(body.Description)
    return {}
  }

  /** [A:CreateAlias] The name is unique. [S] The target of either call must not be pending deletion. */
  #alias(call: string, body: Fields): object {
    const name = String(body.AliasName)
    if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name) || name.startsWith('alias/aws/'))
      throw new Refused('InvalidAliasNameException', name)
    const target = this.#key(body.TargetKeyId)
    requireNotPending(target)
    const isThere = this.#aliases.has(name)
    if (call === 'CreateAlias' && isThere)
      throw new Refused('AlreadyExistsException', `An alias with the name ${name} already exists`)
    if (call === 'UpdateAlias' && !isThere) throw new Refused('NotFoundException', `${name} is not found.`)
    this.#aliases.set(name, { key: target.id, unseen: this.lag })
    return {}
  }

  /** [A:ListAliases] In pages; `NextMarker` while `Truncated`. Pages are short here, so that they are turned. */
  #listAliases(body: Fields): object {
    const all = [...this.#aliases].filter(([, alias]) => alias.unseen-- <= 0)
    const from = Number(body.Marker ?? 0)
    const page = all.slice(from, from + pageLength)
    const truncated = from + pageLength < all.length
    return {
      Aliases: page.map(([AliasName, { key }]) => ({ AliasName, TargetKeyId: key })),
      Truncated: truncated,
      ...(truncated ? { NextMarker: String(from + pageLength) } : {}),
    }
  }

  /** [S] Encrypt and Decrypt work on enabled keys alone. */
  #usable(given: unknown): KmsKey {
    const key = this.#key(given)
    requireNotPending(key)
    if (key.state === 'Disabled') throw new Refused('DisabledException', `${arnOf(key)} is disabled.`)
    return key
  }

  /** [A:Decrypt] `KeyId`, when given, must be the key that encrypted; the encryption context must be the same. */
  #decrypt(body: Fields): object {
    const blob = Buffer.from(String(body.CiphertextBlob), 'base64')
    const id = blob.subarray(0, 36).toString()
    const key = this.#usable(body.KeyId ?? id)
    if (key.id !== id)
      throw new Refused('IncorrectKeyException', 'the ciphertext was encrypted under another key')
    const decipher = createDecipheriv('aes-256-gcm', key.material, blob.subarray(36, 48))
    decipher.setAAD(contextOf(body))
    decipher.setAuthTag(blob.subarray(-16))
    try {
      const plain = Buffer.concat([decipher.update(blob.subarray(48, -16)), decipher.final()])
      return { KeyId: arnOf(key), Plaintext: plain.toString('base64') }
    } catch {
      throw new Refused('InvalidCiphertextException', '')
    }
  }

  /** [A:ScheduleKeyDeletion] 7 to 30 days, 30 unless told; [S] not twice. */
  #schedule(body: Fields): object {
    if (String(body.KeyId).startsWith('alias/')) throw new Refused('InvalidArnException', 'not a key id')
    const days = Number(body.PendingWindowInDays ?? 30)
    if (days < 7 || days > 30) throw new Refused('ValidationException', 'PendingWindowInDays: 7 to 30')
    const key = this.#key(body.KeyId)
    requireNotPending(key)
    key.state = 'PendingDeletion'
    key.deletion = this.#now + days * day
    return {
      KeyId: arnOf(key),
      DeletionDate: key.deletion / 1000,
      KeyState: key.state,
      PendingWindowInDays: days,
    }
  }
}

const arnOf = (key: KmsKey): string => `arn:aws:kms:eu-south-1:${account}:key/${key.id}`

/** [P] Times are seconds since 1970 in AWS JSON 1.1. [A:DescribeKey] `DeletionDate` only while pending deletion. */
const metadata = (key: KmsKey): object => ({
  KeyId: key.id,
  Arn: arnOf(key),
  Description: key.description,
  Enabled: key.state === 'Enabled',
  KeyState: key.state,
  KeyUsage: 'ENCRYPT_DECRYPT',
  MultiRegion: false,
  ...(key.deletion === null ? {} : { DeletionDate: key.deletion / 1000 }),
})

function requireNotPending(key: KmsKey): void {
  if (key.state === 'PendingDeletion')
    throw new Refused('KMSInvalidStateException', `${arnOf(key)} is pending deletion.`)
}

/** [A:CreateKey], [A:UpdateKeyDescription] Length constraints. */
function requireDescription(given: unknown): void {
  if (String(given ?? '').length > 8192) throw new Refused('ValidationException', 'Description: at most 8192')
}

/** [A:Encrypt] At most 4,096 bytes. The encryption context is authenticated and not stored in the ciphertext. */
function encrypt(key: KmsKey, body: Fields): object {
  const plain = Buffer.from(String(body.Plaintext), 'base64')
  if (plain.length < 1 || plain.length > 4096)
    throw new Refused('ValidationException', 'Plaintext: 1 to 4096')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key.material, iv)
  cipher.setAAD(contextOf(body))
  const parts = [Buffer.from(key.id), iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]
  return { KeyId: arnOf(key), CiphertextBlob: Buffer.concat(parts).toString('base64') }
}

const contextOf = (body: Fields): Buffer =>
  Buffer.from(JSON.stringify(Object.entries((body.EncryptionContext ?? {}) as Fields).sort()))
