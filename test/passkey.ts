import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

const sha256 = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest()

/** What an answer of this authenticator is made of; a test that lies changes one of them. */
export interface Circumstances {
  origin: string
  rpId: string
  /** Whether it asked its person for a finger, a face or a PIN. */
  verified: boolean
  /** What the counter says; one more than before unless told. */
  counter?: number
}

interface Options {
  challenge: string
}

/** An authenticator with one passkey (WebAuthn Level 3, sections 6.1 and 6.5.1), as hostile as a test wants it. */
export class SoftwareAuthenticator {
  readonly id = randomBytes(32)
  readonly #key: KeyObject
  readonly #cose: Buffer
  #counter: number

  constructor(counter = 1) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x, y } = publicKey.export({ format: 'jwk' })
    const part = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'))
    const cose = new Map<number, number | Uint8Array>([
      ...([
        [1, 2],
        [3, -7],
        [-1, 1],
      ] as [number, number][]),
      ...([
        [-2, part(x)],
        [-3, part(y)],
      ] as [number, Uint8Array][]),
    ])
    this.#cose = Buffer.from(isoCBOR.encode(cose))
    this.#key = privateKey
    this.#counter = counter
  }

  /** Makes the passkey: a `RegistrationResponseJSON`. */
  register({ challenge }: Options, where: Circumstances) {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.length)
    const data = Buffer.concat([...[this.#head(where, 0x40), Buffer.alloc(16), length, this.id, this.#cose]])
    const attestation = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(data)],
      ]) as never,
    )
    return this.#answer({
      clientDataJSON: client('webauthn.create', challenge, where).toString('base64url'),
      attestationObject: Buffer.from(attestation).toString('base64url'),
      transports: ['internal'],
    })
  }

  /** Signs with it: an `AuthenticationResponseJSON`. */
  sign({ challenge }: Options, where: Circumstances) {
    this.#counter = where.counter ?? this.#counter + 1
    const clientData = client('webauthn.get', challenge, where)
    const data = this.#head(where, 0)
    const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), this.#key)
    return this.#answer({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
    })
  }

  #head({ rpId, verified }: Circumstances, flags: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.#counter)
    return Buffer.concat([sha256(rpId), Buffer.from([0x01 | (verified ? 0x04 : 0) | flags]), counter])
  }

  #answer<T>(response: T) {
    const id = this.id.toString('base64url')
    return { id, rawId: id, type: 'public-key' as const, response, clientExtensionResults: {} }
  }
}

const client = (type: string, challenge: string, { origin }: Circumstances): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
