import type pino from 'pino'
import type { House } from '../core/house.ts'
import { drain } from '../core/outbox.ts'

/**
 * Takes what waits in the outbox into the log at every call. Never throws: what cannot be taken is a warning, said
 * again only when something about it has changed. The warning holds codes and counts, never a person.
 */
export function watchOutbox(house: House, log: pino.Logger): () => Promise<void> {
  let said = ''
  const warn = (facts: object, sentence: string): void => {
    const told = JSON.stringify(facts)
    if (told !== said) log.warn(facts, sentence)
    said = told
  }
  return async () => {
    try {
      const stuck = await drain(house)
      if (Object.keys(stuck).length === 0) said = ''
      else warn({ stuck }, 'entries of some trails are refused by the keeper and wait')
    } catch (error) {
      const { code } = error as { code?: unknown }
      warn({ code: String(code) }, 'entries wait, because the outbox could not be looked through')
    }
  }
}
