import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { operationsOf } from '../src/keeper/operations.ts'
import { grantRequest, type LiveGrant, type SealedPerson, sha256Hex } from './sealed-person.ts'

// Requests for the keeper: honest ones of every operation, and what becomes of them when somebody changes any part.

/** Every operation of the protocol. The map is made of functions over a keeper, and none is called here. */
export const operationNames: readonly string[] = [...operationsOf({} as never).keys()]

/** Text that must come back in no refusal, wherever it was sent. */
export const marker = 'MARKER-Zaphod-4711'

export interface Sent {
  op: unknown
  args: unknown
  attachments: Buffer[]
}

/** What the one who sends knows to be true: honest requests are made of it. */
export interface Known {
  /** Each with a grant that opens their box. */
  people: { person: SealedPerson; grant: LiveGrant }[]
  acts: string[]
}

/** How a request is to differ from an honest one. Plain, so that it can be printed and made again from its seed. */
export interface Case {
  op: string
  pick: number
  changes: { at: number; how: 'replace' | 'swap' | 'drop' | 'add' | 'double'; value: unknown; name: string }[]
  bytes: { which: number; how: 'flip' | 'cut' | 'empty' | 'drop' | 'noise'; at: number }[]
  wild: unknown
}

const deep = (times: number): unknown => {
  let value: unknown = 'x'
  for (let level = 0; level < times; level++) value = level % 2 === 0 ? [value] : { x: value }
  return value
}

const numbers = [
  -1,
  0,
  0.5,
  1,
  2,
  3,
  4,
  5,
  255,
  256,
  257,
  1000,
  2 ** 31,
  2 ** 32,
  2 ** 48 - 1,
  2 ** 48,
  2 ** 53,
  1e300,
]
const texts = [
  ...[
    '',
    '*',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'reading',
    'grant',
    'lease',
    'organisation',
  ],
  ...[
    marker,
    `${marker} with a blank`,
    'ana@example.org',
    '\u0000',
    '\ud800',
    'é'.repeat(300),
    'x'.repeat(5000),
  ],
  ...[
    '00000000-0000-4000-8000-000000000000',
    '../../book/0',
    'file:///',
    '9007199254740993',
    'NaN',
    '-0',
    '1e3',
  ],
]
const objects = [
  ...[null, true, false, [], {}, [[]], [null], { $b: 0 }, { $b: -1 }, { $b: 0.5 }, { $b: '0' }, { $b: 1e9 }],
  ...[{ toString: 1, valueOf: 1 }, { length: 5 }, { toJSON: 1 }, { [marker]: [marker] }],
  ...[deep(40), deep(900), JSON.parse('{"__proto__":{"kind":"reading"}}'), Array(3000).fill(0)],
]

const nasty = fc.oneof(
  fc.constantFrom<unknown>(...numbers),
  fc.constantFrom<unknown>(...texts),
  fc.constantFrom<unknown>(...objects),
  fc.integer(),
  fc.jsonValue({ maxDepth: 3 }),
)

const change = fc.record({
  at: fc.nat(),
  how: fc.constantFrom<Case['changes'][number]['how'][]>('replace', 'swap', 'swap', 'drop', 'add', 'double'),
  value: nasty,
  name: fc.constantFrom(marker, '__proto__', 'extra', 'kind', 'version', 'seq', '*'),
})

const byteChange = fc.record({
  which: fc.nat(),
  how: fc.constantFrom<Case['bytes'][number]['how'][]>('flip', 'cut', 'empty', 'drop', 'noise'),
  at: fc.nat(),
})

export const cases: fc.Arbitrary<Case> = fc.record({
  op: fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...operationNames) },
    { weight: 1, arbitrary: fc.string() },
  ),
  pick: fc.nat(),
  changes: fc.array(change, { maxLength: 2 }),
  bytes: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Case['bytes']>([]) },
    { weight: 1, arbitrary: fc.array(byteChange, { maxLength: 2 }) },
  ),
  wild: fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: nasty }),
})

/** The request that a case makes of what is known. */
export function requestOf({ op, pick, changes, bytes, wild }: Case, known: Known): Sent {
  const honest = honestRequest(op, pick, known)
  if (wild !== undefined) return { op, args: wild, attachments: honest.attachments }
  const args = structuredClone(honest.args)
  const other = honestRequest(op, pick + 1, known).args
  for (const one of changes) changed(args, other, one)
  let attachments: Buffer[] = honest.attachments.map(one => Buffer.from(one))
  for (const one of bytes) attachments = broken(attachments, one)
  return { op, args, attachments }
}

type Parent = Record<string, unknown>

/** Every place in a value that can be changed, as its parent and its name there. */
function placesIn(value: unknown, found: [Parent, string][] = []): [Parent, string][] {
  if (typeof value !== 'object' || value === null || found.length > 2000) return found
  for (const [name, part] of Object.entries(value)) {
    found.push([value as Parent, name])
    placesIn(part, found)
  }
  return found
}

