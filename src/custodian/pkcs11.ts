import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as pkcs11js from 'pkcs11js'
import type { Handle, PKCS11, Template } from 'pkcs11js'
import { KeeperRefusal } from '../keeper/client.ts'
import type { Destroyed, Kept } from '../keeper/custodian.ts'
import { newestOf, readKept } from './newest.ts'
import { cannot, MustChange, runCustodian, type Served } from './serving.ts'
import { readSecretFile, settingOf } from './setting.ts'

type Library = typeof pkcs11js

const formatVersion = 1
const ivLength = 12
const tagLength = 16
/** Return values (PKCS #11 2.40, section 5.1) after which a session is opened anew and the act tried once more. */
const lostSession = new Set([
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
])

interface Place {
  module: string
  token: string
  pinFile: string
  /** What the labels of this installation's objects begin with. */
  name: string
}

/**
 * The custodian that is a PKCS #11 token: an HSM, a smart card, SoftHSM. One AES-256 key per epoch that the token
 * never gives out. Blob of `wrap`: `u8 version = 1 | iv 12 | AES-GCM ciphertext | tag 16`.
 */
class Pkcs11Custodian implements Served {
  readonly id = 'pkcs11'
  readonly kind = 'pkcs11'
  readonly #library: Library
  readonly #at: Place
  #pkcs11: PKCS11
  #session: Handle | null = null
  #pinRefused = false

  constructor(library: Library, at: Place) {
    this.#library = library
    this.#at = at
    this.#pkcs11 = new library.PKCS11()
  }

  /** Opens the token and refuses keys that could leave it. */
  async open(): Promise<this> {
    this.#within(session => {
      for (const key of this.#find(session, { class: this.#library.CKO_SECRET_KEY }))
        if (this.#epochOf(session, key) !== null) this.#requireSealedIn(session, key)
    })
    return this
  }

