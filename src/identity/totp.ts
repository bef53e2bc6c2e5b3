import { verifySync } from 'otplib'

/** Seconds of one time step (RFC 6238 section 4.1). */
export const totpPeriod = 30

/** RFC 4226 section 4 asks for 160 bits: 20 bytes in base32. */
export const totpSecretPattern = /^[A-Z2-7]{32}$/

/**
 * The time step whose code this is, looking one step back and one ahead (RFC 6238 section 5.2), or null. The caller
 * must accept each step once (`takeTotpStep`): a code that was seen over a shoulder is then worth nothing.
 */
export function findTotpStep(secret: string, code: string, now: Date): number | null {
  if (!/^\d{6}$/.test(code) || !totpSecretPattern.test(secret)) return null
  const epoch = Math.floor(now.getTime() / 1000)
  const result = verifySync({ secret, token: code, epoch, epochTolerance: totpPeriod, period: totpPeriod })
  return result.valid && 'timeStep' in result ? result.timeStep : null
}
