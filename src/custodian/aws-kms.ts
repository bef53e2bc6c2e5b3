import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'
import type * as clientKms from '@aws-sdk/client-kms'
import type { KeyMetadata, KMS } from '@aws-sdk/client-kms'
import { KeeperRefusal } from '../keeper/client.ts'
import type { Destroyed, Kept } from '../keeper/custodian.ts'
import { newestOf, readKept } from './newest.ts'
import { cannot, MustChange, runCustodian, type Served } from './serving.ts'
import { settingOf } from './setting.ts'

type Library = typeof clientKms

/** What stands before the checkpoint in the description of the key that carries it. */
const newestMark = 'custode-newest-1 '
/** The longest description that KMS takes, in characters. */
const longestDescription = 8192

/**
 * The custodian that is AWS KMS: one key per epoch, found by its alias `alias/NAME/epoch-N`. KMS destroys a key only
 * after a waiting period of 7 to 30 days, in which it cannot be used but the deletion can be cancelled, so `destroy`
 * answers `scheduled`. The newest checkpoint is the description of one more key, `alias/NAME/newest`, which encrypts
 * nothing. What KMS answers may be some seconds old; what this process did itself it knows. Blob of `wrap`: KMS's own.
 */
class AwsKmsCustodian implements Served {
  readonly id = 'aws-kms'
  readonly kind = 'aws-kms'
  readonly #kms: KMS
  readonly #name: string
  readonly #days: number
  /** Key ids of the epochs that this process made: their aliases may not be seen yet. */
  readonly #made = new Map<number, string>()
  #newest: { kept: Kept; key: string } | null = null

  constructor(kms: KMS, at: { name: string; days: number }) {
    this.#kms = kms
    this.#name = at.name
    this.#days = at.days
  }

  /** Refuses a start without access. */
  async open(): Promise<this> {
    await this.list()
    return this
  }

  async createEpoch(epoch: number): Promise<void> {
    const before = await this.#find(this.#handle(epoch))
    if (before !== null && before.KeyState !== 'PendingDeletion') await this.#schedule(before)
    const id = await this.#create(`custode: ${this.#name} epoch ${epoch}`)
    await this.#point(this.#alias(epoch), id)
    this.#made.set(epoch, id)
  }

