import { randomUUID } from 'node:crypto'
import type { Custodian } from './custodian.ts'
import type { Keeper } from './keeper.ts'
import type { Appending } from './log.ts'
import { isRecoveryName } from './recovery.ts'
import { KeeperRefusal } from './refusal.ts'
import type { CustodianEvidence, LeftOut } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import type { RollIntent } from './roll-recovery.ts'
import { object, wordOf } from './shape.ts'

/** A custodian that may still hold the key of an epoch, and that no roll asks to destroy it. */
interface Held extends LeftOut {
  /** The epoch whose key it held last. */
  epoch: number
  /** `absent`: not configured; `replaced`: another one goes by its name, without that key. */
  how: 'absent' | 'replaced'
  /** It was seen again with that key, which is to be destroyed. */
  found: boolean
}

/** What an entry says of one of them; `ended` is how its key went. */
interface Told {
  id: string
  epoch: number
  since?: string
  how?: 'absent' | 'replaced'
  found?: true
  ended?: CustodianEvidence
}

/**
 * What the log says of custodians that held a key of the keybook and were left out before they had destroyed it: an
 * old copy of the book and that key open what was erased since. Each stays open until it is configured again and its
 * key destroyed, or until a person states that it was destroyed by hand.
 */
export class Custody {
  readonly #held: Held[] = []

  replay(control: Record<string, unknown>): void {
    if (control.custodian === undefined) return
    const { id, epoch, ...told } = control.custodian as Told
    const known = this.#held.find(one => one.id === id && one.epoch === epoch && !isGone(one))
    if (told.since !== undefined && told.how !== undefined) {
      // Whoever was only absent has been replaced since; whoever was replaced already is another one.
      if (known?.how === 'absent') known.how = told.how
      else
        this.#held.push({ id, kind: id, epoch, since: told.since, how: told.how, found: false, ended: null })
    }
    if (known === undefined) return
    if (told.found === true) known.found = true
    if (told.ended !== undefined) known.ended = told.ended
  }

  /** Every one that was ever left out, and how that ended. */
  all(): LeftOut[] {
    return this.#held.map(({ id, kind, since, ended }) => ({ id, kind, since, ended }))
  }

  /** Those whose key nobody has seen destroyed. */
  undestroyed(): Readonly<Held>[] {
    return this.#held.filter(one => !isGone(one))
  }

  /** Those of which nobody has stated anything either. */
  open(): Readonly<Held>[] {
    return this.#held.filter(one => one.ended === null)
  }

  /** As the evidence of a destruction names them. */
  evidence(): CustodianEvidence[] {
    return this.undestroyed().map(
      ({ id, kind, since, ended }) =>
        ended ?? { id, kind, state: 'left-out', at: since, method: 'never-asked' },
    )
  }
}

/** A statement is no destruction that anybody saw. */
const isGone = ({ ended }: LeftOut): boolean => ended !== null && ended.state !== 'stated'

/**
 * Enters whoever holds the key of this book and is not configured any more. Called at every start before anything is
 * destroyed, so that the wraps of the book name everybody who was configured until then.
 */
export async function noteAbsent(keeper: Keeper): Promise<void> {
  const { custodians, book } = keeper.keybook
  const absent = book.wraps
    .map(wrap => wrap.custodian)
    .filter(id => !isRecoveryName(id) && !custodians.some(one => one.id === id))
  const known = keeper.custody.undestroyed().filter(one => one.epoch === book.epoch)
  for (const id of absent)
    if (!known.some(one => one.id === id && one.how === 'absent')) await noteLeftOut(keeper, id, 'absent')
}

/** Enters that a custodian of this name has not the key any more that it was given: it was lost, or is another one. */
export const noteReplaced = (keeper: Keeper, { id }: Custodian): Promise<void> =>
  noteLeftOut(keeper, id, 'replaced')

