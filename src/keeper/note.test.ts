import { sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { privateKeyOf } from '../../test/log.ts'
import {
  checkpointText,
  formatVkey,
  keyOf,
  parseCheckpointText,
  parseVkey,
  rawKey,
  signerOf,
  signNote,
  verifyCheckpoint,
  verifyNote,
} from './note.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

// The key and note of the reference implementation's own tests (golang.org/x/mod/sumdb/note).
const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
const text =
  'If you think cryptography is the answer to your problem,\n' + "then you don't know what your problem is.\n"
const note =
  `${text}\n` +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'

const signer = signerOf('custode/test', privateKeyOf(Buffer.alloc(32, 1)))
const root = Buffer.alloc(32, 7)
const running = Buffer.alloc(32, 9)

describe('Ed25519', () => {
  // RFC 8032 section 7.1, tests 1 to 3.
  it.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('signs as RFC 8032 says: seed %s', (secret, publicKey, message, signature) => {
    const made = signerOf('x', privateKeyOf(hex(secret)))
    expect(rawKey(made.key).toString('hex')).toBe(publicKey)
    expect(rawKey(keyOf(hex(publicKey))).toString('hex')).toBe(publicKey)
    expect(sign(null, hex(message), made.privateKey).toString('hex')).toBe(signature)
  })
})

describe('a verifier key', () => {
  it('is the one that the reference implementation makes of the same seed', () => {
    expect(formatVkey(signerOf('PeterNeumann', privateKeyOf(seed)))).toBe(vkey)
  })

  it('is read back, also when its base64 holds a plus sign', () => {
    const names = Array.from({ length: 64 }, (_, count) =>
      signerOf('a', privateKeyOf(Buffer.alloc(32, count))),
    )
    expect(names.some(one => formatVkey(one).split('+').length > 3)).toBe(true)
    for (const one of names) expect(rawKey(parseVkey(formatVkey(one))!.key)).toEqual(rawKey(one.key))
  })

  it('is refused when cut or changed anywhere', () => {
    for (let from = 0; from < vkey.length; from += 1) {
      for (let to = from; to <= vkey.length; to += 1) {
        if (from !== 0 || to !== vkey.length) expect(parseVkey(vkey.slice(from, to))).toBeNull()
      }
      const other = String.fromCharCode(vkey.charCodeAt(from) + 1)
      expect(parseVkey(vkey.slice(0, from) + other + vkey.slice(from + 1))).toBeNull()
    }
  })

  it('is refused for another algorithm or length, even with a fitting id', () => {
    expect(parseVkey('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==')).toBeNull()
    expect(parseVkey('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')).toBeNull()
  })

  it('has no blank and no plus sign in its name', () => {
    for (const name of ['', 'two words', 'a+b', 'line\nbreak']) {
      expect(() => signerOf(name, signer.privateKey)).toThrow(RangeError)
    }
  })
})

describe('a signed note', () => {
  it('is byte for byte the one of the reference implementation', () => {
    expect(signNote(text, signerOf('PeterNeumann', privateKeyOf(seed)))).toBe(note)
    expect(verifyNote(note, parseVkey(vkey)!)).toBe(text)
  })

  it('is refused when any character is changed or cut', () => {
    const verifier = parseVkey(vkey)!
    for (let at = 0; at < note.length; at += 1) {
      const other = String.fromCharCode(note.charCodeAt(at) ^ 1)
      expect(verifyNote(note.slice(0, at) + other + note.slice(at + 1), verifier)).toBeNull()
      expect(verifyNote(note.slice(0, at), verifier)).toBeNull()
    }
  })

  it('counts beside the signatures of others, and not without its own', () => {
    const cosigned = `${note}— witness ${Buffer.alloc(76, 3).toString('base64')}\n`
    expect(verifyNote(cosigned, parseVkey(vkey)!)).toBe(text)
    expect(verifyNote(note, signer)).toBeNull()
  })
})

describe('a checkpoint', () => {
  const at = { origin: 'custode/test', size: 42, root, running }

  it('says origin, size and root, and the running hash as its extension', () => {
    const lines = ['custode/test', '42', root.toString('base64'), `running ${running.toString('hex')}`, '']
    expect(checkpointText(at)).toBe(lines.join('\n'))
    expect(parseCheckpointText(checkpointText(at))).toEqual(at)
    expect(verifyCheckpoint(signNote(checkpointText(at), signer), signer)).toEqual(at)
  })

  it('is read without the extension too, as another log would write it', () => {
    const plain = { ...at, running: null }
    expect(verifyCheckpoint(signNote(checkpointText(plain), signer), signer)).toEqual(plain)
  })

  it('is refused with a size, root or line that the format does not know', () => {
    const base = root.toString('base64')
    const texts = [
      `custode/test\n042\n${base}\n`,
      `custode/test\n-1\n${base}\n`,
      `custode/test\n1e3\n${base}\n`,
      `custode/test\n9999999999999999\n${base}\n`,
      `custode/test\n42\n${base.slice(4)}\n`,
      `custode/test\n42\n${base}`,
      `custode/test\n42\n${base}\n\n`,
      `\n42\n${base}\n`,
      'custode/test\n42\n',
    ]
    for (const wrong of texts) expect(parseCheckpointText(wrong)).toBeNull()
  })

  it('is refused under an origin that is not the signer', () => {
    const foreign = signNote(checkpointText({ ...at, origin: 'custode/other' }), signer)
    expect(verifyCheckpoint(foreign, signer)).toBeNull()
  })
})