  async wrap(epoch: number, key: Buffer, aad: Buffer): Promise<Buffer> {
    const told = await this.#use(epoch, KeyId =>
      this.#kms.encrypt({ KeyId, Plaintext: key, EncryptionContext: contextOf(aad) }),
    )
    return bytesOf(told.CiphertextBlob)
  }

  async unwrap(epoch: number, blob: Buffer, aad: Buffer): Promise<Buffer> {
    const told = await this.#use(epoch, KeyId =>
      this.#kms.decrypt({ KeyId, CiphertextBlob: blob, EncryptionContext: contextOf(aad) }),
    )
    return bytesOf(told.Plaintext)
  }

  async destroy(epoch: number): Promise<Destroyed> {
    const key = await this.#find(this.#handle(epoch))
    if (key === null) return { state: 'destroyed', at: new Date().toISOString(), method: 'found-gone' }
    const at = key.KeyState === 'PendingDeletion' ? key.DeletionDate : await this.#schedule(key)
    if (at === undefined) throw cannot('KMS does not say when the key is deleted')
    return { state: 'scheduled', at: at.toISOString(), method: `aws-kms-schedule-deletion` }
  }

  /** A key that is merely disabled counts: it can be enabled again. */
  async list(): Promise<number[]> {
    const ids = new Map<number, string>()
    for (let Marker: string | undefined, more = true; more; ) {
      const page = await this.#ask(() => this.#kms.listAliases(Marker === undefined ? {} : { Marker }))
      for (const { AliasName = '', TargetKeyId } of page.Aliases ?? []) {
        const epoch = this.#epochOf(AliasName)
        if (epoch !== null && TargetKeyId !== undefined) ids.set(epoch, TargetKeyId)
      }
      Marker = page.NextMarker
      more = page.Truncated === true && Marker !== undefined
    }
    for (const [epoch, id] of this.#made) ids.set(epoch, id)
    const usable: number[] = []
    for (const [epoch, id] of ids) {
      const key = await this.#find(id)
      if (key !== null && key.KeyState !== 'PendingDeletion') usable.push(epoch)
    }
    return usable.sort((a, b) => a - b)
  }

  async readNewest(): Promise<Kept | null> {
    const key = await this.#findNewest()
    const text = key?.Description ?? ''
    if (key !== null && !text.startsWith(newestMark))
      throw cannot(`the description of the key ${this.#newestAlias} is no checkpoint`)
    const coded = text.slice(newestMark.length)
    const read = key === null ? [] : [readKept(Buffer.from(coded, 'base64').toString('utf8'))]
    return newestOf([...read, ...(this.#newest === null ? [] : [this.#newest.kept])])
  }

  async writeNewest(kept: Kept): Promise<void> {
    const Description = newestMark + Buffer.from(JSON.stringify(kept)).toString('base64')
    if (Description.length > longestDescription) throw cannot('the checkpoint is too long for KMS')
    const before = await this.#findNewest()
    let key: string
    if (before === null || before.KeyState === 'PendingDeletion') {
      key = await this.#create(Description)
      await this.#point(this.#newestAlias, key)
    } else {
      key = idOf(before)
      await this.#ask(() => this.#kms.updateKeyDescription({ KeyId: key, Description }))
    }
    this.#newest = { kept, key }
  }

  get #newestAlias(): string {
    return `alias/${this.#name}/newest`
  }

  #findNewest(): Promise<KeyMetadata | null> {
    return this.#find(this.#newest?.key ?? this.#newestAlias)
  }

  close(): void {
    this.#kms.destroy()
  }

  async #create(Description: string): Promise<string> {
    const Tags = [{ TagKey: 'custode', TagValue: this.#name }]
    const told = await this.#ask(() => this.#kms.createKey({ Description, Tags }))
    return idOf(told.KeyMetadata)
  }

  /** Lets an alias name this key, whatever it named before. */
  async #point(AliasName: string, TargetKeyId: string): Promise<void> {
    try {
      await this.#kms.createAlias({ AliasName, TargetKeyId })
    } catch (error) {
      if (nameOf(error) !== 'AlreadyExistsException') throw refusalOf(error)
      await this.#ask(() => this.#kms.updateAlias({ AliasName, TargetKeyId }))
    }
  }

  /** Schedules the deletion, and resolves when KMS shows it: until then some of its machines may still use the key. */
  async #schedule(key: KeyMetadata): Promise<Date | undefined> {
    const KeyId = idOf(key)
    const told = await this.#ask(() =>
      this.#kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: this.#days }),
    )
    for (let tries = 0; tries < 20; tries++) {
      if ((await this.#find(KeyId))?.KeyState !== 'Enabled') return told.DeletionDate
      await wait(500)
    }
    throw cannot('KMS still shows a key as enabled whose deletion was scheduled')
  }

  /** Uses the key of an epoch; a key that is gone, pending deletion or another one than before is `gone`. */
  async #use<T>(epoch: number, act: (keyId: string) => Promise<T>): Promise<T> {
    try {
      return await act(this.#handle(epoch))
    } catch (error) {
      const isGone =
        ['NotFoundException', 'IncorrectKeyException'].includes(nameOf(error)) ||
        (nameOf(error) === 'KMSInvalidStateException' &&
          (await this.#find(this.#handle(epoch)))?.KeyState === 'PendingDeletion')
      if (isGone) throw new KeeperRefusal('gone', { why: `KMS has no usable key of epoch ${epoch}` })
      throw refusalOf(error)
    }
  }

  async #find(KeyId: string): Promise<KeyMetadata | null> {
    try {
      return (await this.#kms.describeKey({ KeyId })).KeyMetadata ?? null
    } catch (error) {
      if (nameOf(error) === 'NotFoundException') return null
      throw refusalOf(error)
    }
  }

  async #ask<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      throw refusalOf(error)
    }
  }

  #handle(epoch: number): string {
    return this.#made.get(epoch) ?? this.#alias(epoch)
  }

  #alias(epoch: number): string {
    return `alias/${this.#name}/epoch-${epoch}`
  }

  #epochOf(alias: string): number | null {
    const [name, number = ''] = alias.split('/epoch-')
    return name === `alias/${this.#name}` && /^[1-9][0-9]{0,8}$/.test(number) ? Number(number) : null
  }
}

/** CloudTrail shows it: it names the organisation's id and the epoch, never a person. */
const contextOf = (aad: Buffer): Record<string, string> => ({ custode: aad.toString('hex') })

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

/** The name of AWS's error alone: its message may hold an account or a request. */
const refusalOf = (error: unknown): KeeperRefusal =>
  error instanceof KeeperRefusal ? error : cannot(`AWS KMS answered ${nameOf(error)}`)

function idOf(key: KeyMetadata | undefined): string {
  if (key?.KeyId === undefined) throw cannot('KMS answered without the id of a key')
  return key.KeyId
}

function bytesOf(given: Uint8Array | undefined): Buffer {
  if (given === undefined) throw cannot('KMS answered without bytes')
  return Buffer.from(given.buffer, given.byteOffset, given.byteLength)
}

function requireLibrary(): Library {
  try {
    return createRequire(import.meta.url)('@aws-sdk/client-kms') as Library
  } catch {
    throw new MustChange('@aws-sdk/client-kms is not installed (docs/custodians.md)')
  }
}

function waitingDays(): number {
  const days = Number(settingOf('CUSTODE_KMS_WAITING_DAYS', '7'))
  if (!Number.isInteger(days) || days < 7 || days > 30)
    throw new MustChange('CUSTODE_KMS_WAITING_DAYS must be from 7 to 30')
  return days
}

if (import.meta.main)
  await runCustodian(() => {
    const { KMS } = requireLibrary()
    const kms = new KMS({
      region: settingOf('AWS_REGION'),
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 5000, requestTimeout: 8000 },
    })
    const at = { name: settingOf('CUSTODE_KMS_NAME', 'custode'), days: waitingDays() }
    return new AwsKmsCustodian(kms, at).open()
  })