function changed(args: unknown, other: unknown, { at, how, value, name }: Case['changes'][number]): void {
  const places = placesIn(args)
  const [parent, key] = places[at % Math.max(1, places.length)] ?? [args as Parent, name]
  // What stands at this place in another honest request: an id, a slot or a secret of somebody else.
  const [elsewhere] = placesIn(other)[at % Math.max(1, places.length)] ?? []
  const swapped = elsewhere !== undefined && Object.hasOwn(elsewhere, key) ? elsewhere[key] : null
  const own = structuredClone(how === 'swap' ? swapped : value)
  if (how === 'replace' || how === 'swap') parent[key] = own
  else if (how === 'drop') delete parent[key]
  else if (how === 'double' && Array.isArray(parent)) parent.push(structuredClone(parent[Number(key)]))
  else
    Object.defineProperty(parent, name, { value: own, enumerable: true, configurable: true, writable: true })
}

function broken(attachments: Buffer[], { which, how, at }: Case['bytes'][number]): Buffer[] {
  const position = which % Math.max(1, attachments.length)
  const bytes = attachments[position]
  if (how === 'noise' || bytes === undefined) return [...attachments, randomBytes(at % 2000)]
  if (how === 'drop') return attachments.filter((_, other) => other !== position)
  if (how === 'flip' && bytes.length > 0) bytes[at % bytes.length]! ^= 1 << (at % 8)
  const left =
    how === 'empty'
      ? bytes.subarray(0, 0)
      : bytes.subarray(0, how === 'cut' ? at % (bytes.length + 1) : undefined)
  return attachments.map((one, other) => (other === position ? left : one))
}

function of<T>(all: readonly T[], pick: number): T {
  return all[pick % all.length]!
}

/** A request that makes sense, by its operation. */
function honestRequest(
  op: string,
  pick: number,
  { people, acts }: Known,
): { args: unknown; attachments: Buffer[] } {
  const { person, grant } = of(people, pick)
  const { customer, row, contact, trail, alias } = person
  const place = { customer, compartment: 'contact', row, version: 1 }
  const box = { ...place, box: { $b: 0 } }
  const boxed = [Buffer.from(person.box.box)]
  const body = {
    kind: 'note',
    act: randomUUID(),
    actor: 'st_7',
    subject: alias,
    result: 'done',
    detail: { a: [1, 'b'] },
  }
  const page = { after: (pick % 7) - 1, limit: 10 }
  const receipt = {
    custode_receipt: 1,
    act: of(acts, pick),
    slots: [contact],
    entry: { index: 5 },
    destruction: { t1: null },
  }
  const requests: Record<string, [unknown, Buffer[]?]> = {
    lease: [{ count: 1 + (pick % 4) }],
    seal: [
      {
        items: [
          { ...place, version: 2, slot: contact, trailSlot: trail, values: { email: { value: marker } } },
        ],
      },
    ],
    open: [{ ...grant, fields: ['email', 'phone'], items: [box], list: pick % 2 === 0 }, boxed],
    tokens: [{ ...grant, kind: 'email', field: 'email', items: [box] }, boxed],
    fingerprint: [{ items: [{ kind: 'email', value: marker }] }],
    'grant.make': [grantRequest([person], sha256Hex(String(pick)), { actor: `st_${pick % 50}` })],
    'grant.revoke': [{ id: of(people, pick + 1).grant.grant, by: 'st_7' }],
    'grant.revokeAll': [{ actor: `st_${pick % 50}` }],
    append: [
      {
        changes: [
          {
            id: randomUUID(),
            number: pick % 3,
            trailSlot: trail,
            body,
            floors: [{ customer, row, slot: contact, version: 1 }],
          },
        ],
      },
    ],
    entries: [{ ...grant, trailSlot: trail, after: -1 }],
    proof: [{ indices: [0, pick % 5] }],
    shred: [
      {
        act: of(acts, pick),
        subject: { trailSlot: trail, alias },
        actor: 'customer',
        slots: [contact],
        reason: 'withdrawal',
      },
    ],
    'shred.complete': [{ act: of(acts, pick) }],
    sign: [{ purpose: 'receipt', bytes: { $b: 0 } }, [Buffer.from(JSON.stringify(receipt))]],
    'log.tile': [{ level: of([0, 1, 'entries'], pick), index: 0, width: 1 + (pick % 256) }],
    'log.consistency': [{ from: pick % 3, to: 3 }],
    'log.head': [{ trailSlot: trail }],
    'log.records': [{ from: pick % 5, count: 1 + (pick % 7) }],
    'restoring.numbers': [page],
    'restoring.erased': [page],
    'restoring.seen': [{ ids: [randomUUID()] }],
    'restoring.superseded': [{ boxes: [[contact, row, 1]] }],
    'restoring.changes': [{ trailSlot: trail, number: 0, after: -1 }],
    'restoring.shreds': [{ after: -1 }],
  }
  const [args, attachments = []] = (Object.hasOwn(requests, op) ? requests[op] : undefined) ?? [{}]
  return { args, attachments }
}
