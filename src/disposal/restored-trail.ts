import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import type { ToldChange } from '../keeper/client.ts'
import { keepCompartments } from './narrowing.ts'
import type { Counts } from './restoration-counts.ts'
import { hearMerge, type ToldMerges, undoAgain } from './restored-merge.ts'

interface Restored {
  id: string
  trail: number
  /** The number of the last change that the database knows. */
  known: number
  /** Agreements that the database has lost, each with the one in whose place it came. */
  renewed?: Map<string, string>
  /** Slots that were left behind when something was taken back. */
  left?: Set<number>
  /** Merges since the backup, of which this person's log tells one side. */
  merges: ToldMerges
}

/**
 * Replays into a restored database what the log says of one person since: what was taken back, closed or ended. What
 * was given since (a consent, a question, a value) is lost, for the log holds no values; it is counted.
 */
export async function replayTrail(tx: Tx, house: House, restored: Restored, counts: Counts): Promise<void> {
  const subject = { ...restored, renewed: new Map<string, string>(), left: new Set<number>() }
  for (let after = -1; ; ) {
    const page = await house.keeper.changesAfter({ trailSlot: subject.trail, number: subject.known, after })
    for (const one of page.changes) await replay(tx, subject, one, counts)
    if (!page.more) break
    after = page.after
  }
  await shredUncovered(tx, house, subject)
}

/**
 * What was taken back may have been covered meanwhile by a consent that is lost: then nothing covers it here, and it is
 * shredded. So is what was left behind under an old slot when the rest was moved: here the rest lies there still. Promised
 * to the log before the rows go; cut off in between, it is an erasure like any other.
 */
async function shredUncovered(tx: Tx, house: House, { id, trail, left }: Restored): Promise<void> {
  const bare = await tx.query<{ number: number; alias: string; compartment: string }>(
    `select l.number, l.compartment, s.alias from slot l join subject s on s.id = l.subject
      where l.subject = $1 and l.compartment not in ('trail', 'statutory')
        and (not is_covered(l.subject, l.compartment) or l.number = any ($2)) order by 1`,
    [id, [...(left ?? [])]],
  )
  const [first] = bare
  if (first === undefined) return
  const slots = bare.map(slot => slot.number)
  await house.keeper.shred({
    ...{ act: newId(), actor: 'system', reason: 'consent', slots },
    subject: { trailSlot: trail, alias: first.alias },
  })
  await keepCompartments(tx, bare)
  await tx.query('select erase_slots($1)', [slots])
}

type Replay = (tx: Tx, subject: Restored, one: ToldChange, counts: Counts) => Promise<void>

const nothing: Replay = async () => {}
const lost =
  (what: keyof Counts['lost']): Replay =>
  async (_tx, _subject, _one, counts) => {
    counts.lost[what]++
  }

