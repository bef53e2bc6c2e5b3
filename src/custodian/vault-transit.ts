import { randomBytes } from 'node:crypto'
import { KeeperRefusal } from '../keeper/client.ts'
import type { Destroyed, Kept } from '../keeper/custodian.ts'
import { readKept } from './newest.ts'
import { cannot, MustChange, runCustodian, type Served } from './serving.ts'
import { settingOf } from './setting.ts'
import { dataOf, type Fields, Vault, VaultRefused, type VaultSite } from './vault.ts'

interface Place {
  /** Mounts of the transit engine and of KV version 2. */
  transit: string
  kv: string
  /** The transit key, and the folder in KV. */
  key: string
  path: string
}

/** What Vault tells of the key. */
interface KeyInfo {
  /** Versions that can decrypt now. */
  usable: Set<number>
  latest: number
  minDecryption: number
  minEncryption: number
  minAvailable: number
}

/** Which version is which epoch's, and the version of the record itself, for check-and-set. */
interface Epochs {
  versions: Map<number, number>
  cas: number
}

/** Later than any date: the end of a version that goes with the next trim, whenever that is. */
const nobodyKnows = '9999-12-31T23:59:59.000Z'

/**
 * The custodian that is one key of Vault's (or OpenBao's) transit engine, a version per epoch. Vault deletes versions
 * from the oldest up alone (trim), so epochs go in their order. Which version belongs to which epoch stands in KV at
 * `PATH/epochs`; a version that stands there no more, or never did after a crash, wraps nothing and goes with the next
 * trim. Blob of `wrap`: Vault's own ciphertext, `vault:vVERSION:…`.
 */
class VaultTransitCustodian implements Served {
  readonly id = 'vault-transit'
  readonly kind = 'vault-transit'
  readonly #vault: Vault
  readonly #at: Place

  constructor(site: VaultSite, at: Place) {
    this.#vault = new Vault(site)
    this.#at = at
  }

  /** Refuses a key that could leave Vault, and a Vault that does not bind what is wrapped to its purpose. */
  async open(): Promise<this> {
    const told = await this.#read()
    const faults: [boolean, string][] = [
      [told.soft_deleted === true, 'is deleted softly and could be restored'],
      [told.exportable === true, 'is exportable: make another one, Vault never takes that back'],
      [told.allow_plaintext_backup === true, 'allows plaintext backups: make another one'],
      [told.type !== 'aes256-gcm96', 'is not of type aes256-gcm96'],
      [told.derived === true, 'is a derived one'],
    ]
    const fault = faults.find(([is]) => is)?.[1]
    if (fault !== undefined) throw new MustChange(`the transit key ${this.#at.key} ${fault}`)
    await this.#requireBinding()
    return this
  }

