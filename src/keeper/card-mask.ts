/** Purposes for which the whole number is needed: to pay with it, and to move it under another key when others leave. */
const whole = ['payment', 'withdrawal']

/**
 * A value as it leaves the keeper under a grant of this purpose: of a card's whole number the last four digits alone, unless
 * it is needed (PCI DSS 3.4.1). Every other value as it is.
 */
export function maskedFor(purpose: string, held: unknown): unknown {
  const { card, value } = (typeof held === 'object' && held !== null ? held : {}) as Held
  if (card !== true || whole.includes(purpose)) return held
  return { ...(held as object), value: `•••• ${String(value).slice(-4)}` }
}

interface Held {
  card?: unknown
  value?: unknown
}
