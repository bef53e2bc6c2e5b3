import type { AskedBlocking } from './blocking.ts'
import type { AskedPeople, AskedSearch } from './finding.ts'
import type { AskedFingerprints } from './fingerprinting.ts'
import type { AskedIntake } from './intake.ts'
import { type IntakeRule, intakeRule } from './intake-rule.ts'
import { mostFound } from './people.ts'
import { attached } from './protocol.ts'
import { type ArrivedBox, type Asked, arrived } from './reading.ts'
import { KeeperRefusal } from './refusal.ts'
import type {
  Announcement,
  BoxValues,
  Change,
  ChangesAfter,
  EntriesRequest,
  EntryBody,
  Floor,
  GrantKind,
  GrantRequest,
  GrantSubject,
  NewBox,
  RestoredBox,
  SealItem,
  ShredRequest,
} from './requests.ts'
import type { AskedResealing } from './resealing.ts'
import type { SearchTerm } from './search-terms.ts'
import {
  codeOf,
  hash,
  id,
  integer,
  list,
  matching,
  maybe,
  object,
  part,
  type Shape,
  shallow,
  text,
  wordOf,
  wordOrEmpty,
} from './shape.ts'
import { lastSlot } from './slots.ts'
import type { AskedTokens } from './tokens.ts'

// The requests of protocol version 1 as they must arrive. Everything else is refused with `malformed`.

const kinds: readonly GrantKind[] = ['task', 'portal', 'job', 'signin', 'import', 'search']
const mostItems = 1000
const mostSubjects = 5000
const mostFields = 200
const mostLease = 65_536
const mostSlots = 10_000
const mostEnvelopes = 20

const slot = (value: unknown, where: string) => integer(value, where, 0, lastSlot)
const version = (value: unknown, where: string) => integer(value, where, 1, Number.MAX_SAFE_INTEGER)
const secret = (value: unknown) => text(value, 'secret', 512)
const codes = (value: unknown, where: string) => list(value, where, mostFields, codeOf)

export const lease = (args: Shape): number => integer(args.count, 'count', 1, mostLease)
export const act = (args: Shape): string => id(args.act, 'act')
export const actor = (args: Shape): string => wordOf(args.actor, 'actor')
export const revocation = (args: Shape): [id: string, by: string] => [
  id(args.id, 'id'),
  wordOf(args.by, 'by'),
]

export function indices(args: Shape): number[] {
  return list(args.indices, 'indices', mostItems, (value, where) =>
    integer(value, where, 0, Number.MAX_SAFE_INTEGER),
  )
}

function values(value: unknown, where: string): BoxValues {
  const held = object(value, where)
  for (const field of Object.keys(held))
    if (field === '*') throw new KeeperRefusal('malformed', { why: where })
  Object.keys(held).forEach((field, at) => {
    codeOf(field, `${where}[${at}]`)
    shallow(held[field], `${where}[${at}]`)
  })
  return held
}

function place(value: unknown, where: string) {
  const item = object(value, where)
  return {
    customer: id(item.customer, `${where}.customer`),
    compartment: codeOf(item.compartment, `${where}.compartment`),
    row: id(item.row, `${where}.row`),
    version: version(item.version, `${where}.version`),
  }
}

function newBox(value: unknown, where: string): NewBox {
  const item = object(value, where)
  return {
    ...place(value, where),
    slot: slot(item.slot, `${where}.slot`),
    trailSlot: slot(item.trailSlot, `${where}.trailSlot`),
  }
}

export function seal(args: Shape): SealItem[] {
  return list(args.items, 'items', mostItems, (value, where) => {
    const item = object(value, where)
    return {
      ...newBox(value, where),
      values: values(item.values, `${where}.values`),
    }
  })
}

function boxes(args: Shape, attachments: Buffer[]): ArrivedBox[] {
  return list(args.items, 'items', mostItems, place).map((item, at) => {
    const where = `items[${at}].box`
    return arrived(item, attached(attachments, (args.items as Shape[])[at]!.box, where), at)
  })
}

export function open(args: Shape, attachments: Buffer[]): Asked {
  return {
    grant: id(args.grant, 'grant'),
    secret: secret(args.secret),
    fields: codes(args.fields, 'fields'),
    items: boxes(args, attachments),
    ...part('act', maybe(args.act, 'act', wordOf)),
    ...part('task', maybe(args.task, 'task', wordOf)),
    list: args.list === true,
  }
}

export function announcement(args: Shape): Announcement {
  return {
    grant: id(args.grant, 'grant'),
    secret: secret(args.secret),
    customer: id(args.customer, 'customer'),
    fields: codes(args.fields, 'fields'),
    act: id(args.act, 'act'),
    ...part('task', maybe(args.task, 'task', wordOf)),
  }
}