  async createEpoch(epoch: number): Promise<void> {
    const { CKO_SECRET_KEY, CKK_AES, CKM_AES_KEY_GEN } = this.#library
    this.#within(session => {
      this.#remove(session, this.#keys(session, epoch))
      const key = this.#pkcs11.C_GenerateKey(
        session,
        { mechanism: CKM_AES_KEY_GEN },
        this.#template({
          CKA_CLASS: CKO_SECRET_KEY,
          CKA_KEY_TYPE: CKK_AES,
          CKA_VALUE_LEN: 32,
          CKA_LABEL: this.#label(epoch),
          CKA_TOKEN: true,
          CKA_PRIVATE: true,
          CKA_SENSITIVE: true,
          CKA_EXTRACTABLE: false,
          CKA_ENCRYPT: true,
          CKA_DECRYPT: true,
          CKA_WRAP: false,
          CKA_UNWRAP: false,
        }),
      )
      this.#requireSealedIn(session, key)
    })
  }

  async wrap(epoch: number, key: Buffer, aad: Buffer): Promise<Buffer> {
    return this.#within(session => {
      const iv = randomBytes(ivLength)
      this.#pkcs11.C_EncryptInit(session, this.#gcm(iv, aad), this.#requireKey(session, epoch))
      const out = Buffer.alloc(key.length + tagLength)
      return Buffer.concat([Buffer.of(formatVersion), iv, this.#pkcs11.C_Encrypt(session, key, out)])
    })
  }

  async unwrap(epoch: number, blob: Buffer, aad: Buffer): Promise<Buffer> {
    return this.#within(session => {
      const key = this.#requireKey(session, epoch)
      if (blob[0] !== formatVersion || blob.length < 1 + ivLength + tagLength) throw notOurs()
      const iv = blob.subarray(1, 1 + ivLength)
      const sealed = blob.subarray(1 + ivLength)
      this.#pkcs11.C_DecryptInit(session, this.#gcm(iv, aad), key)
      try {
        return this.#pkcs11.C_Decrypt(session, sealed, Buffer.alloc(sealed.length))
      } catch (error) {
        if (lostSession.has(codeOf(error))) throw error
        throw notOurs()
      }
    })
  }

  async destroy(epoch: number): Promise<Destroyed> {
    this.#within(session => {
      this.#remove(session, this.#keys(session, epoch))
      if (this.#keys(session, epoch).length > 0) throw cannot(`the token still holds a key of epoch ${epoch}`)
    })
    return { state: 'destroyed', at: new Date().toISOString(), method: 'pkcs11-destroy-object' }
  }

  async list(): Promise<number[]> {
    const epochs = this.#within(session =>
      this.#find(session, { class: this.#library.CKO_SECRET_KEY }).map(key => this.#epochOf(session, key)),
    )
    return [...new Set(epochs.filter(epoch => epoch !== null))].sort((a, b) => a - b)
  }

  async readNewest(): Promise<Kept | null> {
    return this.#within(session => newestOf(this.#notes(session).map(note => this.#kept(session, note))))
  }

  async writeNewest(kept: Kept): Promise<void> {
    const { CKO_DATA } = this.#library
    this.#within(session => {
      const older = this.#notes(session)
      this.#pkcs11.C_CreateObject(
        session,
        this.#template({
          CKA_CLASS: CKO_DATA,
          CKA_LABEL: `${this.#at.name}-newest`,
          CKA_APPLICATION: 'custode',
          CKA_TOKEN: true,
          CKA_PRIVATE: true,
          CKA_VALUE: Buffer.from(JSON.stringify(kept)),
        }),
      )
      this.#remove(session, older)
    })
  }

  close(): void {
    try {
      this.#pkcs11.C_Finalize()
    } catch {
      // The token is gone: there is nothing left to close.
    }
    this.#session = null
  }

  /** Runs an act in a logged-in session; opens the token anew and repeats it once when the session was lost. */
  #within<T>(act: (session: Handle) => T): T {
    try {
      try {
        return act(this.#open())
      } catch (error) {
        if (!lostSession.has(codeOf(error))) throw error
        this.close()
        return act(this.#open())
      }
    } catch (error) {
      if (error instanceof KeeperRefusal) throw error
      const code = codeOf(error)
      if (code === '') throw error
      throw cannot(`the token answered ${code}`)
    }
  }

  #open(): Handle {
    if (this.#session !== null) return this.#session
    const { CKF_SERIAL_SESSION, CKF_RW_SESSION, CKU_USER } = this.#library
    this.#pkcs11 = new this.#library.PKCS11()
    try {
      this.#pkcs11.load(this.#at.module)
    } catch {
      throw new MustChange(`CUSTODE_PKCS11_MODULE cannot be loaded: ${this.#at.module}`)
    }
    try {
      this.#pkcs11.C_Initialize()
      const session = this.#pkcs11.C_OpenSession(this.#slot(), CKF_SERIAL_SESSION | CKF_RW_SESSION)
      this.#login(session, CKU_USER)
      this.#session = session
      return session
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Tries a PIN that was refused never again: a few more tries, and the token locks itself. */
  #login(session: Handle, user: number): void {
    const pin = readSecretFile('CUSTODE_PKCS11_PIN_FILE', this.#at.pinFile)
    if (this.#pinRefused) throw new MustChange('the token refused the PIN: it is not tried again')
    try {
      this.#pkcs11.C_Login(session, user, pin)
    } catch (error) {
      if (codeOf(error) === 'CKR_USER_ALREADY_LOGGED_IN') return
      this.#pinRefused = codeOf(error).startsWith('CKR_PIN_')
      if (this.#pinRefused) throw new MustChange(`the token refused the PIN: ${codeOf(error)}`)
      throw error
    }
  }

  #slot(): Handle {
    const found = this.#pkcs11
      .C_GetSlotList(true)
      .find(slot => this.#pkcs11.C_GetTokenInfo(slot).label.trim() === this.#at.token)
    if (found === undefined) throw cannot(`no token is labelled as CUSTODE_PKCS11_TOKEN says`)
    return found
  }

  #label(epoch: number): string {
    return `${this.#at.name}-epoch-${epoch}`
  }

  #epochOf(session: Handle, key: Handle): number | null {
    const [name, number = ''] = this.#attribute(session, key, 'CKA_LABEL').toString('utf8').split('-epoch-')
    return name === this.#at.name && /^[1-9][0-9]{0,8}$/.test(number) ? Number(number) : null
  }

  #keys(session: Handle, epoch: number): Handle[] {
    return this.#find(session, { class: this.#library.CKO_SECRET_KEY, label: this.#label(epoch) })
  }

  #requireKey(session: Handle, epoch: number): Handle {
    const key = this.#keys(session, epoch)[0]
    if (key === undefined)
      throw new KeeperRefusal('gone', { why: `the token holds no key of epoch ${epoch}` })
    return key
  }

  #notes(session: Handle): Handle[] {
    return this.#find(session, { class: this.#library.CKO_DATA, label: `${this.#at.name}-newest` })
  }

  #kept(session: Handle, note: Handle): Kept {
    return readKept(this.#attribute(session, note, 'CKA_VALUE').toString('utf8'))
  }

  #find(session: Handle, by: { class: number; label?: string }): Handle[] {
    const label = by.label === undefined ? {} : { CKA_LABEL: by.label }
    this.#pkcs11.C_FindObjectsInit(session, this.#template({ CKA_CLASS: by.class, ...label }))
    try {
      const found: Handle[] = []
      for (;;) {
        const next = this.#pkcs11.C_FindObjects(session, 64)
        if (next.length === 0) return found
        found.push(...next)
      }
    } finally {
      this.#pkcs11.C_FindObjectsFinal(session)
    }
  }

  #remove(session: Handle, objects: Handle[]): void {
    for (const object of objects) this.#pkcs11.C_DestroyObject(session, object)
  }

  #requireSealedIn(session: Handle, key: Handle): void {
    const sensitive = this.#attribute(session, key, 'CKA_SENSITIVE')[0] === 1
    const extractable = this.#attribute(session, key, 'CKA_EXTRACTABLE')[0] !== 0
    if (!sensitive || extractable)
      throw new MustChange('a key of this installation could be taken out of the token')
  }

  #attribute(session: Handle, object: Handle, name: AttributeName): Buffer {
    const type = this.#library[name]
    const [found] = this.#pkcs11.C_GetAttributeValue(session, object, [{ type }])
    return Buffer.isBuffer(found?.value) ? found.value : Buffer.alloc(0)
  }

  #template(values: Partial<Record<AttributeName, string | number | boolean | Buffer>>): Template {
    return Object.entries(values).map(([name, value]) => ({
      type: this.#library[name as AttributeName],
      value,
    }))
  }

  #gcm(iv: Buffer, aad: Buffer) {
    const { CKM_AES_GCM, CK_PARAMS_AES_GCM } = this.#library
    const parameter = { type: CK_PARAMS_AES_GCM, iv, aad, ivBits: ivLength * 8, tagBits: tagLength * 8 }
    return { mechanism: CKM_AES_GCM, parameter }
  }
}

type AttributeName = Extract<keyof Library, `CKA_${string}`>

const notOurs = () => new KeeperRefusal('unavailable', { why: 'the token cannot unwrap the book key' })

/** `CKR_…` of an error of the token, or an empty text. */
const codeOf = (error: unknown): string =>
  error instanceof Error ? (/\bCKR_[A-Z0-9_]+/.exec(error.message)?.[0] ?? '') : ''

/** The one dependency, optional because it is compiled where it is installed. */
function requireLibrary(): Library {
  try {
    return createRequire(import.meta.url)('pkcs11js') as Library
  } catch {
    throw new MustChange('pkcs11js is not installed or could not be compiled here (docs/custodians.md)')
  }
}

if (import.meta.main)
  await runCustodian(async () => {
    const at = {
      module: settingOf('CUSTODE_PKCS11_MODULE'),
      token: settingOf('CUSTODE_PKCS11_TOKEN'),
      pinFile: settingOf('CUSTODE_PKCS11_PIN_FILE'),
      name: settingOf('CUSTODE_PKCS11_NAME', 'custode'),
    }
    return new Pkcs11Custodian(requireLibrary(), at).open()
  })
