import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'

/** ES256, EdDSA and RS256: what authenticators make, and what Node checks by itself. */
export const algorithms = [-7, -8, -257]

/** A passkey's public key, out of COSE (RFC 9052), so that it can be checked without knowing COSE. Throws for another kind. */
export function keyFromCose(bytes: Buffer): KeyObject {
  return createPublicKey({ format: 'jwk', key: jwkOf(bytes) })
}

function jwkOf(bytes: Buffer): JsonWebKey {
  const key = decodeCredentialPublicKey(new Uint8Array(bytes))
  const part = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64url')
  if (cose.isCOSEPublicKeyEC2(key) && key.get(cose.COSEKEYS.crv) === cose.COSECRV.P256)
    return { kty: 'EC', crv: 'P-256', x: part(key.get(cose.COSEKEYS.x)), y: part(key.get(cose.COSEKEYS.y)) }
  if (cose.isCOSEPublicKeyOKP(key) && key.get(cose.COSEKEYS.crv) === cose.COSECRV.ED25519)
    return { kty: 'OKP', crv: 'Ed25519', x: part(key.get(cose.COSEKEYS.x)) }
  if (cose.isCOSEPublicKeyRSA(key))
    return { kty: 'RSA', n: part(key.get(cose.COSEKEYS.n)), e: part(key.get(cose.COSEKEYS.e)) }
  throw new Error('a public key of a kind that is not asked for')
}