export function intake(args: Shape, attachments: Buffer[]): AskedIntake {
  const items = list(args.items, 'items', mostEnvelopes, (value, where) => {
    const item = object(value, where)
    return {
      ...newBox(value, where),
      fields: rules(item.fields, `${where}.fields`),
      form: integer(item.form, `${where}.form`, 0, 1_000_000_000),
      nonce: matching(/^[A-Za-z0-9_-]{16,64}$/, item.nonce, `${where}.nonce`),
      key: slot(item.key, `${where}.key`),
      envelope: attached(attachments, item.envelope, `${where}.envelope`),
      box: boxBefore(item, attachments, where),
    }
  })
  return { grant: id(args.grant, 'grant'), secret: secret(args.secret), items }
}

export function resealing(args: Shape, attachments: Buffer[]): AskedResealing {
  const items = list(args.items, 'items', mostItems, (value, where) => {
    const item = object(value, where)
    return {
      ...newBox(value, where),
      without: codes(item.without, `${where}.without`),
      box: replacedBox(item, attachments, where),
    }
  })
  return { grant: id(args.grant, 'grant'), secret: secret(args.secret), items }
}

const boxBefore = (item: Shape, attachments: Buffer[], where: string) =>
  item.box === undefined || item.box === null ? null : replacedBox(item, attachments, where)

/** The box whose place the new one takes: one version older, wherever its slot is. */
function replacedBox(item: Shape, attachments: Buffer[], where: string) {
  const at = place(item, where)
  const bytes = attached(attachments, item.box, `${where}.box`)
  return arrived({ ...at, version: version(at.version - 1, `${where}.version`) }, bytes, 0)
}

function rules(value: unknown, where: string): Map<string, IntakeRule> {
  const held = Object.entries(object(value, where))
  if (held.length === 0 || held.length > mostFields) throw new KeeperRefusal('malformed', { why: where })
  return new Map(
    held.map(([field, rule], at) => [codeOf(field, `${where}[${at}]`), intakeRule(rule, `${where}[${at}]`)]),
  )
}

export function tokens(args: Shape, attachments: Buffer[]): AskedTokens {
  return {
    grant: id(args.grant, 'grant'),
    secret: secret(args.secret),
    kind: codeOf(args.kind, 'kind'),
    field: codeOf(args.field, 'field'),
    items: boxes(args, attachments),
  }
}

export const blocking = (args: Shape, attachments: Buffer[]): AskedBlocking => ({
  grant: id(args.grant, 'grant'),
  secret: secret(args.secret),
  items: boxes(args, attachments),
})

export const people = (args: Shape, attachments: Buffer[]): AskedPeople => ({
  ...blocking(args, attachments),
  whole: args.whole === true,
})

export function search(args: Shape): AskedSearch {
  return {
    grant: id(args.grant, 'grant'),
    secret: secret(args.secret),
    term: term(object(args.term, 'term')),
  }
}

function term(asked: Shape): SearchTerm {
  const words = (name: string) => text(asked[name], `term.${name}`, 320)
  if (asked.by === 'email') return { by: 'email', email: words('email') }
  if (asked.by === 'phone') return { by: 'phone', phone: words('phone') }
  if (asked.by === 'person')
    return {
      by: 'person',
      name: words('name'),
      birth: matching(/^\d{4}-\d\d-\d\d$/, asked.birth, 'term.birth'),
    }
  if (asked.by === 'number')
    return { by: 'number', customers: list(asked.customers, 'term.customers', mostFound, id) }
  throw new KeeperRefusal('malformed', { why: 'term.by' })
}

export function fingerprint(args: Shape): AskedFingerprints {
  const items = list(args.items, 'items', 10_000, (value, where) => {
    const item = object(value, where)
    return { kind: codeOf(item.kind, `${where}.kind`), value: text(item.value, `${where}.value`) }
  })
  if (args.grant === undefined) return { items, under: null }
  return { items, under: { grant: id(args.grant, 'grant'), secret: secret(args.secret) } }
}

function subject(value: unknown, where: string): GrantSubject {
  const one = object(value, where)
  return {
    customer: id(one.customer, `${where}.customer`),
    trailSlot: slot(one.trailSlot, `${where}.trailSlot`),
    alias: wordOf(one.alias, `${where}.alias`),
  }
}

