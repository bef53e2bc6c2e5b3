import { createHmac, type KeyObject } from 'node:crypto'

/**
 * A keyed fingerprint: the first 16 bytes of `HMAC-SHA-256(fingerprint slot, kind || 0x00 || value)`. The value is
 * in Unicode's composed form (NFC), for kinds that end in `email` in lower case. A kind holds no zero byte, so kind
 * and value cannot run into each other. Without the key nobody can try whether a guessed value fits.
 */
export function fingerprint(key: KeyObject, kind: string, value: string): Buffer {
  const plain = value.normalize('NFC')
  const folded = kind.endsWith('email') ? plain.toLowerCase() : plain
  return createHmac('sha256', key).update(`${kind}\0${folded}`).digest().subarray(0, 16)
}