  /** An older Vault takes no notice of `associated_data`; then any blob would open as any other. */
  async #requireBinding(): Promise<void> {
    const sealed = await this.#encrypt({
      plaintext: randomBytes(32).toString('base64'),
      associated_data: 'AA==',
    })
    const opened = await this.#decrypt({ ciphertext: sealed, associated_data: 'AQ==' }).catch(error => {
      if (error instanceof VaultRefused) return null
      throw error
    })
    if (opened !== null) throw new MustChange('this Vault does not know associated_data: it is too old')
  }

  async createEpoch(epoch: number): Promise<void> {
    const epochs = await this.#epochs()
    await this.#vault.post(`${this.#key}/rotate`)
    const { latest } = await this.#info()
    epochs.versions.set(epoch, latest)
    await this.#record(epochs)
  }

  async wrap(epoch: number, key: Buffer, aad: Buffer): Promise<Buffer> {
    const version = (await this.#epochs()).versions.get(epoch)
    if (version === undefined || !(await this.#info()).usable.has(version)) throw gone(epoch)
    const sealed = await this.#encrypt({
      plaintext: key.toString('base64'),
      associated_data: aad.toString('base64'),
      key_version: version,
    })
    if (versionOf(sealed) !== version) throw cannot('Vault wrapped under another version than it was told')
    return Buffer.from(sealed, 'utf8')
  }

  async unwrap(epoch: number, blob: Buffer, aad: Buffer): Promise<Buffer> {
    const ciphertext = blob.toString('utf8')
    const version = versionOf(ciphertext)
    if (version === null) throw cannot('the blob is none of Vault')
    const epochs = await this.#epochs()
    // Without the record the blob alone says where it belongs: a lost record must not lose the book.
    if (epochs.cas > 0 && epochs.versions.get(epoch) !== version) throw gone(epoch)
    try {
      const plain = await this.#decrypt({ ciphertext, associated_data: aad.toString('base64') })
      return Buffer.from(plain, 'base64')
    } catch (error) {
      if (error instanceof VaultRefused && error.sentence.includes('(too old)')) throw gone(epoch)
      throw error
    }
  }

  async destroy(epoch: number): Promise<Destroyed> {
    const epochs = await this.#epochs()
    let info = await this.#info()
    if (epochs.cas === 0 && info.latest > 1)
      throw cannot(`${this.#at.kv}/${this.#at.path}/epochs is missing: nobody knows which versions are whose`)
    const version = epochs.versions.get(epoch)
    epochs.versions.delete(epoch)
    const others = [...epochs.versions.values()].filter(one => info.usable.has(one))
    if (version === undefined && others.length === 0) return destroyed('found-gone')
    if (others.length === 0) {
      // Vault keeps its newest version whatever happens: it shall be one that wrapped nothing.
      await this.#vault.post(`${this.#key}/rotate`)
      info = await this.#info()
    }
    const oldest = Math.min(info.latest, ...others)
    await this.#trim(info, oldest)
    await this.#record(epochs)
    if (version === undefined) return destroyed('found-gone')
    if (version < oldest) return destroyed('vault-transit-trim')
    // An older epoch is in use: this version is nobody's from now on, and deleted when that one ends.
    return { state: 'scheduled', at: nobodyKnows, method: 'vault-transit-with-the-next-trim' }
  }

  async list(): Promise<number[]> {
    const { usable } = await this.#info()
    const { versions } = await this.#epochs()
    return [...versions]
      .filter(([, version]) => usable.has(version))
      .map(([epoch]) => epoch)
      .sort((a, b) => a - b)
  }

  async readNewest(): Promise<Kept | null> {
    const found = await this.#vault.get(this.#secret('newest'))
    if (found === null) return null
    return readKept(String((dataOf(dataOf(found)) as { kept?: unknown }).kept))
  }

  async writeNewest(kept: Kept): Promise<void> {
    await this.#vault.post(this.#secret('newest'), { data: { kept: JSON.stringify(kept) } })
  }

  /** Deletes all versions under `oldest` for good: first no version under it is used, then none is there. */
  async #trim(info: KeyInfo, oldest: number): Promise<void> {
    if (info.minDecryption < oldest || info.minEncryption < oldest)
      await this.#vault.post(`${this.#key}/config`, {
        min_decryption_version: Math.max(oldest, info.minDecryption),
        min_encryption_version: Math.max(oldest, info.minEncryption),
      })
    if (info.minAvailable < oldest)
      await this.#vault.post(`${this.#key}/trim`, { min_available_version: oldest })
    if ((await this.#info()).minAvailable < oldest)
      throw cannot('Vault still holds versions that were trimmed')
  }

  get #key(): string {
    return `${this.#at.transit}/keys/${this.#at.key}`
  }

  #secret(name: string): string {
    return `${this.#at.kv}/data/${this.#at.path}/${name}`
  }

  async #read(): Promise<Fields> {
    const told = await this.#vault.get(this.#key)
    if (told === null) throw cannot(`there is no transit key ${this.#at.key} (docs/custodians.md)`)
    return dataOf(told)
  }

  async #info(): Promise<KeyInfo> {
    const told = await this.#read()
    if (told.soft_deleted === true) throw cannot(`the transit key ${this.#at.key} is deleted softly`)
    const number = (name: string) => Number(told[name] ?? 0)
    const minDecryption = number('min_decryption_version')
    const minAvailable = number('min_available_version')
    const from = Math.max(minDecryption, minAvailable)
    const shown = Object.keys((told.keys ?? {}) as Fields).map(Number)
    return {
      usable: new Set(shown.filter(version => version >= from)),
      latest: number('latest_version'),
      minEncryption: number('min_encryption_version'),
      minDecryption,
      minAvailable,
    }
  }

  async #epochs(): Promise<Epochs> {
    const found = await this.#vault.get(this.#secret('epochs'))
    if (found === null) return { versions: new Map(), cas: 0 }
    const { data, metadata } = dataOf(found) as { data?: Fields; metadata?: Fields }
    const told = Object.entries((data?.epochs ?? {}) as Fields).map(
      ([epoch, version]) => [Number(epoch), Number(version)] as const,
    )
    if (told.flat().some(one => !Number.isSafeInteger(one)) || !Number.isSafeInteger(metadata?.version))
      throw cannot(`${this.#at.kv}/${this.#at.path}/epochs is damaged`)
    return { versions: new Map(told), cas: metadata?.version as number }
  }

  async #record({ versions, cas }: Epochs): Promise<void> {
    const epochs = Object.fromEntries([...versions].map(([epoch, version]) => [String(epoch), version]))
    await this.#vault.post(this.#secret('epochs'), { options: { cas }, data: { epochs } })
  }

  async #encrypt(body: Fields): Promise<string> {
    const told = await this.#vault.post(`${this.#at.transit}/encrypt/${this.#at.key}`, body)
    return String(dataOf(told).ciphertext)
  }

  async #decrypt(body: Fields): Promise<string> {
    const told = await this.#vault.post(`${this.#at.transit}/decrypt/${this.#at.key}`, body)
    return String(dataOf(told).plaintext)
  }
}

const gone = (epoch: number) =>
  new KeeperRefusal('gone', { why: `Vault holds no usable version for epoch ${epoch}` })

const destroyed = (method: string): Destroyed => ({
  state: 'destroyed',
  at: new Date().toISOString(),
  method,
})

function versionOf(ciphertext: string): number | null {
  const number = /^vault:v([1-9][0-9]{0,8}):[A-Za-z0-9+/=]+$/.exec(ciphertext)?.[1]
  return number === undefined ? null : Number(number)
}

if (import.meta.main)
  await runCustodian(() => {
    const site = {
      address: settingOf('CUSTODE_VAULT_ADDR'),
      tokenFile: settingOf('CUSTODE_VAULT_TOKEN_FILE'),
      namespace: settingOf('CUSTODE_VAULT_NAMESPACE', '') || null,
    }
    const at = {
      transit: settingOf('CUSTODE_VAULT_TRANSIT', 'transit'),
      kv: settingOf('CUSTODE_VAULT_KV', 'secret'),
      key: settingOf('CUSTODE_VAULT_KEY', 'custode'),
      path: settingOf('CUSTODE_VAULT_PATH', 'custode'),
    }
    return new VaultTransitCustodian(site, at).open()
  })
