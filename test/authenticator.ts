import { generateSync } from 'otplib'

/** Somebody's second factor: a secret as the browser makes it, and the codes it shows. */
export const newTotpSecret = (): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return [...crypto.getRandomValues(new Uint8Array(32))].map(byte => alphabet[byte % 32]).join('')
}

/** The code that the authenticator shows at this moment. */
export const codeAt = (secret: string, at: Date): string =>
  generateSync({ secret, epoch: Math.floor(at.getTime() / 1000) })
