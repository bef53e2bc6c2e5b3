import * as z from 'zod'
import { type FieldFault, Refusal } from '../core/refusal.ts'
import { passwordFault } from './password.ts'
import { findTotpStep, totpSecretPattern } from './totp.ts'

/** What somebody chooses who is to sign in from now on. The TOTP secret is made in their browser, so none lies half-made here. */
export const newCredentialsShape = {
  password: z.string().max(1000),
  totp_secret: z.string().max(100),
  code: z.string().max(20),
}

export interface NewCredentials {
  password: string
  totp_secret: string
  code: string
}

/**
 * Judges new credentials and returns the TOTP step whose code was shown, which the first session uses up. Throws
 * `invalid` with the fault of each field. `words` are what the password must not consist of.
 */
export function requireNewCredentials(given: NewCredentials, words: readonly string[], now: Date): number {
  const faults: FieldFault[] = []
  const password = passwordFault(given.password, words)
  if (password !== null) faults.push({ field: 'password', code: password })
  if (!totpSecretPattern.test(given.totp_secret)) faults.push({ field: 'totp_secret', code: 'invalid' })
  const step = findTotpStep(given.totp_secret, given.code, now)
  if (step === null) faults.push({ field: 'code', code: 'code' })
  if (step === null || faults.length > 0) throw new Refusal('invalid', { fields: faults })
  return step
}