async function noteLeftOut(keeper: Keeper, id: string, how: 'absent' | 'replaced'): Promise<void> {
  const since = new Date(keeper.now()).toISOString()
  const told = { id, epoch: keeper.keybook.epoch, since, how }
  await write(keeper, [entryOf(told, how === 'absent' ? 'left-out' : 'replaced')])
  keeper.say(
    `the custodian ${id} was left out with a key of the keybook: erasures are not final until it is configured again or retired`,
  )
}

/**
 * Enters whoever is configured again with the key it was left out with, before that is destroyed. `unfinished` is the
 * roll that is being ended: whoever replaced another in the epoch before it holds a key of the same number.
 */
export async function noteFound(keeper: Keeper, unfinished: RollIntent | null): Promise<void> {
  for (const one of keeper.custody.undestroyed()) {
    const custodian = keeper.keybook.custodians.find(({ id }) => id === one.id)
    if (custodian === undefined || one.found) continue
    if (one.how === 'replaced' && one.epoch === keeper.keybook.epoch) continue
    if (one.how === 'replaced' && unfinished !== null && one.epoch === unfinished.epoch - 1) continue
    if (!(await custodian.list()).includes(one.epoch)) continue
    await write(keeper, [entryOf({ id: one.id, epoch: one.epoch, found: true }, 'found')])
  }
}

/** Enters how the keys of those who were found ended. The caller has just had everything but this epoch destroyed. */
export async function endFound(keeper: Keeper): Promise<void> {
  const { epoch: current, custodians } = keeper.keybook
  for (const { id, kind, epoch, found } of keeper.custody.undestroyed()) {
    const custodian = custodians.find(one => one.id === id)
    if (custodian === undefined || !found) continue
    // Whoever is back in the same epoch has missed at most the destruction of the one before.
    const last = Math.max(1, epoch === current ? epoch - 1 : epoch)
    const gone = last === current ? inTime(keeper) : await custodian.destroy(last)
    await write(keeper, [entryOf({ id, epoch, ended: { id, kind, ...gone } }, gone.state)])
  }
}

const inTime = (keeper: Keeper) => ({
  ...{ state: 'destroyed' as const, at: new Date(keeper.now()).toISOString() },
  method: 'configured-again',
})

export interface Statement {
  /** The custodian that was left out. */
  id: string
  /** The number of the paper that says who destroyed its keys, how and when: the log holds no names and no free text. */
  statement: string
}

/** A statement as it arrives. Refuses with `malformed` anything else. */
export function statementOf(value: unknown): Statement {
  const given = object(value, 'statement')
  return { id: wordOf(given.id, 'id'), statement: wordOf(given.statement, 'statement') }
}

/**
 * Enters that a person states to have destroyed by hand what a custodian held when it was left out. Nobody can check
 * it, so every later destruction names it as stated. Refuses with `malformed` a custodian that was not left out.
 */
export async function retire(keeper: Keeper, { id, statement }: Statement): Promise<void> {
  const those = keeper.custody.open().filter(one => one.id === id)
  if (those.length === 0)
    throw new KeeperRefusal('malformed', { why: `no custodian ${id} was left out with a key` })
  const at = new Date(keeper.now()).toISOString()
  const ended = { ...{ id, state: 'stated' as const, at, method: 'destroyed-by-hand' }, statement }
  await write(
    keeper,
    those.map(({ kind, epoch }) => entryOf({ id, epoch, ended: { ...ended, kind } }, 'stated')),
  )
}

function entryOf(told: Told, result: string): Appending {
  const { id, epoch, ended } = told
  return {
    trailSlot: organisationTrail,
    body: {
      ...{ kind: 'custodian', act: randomUUID(), actor: ended?.state === 'stated' ? 'operator' : 'keeper' },
      ...{ subject: 'organisation', result },
      detail: { custodian: id, epoch, ...(ended === undefined ? {} : { ended: { ...ended } }) },
    },
    control: { custodian: { ...told } },
  }
}

async function write(keeper: Keeper, entries: Appending[]): Promise<void> {
  await keeper.write(entries)
  for (const { control } of entries) keeper.custody.replay(control ?? {})
}
