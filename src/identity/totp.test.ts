import { generateSync } from 'otplib'
import { describe, expect, it } from 'vitest'
import { findTotpStep } from './totp.ts'

// RFC 6238 appendix B: the ASCII secret 12345678901234567890; SHA-1, the last six of its eight digits.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('a TOTP code', () => {
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
  ])('of the published vector at %i seconds names its step', (seconds, code, step) => {
    expect(findTotpStep(secret, code, new Date(seconds * 1000))).toBe(step)
  })

  it('counts one step before and one after, and no further', () => {
    const now = new Date('2026-11-24T10:00:15Z')
    const step = Math.floor(now.getTime() / 30_000)
    const codeOf = (at: number) => generateSync({ secret, epoch: at * 30 })
    for (const at of [step - 1, step, step + 1]) expect(findTotpStep(secret, codeOf(at), now)).toBe(at)
    for (const at of [step - 2, step + 2]) expect(findTotpStep(secret, codeOf(at), now)).toBeNull()
  })

  it('that is no six digits, or of a secret that is none, names no step', () => {
    for (const code of ['', '28708', '2870822', '28708a', ' 287082', '٢٨٧٠٨٢'])
      expect(findTotpStep(secret, code, new Date(59_000))).toBeNull()
    for (const bad of ['', 'GEZDGNBV', `${secret}1`, secret.toLowerCase()])
      expect(findTotpStep(bad, '287082', new Date(59_000))).toBeNull()
  })
})
