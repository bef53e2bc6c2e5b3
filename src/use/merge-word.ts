import { randomInt } from 'node:crypto'
import { mergeDays } from '../collection/merge.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { sha256 } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { listSeenTwice } from './duplicate-objection.ts'

/** For so many minutes a word is good. */
const wordMinutes = 30

/** No letter and no digit that is taken for another when it is read aloud or copied by hand. */
const letters = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const [groups, length] = [3, 4]

export interface MergeWord {
  word: string
  until: Date
}

/**
 * Makes the word by which the customer of this session shows in their other record that this one is theirs as well; this one is
 * the one that will go. It is shown once and stored as a hash; an older one is of no use any more. Refuses `not_found` for a pair
 * that is not about the caller, was not decided to be one person, or was denied by either; `conflict` where one of the two is
 * merged already, `guardian_apart` and `age_in_doubt` as `requireUnguarded` does.
 */
export async function makeMergeWord(house: House, session: Session, task: string): Promise<MergeWord> {
  const word = newWord()
  const until = new Date(house.clock.now().getTime() + wordMinutes * 60_000)
  await change(house, async (tx, note) => {
    await lockPair(tx, session.subject, task)
    await tx.query('delete from merge_word where subject = $1', [session.subject])
    await tx.query(
      `insert into merge_word (subject, slot, task, hash, until)
       select subject, number, $2, $3, $4 from slot where subject = $1 and compartment = 'identity'`,
      [session.subject, task, hashOf(word), until],
    )
    await note(session.subject, { kind: 'merge.word', actor: session.actor, task, result: 'done' })
  })
  return { word, until }
}

const newWord = (): string =>
  Array.from({ length: groups }, () =>
    Array.from({ length }, () => letters[randomInt(letters.length)]!).join(''),
  ).join('-')

/** Small letters, blanks and other strokes are forgiven. */
const hashOf = (word: string): Buffer => sha256(word.toUpperCase().replace(/[^A-Z0-9]/gu, ''))

/**
 * Locks both of a pair, in the order of their ids, and answers with the other. Refuses as `makeMergeWord` does.
 */
export async function lockPair(tx: Tx, subject: string, task: string): Promise<string> {
  const people = await tx.query<{ id: string }>(
    `select id from subject
      where id in (select subject from duplicate where task = $1 union select other from duplicate where task = $1)
      order by id for update`,
    [task],
  )
  const seen = (await listSeenTwice(tx, subject)).find(one => one.id === task)
  const other = people.find(one => one.id !== subject)
  if (seen === undefined || seen.objected_at !== null || other === undefined)
    throw new Refusal('not_found', { why: 'not about the caller, not decided so, or denied' })
  const merged = await tx.maybe('select 1 from merge where stays = any ($1) or rests = any ($1)', [
    [subject, other.id],
  ])
  if (merged !== null) throw new Refusal('conflict', { why: 'one of the two is merged already' })
  await requireUnguarded(tx, [subject, other.id])
  return other.id
}

/**
 * A child's record stays apart until what their guardian agreed to was taken over or has lapsed: `guardian_apart`. A doubt of how old
 * somebody is would be left behind in what rests: `age_in_doubt`.
 */
async function requireUnguarded(tx: Tx, pair: readonly string[]): Promise<void> {
  const guarded = await tx.query('select 1 from guardianship where subject = any ($1)', [pair])
  if (guarded.length > 0) throw new Refusal('guardian_apart')
  const doubted = await tx.query(
    `select 1 from restriction where subject = any ($1) and field = 'birth_date'`,
    [pair],
  )
  if (doubted.length > 0) throw new Refusal('age_in_doubt')
}

/** Whether this is the word that this record of the pair was given. */
export async function isWordOf(
  database: Queryable,
  house: House,
  { other, task, word }: { other: string; task: string; word: string },
): Promise<boolean> {
  const row = await database.maybe(
    'select 1 from merge_word where subject = $1 and task = $2 and hash = $3 and until > $4',
    [other, task, hashOf(word), house.clock.now()],
  )
  return row !== null
}

/** The end of the time in which a merge of now can be undone. */
export const undoableUntil = (at: Date): Date => new Date(at.getTime() + mergeDays * 86_400_000)
