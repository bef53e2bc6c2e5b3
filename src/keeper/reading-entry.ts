import { type Grant, opens } from './grants.ts'
import type { Appending } from './log.ts'
import { KeeperRefusal } from './refusal.ts'
import { part } from './shape.ts'

/** Refuses with `outside_grant` a field that the grant does not open, told by its position. */
export function requireFields(grant: Grant, fields: string[]): void {
  for (const [at, field] of fields.entries()) {
    if (field !== '*' && !opens(grant, field)) throw new KeeperRefusal('outside_grant', { why: 'field', at })
  }
}

/** What a customer's trail says of a reading of theirs. */
export function readingEntry(
  grant: Grant,
  about: {
    trailSlot: number
    subject: string
    fields: string[]
    act: string
    task?: string | undefined
    until?: number | undefined
  },
): Appending {
  const body = {
    kind: 'reading',
    act: about.act,
    actor: grant.actor,
    subject: about.subject,
    ...part('task', about.task ?? grant.task),
    grant: grant.id,
    purpose: grant.purpose,
    fields: about.fields,
    result: 'opened',
    policy: grant.policy,
    ...part('until', about.until === undefined ? undefined : new Date(about.until).toISOString()),
  }
  return { trailSlot: about.trailSlot, body, control: { reading: grant.id } }
}