/** The shape of a grant, and the rules that need no state. */
export function grant(args: Shape): GrantRequest {
  const kind = kinds.find(known => known === args.kind)
  if (kind === undefined) throw new KeeperRefusal('malformed', { why: 'kind' })
  const request: GrantRequest = {
    id: id(args.id, 'id'),
    secretHash: hash(args.secretHash, 'secretHash'),
    kind,
    actor: wordOf(args.actor, 'actor'),
    ...part('actorSlot', maybe(args.actorSlot, 'actorSlot', slot)),
    subjects: list(args.subjects, 'subjects', mostSubjects, subject),
    fields: codes(args.fields, 'fields'),
    compartments: codes(args.compartments, 'compartments'),
    purpose: codeOf(args.purpose, 'purpose'),
    ...part('task', maybe(args.task, 'task', wordOf)),
    until: integer(args.until, 'until', 0, 8_640_000_000_000_000),
    most: integer(args.most, 'most', 1, 10_000_000),
    policy: wordOrEmpty(args.policy, 'policy'),
  }
  requireSense(request)
  return request
}

function requireSense({ kind, subjects, fields, actorSlot }: GrantRequest): void {
  const no = (why: string) => new KeeperRefusal('malformed', { why })
  if (fields.includes('*') && kind !== 'portal' && kind !== 'job')
    throw no('every field is for portals and jobs')
  if (subjects.length === 0 && kind !== 'job' && kind !== 'search') throw no('only a job has no subjects')
  if (subjects.length > 0 && kind === 'search') throw no('who looks for somebody names nobody')
  if (subjects.length > 1 && actorSlot === undefined) throw no('several subjects need the actor’s trail')
  if (new Set(subjects.map(one => one.customer)).size < subjects.length) throw no('a subject twice')
  if (new Set(subjects.map(one => one.trailSlot)).size < subjects.length) throw no('a trail twice')
}

export function entries(args: Shape): EntriesRequest {
  return {
    grant: id(args.grant, 'grant'),
    secret: secret(args.secret),
    trailSlot: slot(args.trailSlot, 'trailSlot'),
    ...part(
      'after',
      maybe(args.after, 'after', (value, where) => integer(value, where, -1, Number.MAX_SAFE_INTEGER)),
    ),
  }
}

function floor(value: unknown, where: string): Floor {
  const one = object(value, where)
  return {
    customer: id(one.customer, `${where}.customer`),
    row: id(one.row, `${where}.row`),
    slot: slot(one.slot, `${where}.slot`),
    version: one.version === null ? null : version(one.version, `${where}.version`),
  }
}

export function changes(args: Shape): Change[] {
  return list(args.changes, 'changes', mostItems, (value, where) => {
    const one = object(value, where)
    return {
      id: id(one.id, `${where}.id`),
      number: integer(one.number, `${where}.number`, 0, Number.MAX_SAFE_INTEGER),
      trailSlot: slot(one.trailSlot, `${where}.trailSlot`),
      // The log itself judges what a body may hold.
      body: object(one.body, `${where}.body`) as unknown as EntryBody,
      ...part(
        'floors',
        maybe(one.floors, `${where}.floors`, (value, at) => list(value, at, mostItems, floor)),
      ),
    }
  })
}

export function shred(args: Shape): ShredRequest {
  const whose = object(args.subject, 'subject')
  return {
    act: id(args.act, 'act'),
    subject: {
      trailSlot: slot(whose.trailSlot, 'subject.trailSlot'),
      alias: wordOf(whose.alias, 'subject.alias'),
    },
    actor: wordOf(args.actor, 'actor'),
    slots: list(args.slots, 'slots', mostSlots, slot),
    reason: codeOf(args.reason, 'reason'),
    ...part('link', maybe(args.link, 'link', wordOf)),
  }
}

const mostInPage = 10_000
const index = (value: unknown, where: string) => integer(value, where, -1, Number.MAX_SAFE_INTEGER)

export const after = (args: Shape): number => index(args.after, 'after')

export const pageAfter = (args: Shape): [after: number, limit: number] => [
  after(args),
  integer(args.limit, 'limit', 1, mostInPage),
]

export const ids = (args: Shape): string[] => list(args.ids, 'ids', mostInPage, id)

export function restored(args: Shape): RestoredBox[] {
  return list(args.boxes, 'boxes', mostInPage, (value, where): RestoredBox => {
    const [first, row, own] = list(value, where, 3, part => part)
    return [slot(first, `${where}[0]`), id(row, `${where}[1]`), version(own, `${where}[2]`)]
  })
}

export const changesAfter = (args: Shape): ChangesAfter => ({
  trailSlot: slot(args.trailSlot, 'trailSlot'),
  number: integer(args.number, 'number', 0, Number.MAX_SAFE_INTEGER),
  after: after(args),
})

export function receipt(args: Shape, attachments: Buffer[]): Buffer {
  if (args.purpose !== 'receipt') throw new KeeperRefusal('malformed', { why: 'purpose' })
  return attached(attachments, args.bytes, 'bytes')
}