/** What follows from each kind of change. Sessions and codes are all ended anyway. */
const replays: Record<string, Replay> = {
  'consent.withdrawal': takeBack,
  'task.closure': close,
  'duplicate.objection': object,
  // Who was found after the backup is looked for anew.
  duplicate: nothing,
  merge: async (_tx, subject, one) => hearMerge(subject.merges, subject.id, one.body),
  'merge.undo': (tx, subject, one) => undoAgain(tx, subject.merges, one.body),
  // Which values were taken over is lost with their newer boxes; the erasure that follows a completion is replayed itself.
  'merge.value': nothing,
  'merge.completion': nothing,
  'merge.word': nothing,
  'merge.refused': nothing,
  'merge.sent': nothing,
  'merge.expired': nothing,
  'duplicate.sent': nothing,
  'duplicate.expired': nothing,
  'employee.departed': depart,
  'employee.invited': nothing,
  'employee.accepted': async (_tx, _subject, one, counts) => {
    counts.invite.push(one.body.actor)
  },
  consent: loseConsent,
  // The agreement in whose place it came counts again: it names less. Taken back later, that one is.
  'consent.renewal': async (tx, subject, one, counts) => {
    const { consent, renews } = one.body.detail ?? {}
    subject.renewed?.set(String(consent), String(renews))
    await loseConsent(tx, subject, one, counts)
  },
  // Its box is older than the log knows: dropped, and told to the customer.
  value: async (tx, subject, one) => {
    // Another name than the one that was proved of them.
    if (one.body.fields?.includes('name') === true)
      await tx.query('update customer set level = 1 where id = $1 and level > 1', [subject.id])
    if (one.body.fields?.includes('birth_date') === true) await settleAge(tx, subject)
  },
  // What was left behind under the old slot is destroyed here too.
  retention: async (_tx, subject, one) => {
    for (const slot of (one.body.detail?.slots ?? []) as number[]) subject.left?.add(slot)
  },
  // So is what lay beside invoices that were taken back. A claim that was is in a box that is older than the log knows.
  'import.undo': async (_tx, subject, one) => {
    for (const slot of (one.body.detail?.slots ?? []) as number[]) subject.left?.add(slot)
  },
  dispute: async (tx, subject, one) => {
    if (one.body.fields?.includes('birth_date') !== true) return
    if (one.body.result === 'restricted') await doubtAge(tx, subject, one)
    else await settleAge(tx, subject)
  },
  verification: async (tx, subject, one) => {
    const differs = (one.body.detail?.differs ?? []) as string[]
    if (differs.includes('birth_date')) await doubtAge(tx, subject, one)
  },
  // The box of the address is older than the log knows, or of before the change: dropped, and told to the customer.
  address: nothing,
  'address.sent': nothing,
  'address.expired': nothing,
  'address.reversal': nothing,
  'address.settled': nothing,
  link: nothing,
  'link.sent': nothing,
  'link.expired': nothing,
  reminder: nothing,
  'reminder.sent': nothing,
  'reminder.expired': nothing,
  'guardian.request': nothing,
  'guardian.sent': nothing,
  'guardian.expired': nothing,
  'guardian.end': async (tx, subject) => {
    await tx.query('delete from guardianship where subject = $1', [subject.id])
  },
  // No older database gives a guardian back what they may do no more.
  'guardian.of_age': async (tx, subject, one) => {
    await tx.query(
      `update guardianship set of_age_at = $2::timestamptz, lapse_at = $3::timestamptz
        where subject = $1 and of_age_at is null`,
      [subject.id, one.body.time, one.body.detail?.lapse],
    )
  },
  'privacy.signal': async (tx, subject, one) => {
    await tx.query(
      `insert into privacy_signal (subject, heard_at) select id, $2 from customer where id = $1 on conflict do nothing`,
      [subject.id, one.body.time],
    )
  },
  document: async (tx, _subject, one, counts) => {
    const known = await tx.maybe('select 1 from statutory_document where subject = $1', [
      String(one.body.detail?.document),
    ])
    if (known === null) counts.lost.documents++
  },
  'document.task': nothing,
  'document.end': nothing,
  question: lost('questions'),
  // Somebody who called: where the task is lost they call again, and a code that was told proves nothing here.
  'task.opened': nothing,
  caller: nothing,
  'caller.proof': nothing,
  'caller.refused': nothing,
  lead: nothing,
  'lead.sent': nothing,
  'lead.expired': nothing,
  import: lost('imports'),
  join: nothing,
  setup: nothing,
  // Every passkey of the backup is closed anyway.
  passkey: nothing,
  'passkey.removal': nothing,
  proof: nothing,
  'proof.refused': nothing,
  session: nothing,
  'session.end': nothing,
  'session.refused': nothing,
  'grant.refused': nothing,
  'reading.refused': nothing,
  code: nothing,
  'code.sent': nothing,
  'code.expired': nothing,
}

/** The kinds of change of which a restore knows what follows. */
export const replayed: readonly string[] = Object.keys(replays)

