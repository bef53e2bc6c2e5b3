import { expect, test } from 'vitest'
import { hpkeOpen, hpkeSeal, x25519PrivateKey, x25519PublicBytes } from './hpke.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

// RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, first message.
const vector = {
  info: hex('4f6465206f6e2061204772656369616e2055726e'),
  ephemeral: '52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736',
  enc: '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431',
  recipient: '4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8',
  publicKey: '3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d',
  plain: hex('4265617574792069732074727574682c20747275746820626561757479'),
  aad: hex('436f756e742d30'),
  ciphertext: 'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
}

test('a message sealed with fixed randomness has exactly the bytes of the RFC', () => {
  const { info, aad, plain } = vector
  const recipient = x25519PrivateKey(hex(vector.recipient))
  expect(x25519PublicBytes(recipient).toString('hex')).toBe(vector.publicKey)
  const ephemeral = x25519PrivateKey(hex(vector.ephemeral))
  const sealed = hpkeSeal(hex(vector.publicKey), { info, aad, plain }, 'aes-128-gcm', ephemeral)
  expect(sealed.toString('hex')).toBe(vector.enc + vector.ciphertext)
  expect(hpkeOpen(recipient, sealed, { info, aad }, 'aes-128-gcm')).toEqual(plain)
})

test('a message opens for its recipient, at its place and unchanged, and otherwise not at all', () => {
  const recipient = x25519PrivateKey(hex(vector.recipient))
  const place = { info: Buffer.from('here'), aad: Buffer.from('1') }
  const plain = Buffer.from('a book key of thirty-two bytes ')
  const sealed = hpkeSeal(hex(vector.publicKey), { ...place, plain })
  expect(hpkeOpen(recipient, sealed, place)).toEqual(plain)
  expect(hpkeOpen(recipient, sealed, { ...place, info: Buffer.from('there') })).toBeNull()
  expect(hpkeOpen(recipient, sealed, { ...place, aad: Buffer.from('2') })).toBeNull()
  expect(hpkeOpen(x25519PrivateKey(hex(vector.ephemeral)), sealed, place)).toBeNull()
  expect(hpkeOpen(recipient, sealed, place, 'aes-128-gcm')).toBeNull()
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at]! ^= at === 31 ? 1 : 128
    expect(hpkeOpen(recipient, changed, place)).toBeNull()
    expect(hpkeOpen(recipient, sealed.subarray(0, at), place)).toBeNull()
  }
  expect(hpkeOpen(recipient, Buffer.concat([Buffer.alloc(32), sealed.subarray(32)]), place)).toBeNull()
})
