import { type CatalogueField, listCatalogue } from '../collection/catalogue.ts'
import { endOfValue, monthsOf } from '../collection/retention.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { lift } from '../storage/restriction.ts'
import { withJobGrant } from '../use/grant.ts'
import { type OpenedBox, read, type Values } from '../use/reading.ts'
import { isAsRead, narrow, readBoxes, shredLeft, stateOf } from './narrowing.ts'
import { tellOfEnds } from './retention-letter.ts'

const day = 86_400_000
/** So long before a value ends its customer is told, and no value ends that they were not told of so long ago. */
const noticeDays = 30
/** How many boxes are looked at, told of or emptied in one go; what is left comes with the next. */
const atOnce = 200

/** The fields of one compartment whose values end, and what was decided about them in one text. */
interface Rule {
  compartment: string
  decided: string
  fields: CatalogueField[]
}

/**
 * Carries out how long values are kept: looks at the boxes that were written since, tells customers of what ends within 30 days,
 * and destroys what is over. Safe to run at any time and in several processes.
 */
export async function carryOutRetention(house: House): Promise<void> {
  const rules = await findRules(house)
  await house.database.query('delete from retention_look where not (compartment = any ($1))', [
    rules.map(rule => rule.compartment),
  ])
  for (const rule of rules) await lookAtBoxes(house, rule)
  // Whose record rests cannot say there that a value is still right: nothing of it ends before it counts again and they are told.
  await house.database.query(
    `update retention_look l set told_at = null
       from subject s where s.id = l.subject and s.kind = 'resting' and l.told_at is not null`,
  )
  await tellOfEnds(house, noticeDays)
  for (const rule of rules) await endValues(house, rule)
}

async function findRules({ database }: House): Promise<Rule[]> {
  const ending = (await listCatalogue(database)).filter(field => monthsOf(field.retention) !== null)
  const compartments = [...new Set(ending.map(field => field.compartment))].sort()
  return compartments.map(compartment => {
    const fields = ending.filter(field => field.compartment === compartment)
    return { compartment, fields, decided: fields.map(one => `${one.code}:${one.retention}`).join() }
  })
}

const wantedOf = (subject: string, compartment: string) => ({
  ...{ subjects: [subject], fields: ['*'], compartments: [compartment] },
  ...{ purpose: 'retention', minutes: 5, most: 10 },
})

/** When a value is over; null where its field has no end, it is gone, or in doubt: its customer is to settle that first. */
const endOf = (rule: Rule, code: string, values: Values): Date | null => {
  const field = rule.fields.find(one => one.code === code)
  const held = values[code]
  return field === undefined || held === undefined || held.disputed !== undefined
    ? null
    : endOfValue(field.retention, held.confirmed ?? held.at)
}

/** Opens each box once that was written, or is decided about, since it was looked at, and notes when its first value ends. */
async function lookAtBoxes(house: House, rule: Rule): Promise<void> {
  const boxes = await house.database.query<{ subject: string; slot: number; version: number }>(
    'select subject, slot, version from boxes_to_look_at($1, $2, $3)',
    [rule.compartment, rule.decided, atOnce],
  )
  for (const { subject, slot, version } of boxes) {
    const values = await withJobGrant(house, wantedOf(subject, rule.compartment), async grant => {
      const about = { fields: ['*'], compartments: [rule.compartment], rows: [subject] }
      const [box] = await read(house, grant, subject, about)
      return box?.version === version ? box.values : null
    })
    // Written anew meanwhile: it is looked at the next time.
    if (values === null) continue
    const ends = rule.fields.flatMap(field => endOf(rule, field.code, values)?.getTime() ?? [])
    const endsAt = ends.length === 0 ? null : new Date(Math.min(...ends))
    await house.database.query(
      `insert into retention_look (subject, compartment, slot, version, rule, ends_at)
       select $1, $2, $3, $4, $5, $6 where exists (select 1 from slot where subject = $1 and number = $3)
       on conflict (subject, compartment) do update
         set version = $4, rule = $5, ends_at = $6,
             told_at = case when retention_look.rule = $5 and retention_look.ends_at = $6 then retention_look.told_at end`,
      [subject, rule.compartment, slot, version, rule.decided, endsAt],
    )
  }
}

/** Destroys what was over 30 days after its customer was told of it; what is over by now too is told of next. */
async function endValues(house: House, rule: Rule): Promise<void> {
  const now = house.clock.now()
  const over = await house.database.query<Told>(
    `select subject, told_at from retention_look
      where compartment = $1 and rule = $2 and ends_at <= $3 and told_at <= $4
        and exists (select 1 from subject s where s.id = subject and s.kind = 'customer')
      order by ends_at limit $5`,
    [rule.compartment, rule.decided, now, new Date(now.getTime() - noticeDays * day), atOnce],
  )
  // What cannot be done for one of them now holds up nobody else.
  const failures: unknown[] = []
  for (const told of over) await endOne(house, rule, told).catch(error => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/** Whose box it is, and when they were told that something in it ends. */
interface Told {
  subject: string
  told_at: Date
}

/**
 * Takes the values that are over out of one box: what stays is sealed under another slot, and the old one destroyed, so that
 * backups forget them too. A value that was confirmed or changed meanwhile stays, and the box is looked at anew.
 */
async function endOne(house: House, rule: Rule, { subject, told_at }: Told): Promise<void> {
  const { compartment } = rule
  const told = new Date(told_at.getTime() + noticeDays * day)
  const codes = rule.fields.map(one => one.code)
  const left = await withJobGrant(house, wantedOf(subject, compartment), async grant => {
    const asRead = await stateOf(house.database, subject, codes)
    const { boxes, unread } = await readBoxes(house, grant, subject, [compartment])
    const own = boxes.find(box => box.row === subject)
    const fields = overIn(rule, told, own)
    const slot = await house.database.maybe<{ number: number }>(
      'select number from slot where subject = $1 and compartment = $2',
      [subject, compartment],
    )
    if (fields.length === 0 || slot === null) return null
    const moved = [
      {
        slot: { compartment, number: slot.number },
        boxes,
        unread: unread.map(box => ({ box, without: fields })),
      },
    ]
    const narrowing = { fields, uncovered: [], moved, asRead }
    return change(house, async (tx, note) => {
      await tx.one('select 1 from subject where id = $1 for update', [subject])
      if (!(await isAsRead(tx, subject, narrowing)))
        throw new Refusal('conflict', { why: 'changed meanwhile' })
      const done = await narrow(tx, house, subject, narrowing, grant, 'retention')
      await lift(tx, subject, fields)
      await tx.query('delete from reminder where subject = $1 and field = any ($2)', [subject, fields])
      const detail = { slots: done.left?.slots ?? [] }
      await note(
        subject,
        { kind: 'retention', actor: 'system', fields, result: 'destroyed', detail },
        done.floors,
      )
      return done.left
    })
  }).catch(asLater)
  if (left !== null) await shredLeft(house, left)
}

/** Sorted: what is over at this time. */
const overIn = (rule: Rule, at: Date, box: OpenedBox | undefined): string[] =>
  box === undefined
    ? []
    : rule.fields
        .map(field => field.code)
        .filter(code => {
          const end = endOf(rule, code, box.values)
          return end !== null && end <= at
        })
        .sort()

/** Somebody wrote there, or left, at the same moment: the next time. */
function asLater(error: unknown): null {
  if (error instanceof Refusal && (error.code === 'conflict' || error.code === 'not_found')) return null
  throw error
}