/** What a later version wrote and this one does not know is counted by its kind, for an officer to look at. */
async function replay(tx: Tx, subject: Restored, one: ToldChange, counts: Counts): Promise<void> {
  counts.changes++
  const known = Object.hasOwn(replays, one.body.kind) ? replays[one.body.kind] : undefined
  if (known !== undefined) return await known(tx, subject, one, counts)
  counts.unclear[one.body.kind] = (counts.unclear[one.body.kind] ?? 0) + 1
}

async function takeBack(tx: Tx, subject: Restored, { body }: ToldChange, counts: Counts): Promise<void> {
  const { slots } = (body.detail ?? {}) as { slots?: number[] }
  for (const slot of slots ?? []) subject.left?.add(slot)
  let consent = String(body.detail?.consent)
  while (subject.renewed?.has(consent) === true) {
    if ((await tx.maybe('select 1 from consent where id = $1', [consent])) !== null) break
    consent = subject.renewed.get(consent)!
  }
  const taken = await tx.query(
    `insert into consent_withdrawal (consent, at) select id, $3 from consent where id = $1 and subject = $2
     on conflict (consent) do nothing returning consent`,
    [consent, subject.id, body.time],
  )
  counts.withdrawals += taken.length
}

/**
 * While it is in doubt how old somebody is nothing optional is done, whatever the older database knows of it: the claim is lost
 * with its box, so they are asked for the date again. Nothing that was granted before is good any more.
 */
async function doubtAge(tx: Tx, { id }: Restored, { body }: ToldChange): Promise<void> {
  await tx.query(
    `update grants set ended_at = $2 where ended_at is null
        and id in (select grant_id from grant_subject where subject = $1)`,
    [id, body.time],
  )
  await tx.query(
    `insert into restriction (subject, compartment, slot, field, since)
     select subject, compartment, number, 'birth_date', $2 from slot
      where subject = $1 and compartment = 'identity' on conflict (subject, field) do nothing`,
    [id, body.time],
  )
}

const settleAge = (tx: Tx, { id }: Restored) =>
  tx.query(`delete from restriction where subject = $1 and field = 'birth_date'`, [id])

async function loseConsent(tx: Tx, _subject: Restored, { body }: ToldChange, counts: Counts): Promise<void> {
  const known = await tx.maybe('select 1 from consent where id = $1', [String(body.detail?.consent)])
  if (known === null) counts.lost.consents++
}

/** By nobody, where the database does not know the colleague. */
async function close(tx: Tx, subject: Restored, { body }: ToldChange, counts: Counts): Promise<void> {
  const closed = await tx.query(
    `insert into task_closure (task, by, outcome, at)
     select t.id, (select id from employee where pseudonym = $3), $4, $5
       from task t where t.id = $1 and t.subject = $2
     on conflict (task) do nothing returning task`,
    [body.task, subject.id, body.actor, body.detail?.outcome, body.time],
  )
  counts.closures += closed.length
}

/** Said by the one in whose log the customer is the actor; where the pair is lost, it is found and asked anew. */
async function object(tx: Tx, subject: Restored, { body }: ToldChange): Promise<void> {
  if (body.actor !== 'customer') return
  await tx.query(
    `insert into duplicate_objection (task, subject, slot, at)
     select d.task, l.subject, l.number, $3
       from duplicate d join slot l on l.subject = $2 and l.compartment = 'identity'
      where d.task = $1 and $2 in (d.subject, d.other)
     on conflict (task) do nothing`,
    [body.task, subject.id, body.time],
  )
}

async function depart(tx: Tx, subject: Restored, { body }: ToldChange, counts: Counts): Promise<void> {
  const ended = await tx.query(
    `update employee set ended_at = $2, password_hash = null where id = $1 and ended_at is null returning id`,
    [subject.id, body.time],
  )
  counts.departures += ended.length
}
