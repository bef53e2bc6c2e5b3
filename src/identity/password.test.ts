import { describe, expect, it } from 'vitest'
import { hashPassword, passwordFault, verifyPassword } from './password.ts'

describe('a new password', () => {
  it('has at least 12 characters and at most 200, counted as people count them', () => {
    expect(passwordFault('elevenchars')).toBe('too_short')
    expect(passwordFault('twelve chars')).toBeNull()
    expect(passwordFault('🦊🐢🦉🐝🐙🦀🐬')).toBe('too_short')
    expect(passwordFault('🦊🐢🦉🐝🐙🦀🐬🦋🐞🦔🐌🦜')).toBe('invalid')
    expect(passwordFault('ab cd ef gh '.repeat(16))).toBeNull()
    expect(passwordFault('ab cd ef gh '.repeat(17))).toBe('too_long')
  })

  it('is none of those that everybody tries first, however they are spaced', () => {
    expect(passwordFault('Correct Horse Battery Staple')).toBe('invalid')
    expect(passwordFault('Password-1234')).toBe('invalid')
    expect(passwordFault('aaaaaaaaaaaaaaaa')).toBe('invalid')
    expect(passwordFault('121212121212121')).toBe('invalid')
  })

  it('is not the name of the company or the person with a few characters more', () => {
    expect(passwordFault('BottegaAurora1', ['Bottega Aurora'])).toBe('invalid')
    expect(passwordFault('bottega-aurora-2026', ['Bottega Aurora'])).toBe('invalid')
    expect(passwordFault('nine lamps over bottega aurora', ['Bottega Aurora'])).toBeNull()
    expect(passwordFault('twelve chars', ['Bo'])).toBeNull()
  })
})

describe('a password hash', () => {
  it('is argon2id at the cost OWASP names, with a salt of its own', async () => {
    const [one, other] = await Promise.all([hashPassword('nine lamps'), hashPassword('nine lamps')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(other)
  })

  it('fits its password alone, in either Unicode spelling', async () => {
    const hash = await hashPassword('caffè e cornetto'.normalize('NFC'))
    expect(await verifyPassword(hash, 'caffè e cornetto'.normalize('NFD'))).toBe(true)
    expect(await verifyPassword(hash, 'caffe e cornetto')).toBe(false)
    expect(await verifyPassword(hash, '')).toBe(false)
  })

  it('of nobody fits nothing, not even the stand-in’s own password', async () => {
    expect(await verifyPassword(null, 'nobody has this password')).toBe(false)
  })
})
