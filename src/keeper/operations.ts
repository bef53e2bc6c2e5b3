import { randomUUID } from 'node:crypto'
import { announce } from './announcing.ts'
import { blockingTokens } from './blocking.ts'
import { appendChanges } from './change.ts'
import type { Answer, Operation } from './connection.ts'
import { completeShred, pendingShreds, shred } from './erasure.ts'
import { findPeople, hearPeople } from './finding.ts'
import { makeFingerprints } from './fingerprinting.ts'
import { makeGrant, revokeAll, revokeGrant } from './granting.ts'
import { type AskedIntake, intakeKey, takeIn } from './intake.ts'
import type { Keeper } from './keeper.ts'
import { recordsOperations } from './log-records.ts'
import { attach } from './protocol.ts'
import { publishingOperations } from './publishing.ts'
import { openBoxes } from './reading.ts'
import { signReceipt } from './receipt.ts'
import * as request from './request-shapes.ts'
import type { ProofReply, SealItem } from './requests.ts'
import { type AskedResealing, reseal } from './resealing.ts'
import { organisationTrail } from './reserved.ts'
import { restoringOperations } from './restoring.ts'
import { rollNow } from './rolling.ts'
import { requireBoxSlot, sealNew } from './sealing.ts'
import { statusOf } from './status.ts'
import { tokensOf } from './tokens.ts'
import { readTrail } from './trail-reading.ts'

/** Every operation of the protocol, by its name on the wire. */
export function operationsOf(keeper: Keeper): ReadonlyMap<string, Operation> {
  const plain = (act: (args: Record<string, unknown>) => unknown): Operation => {
    return async args => ({ json: await act(args) })
  }
  return new Map<string, Operation>([
    ['status', plain(() => statusOf(keeper))],
    ['lease', plain(args => lease(keeper, request.lease(args)))],
    ['seal', async args => sealAll(keeper, request.seal(args))],
    [
      'open',
      async (args, attachments) => ({
        json: { items: await openBoxes(keeper, request.open(args, attachments), randomUUID) },
      }),
    ],
    ['announce', plain(args => announce(keeper, request.announcement(args)).then(() => ({})))],
    ['intake.key', plain(() => intakeKey(keeper))],
    ['intake', async (args, attachments) => takenIn(keeper, request.intake(args, attachments))],
    ['reseal', async (args, attachments) => resealed(keeper, request.resealing(args, attachments))],
    ['fingerprint', async args => fingerprints(keeper, args)],
    ['grant.make', plain(args => makeGrant(keeper, request.grant(args)))],
    ['grant.revoke', plain(args => revokeGrant(keeper, ...request.revocation(args)))],
    ['grant.revokeAll', plain(args => revokeAll(keeper, request.actor(args)))],
    ['append', plain(async args => ({ appended: await appendChanges(keeper, request.changes(args)) }))],
    ['entries', plain(args => readTrail(keeper, request.entries(args), randomUUID))],
    ['proof', plain(args => proofs(keeper, request.indices(args)))],
    ['shred', plain(args => shred(keeper, request.shred(args)))],
    ['shred.complete', plain(args => completeShred(keeper, request.act(args)))],
    ['shreds.pending', plain(async () => ({ pending: await pendingShreds(keeper) }))],
    ['roll', plain(() => rollNow(keeper))],
    ['roll.waiting', plain(() => ({ count: keeper.slots.waiting.length }))],
    ['sign', async (args, attachments) => signed(keeper, request.receipt(args, attachments))],
    ['tokens', async (args, attachments) => tokens(keeper, args, attachments)],
    ['blocking', async (args, attachments) => blocking(keeper, args, attachments)],
    ['search', plain(args => findPeople(keeper, request.search(args)))],
    [
      'people',
      async (args, attachments) => {
        await hearPeople(keeper, request.people(args, attachments))
        return { json: {} }
      },
    ],
    ['checkpoint', plain(() => ({ note: keeper.log.checkpoint() }))],
    ...publishingOperations(keeper),
    ...recordsOperations(keeper),
    ...restoringOperations(keeper),
  ])
}

/** The pages are durable before the lease is, and the lease before the answer. */
async function lease(keeper: Keeper, count: number): Promise<{ from: number; to: number }> {
  do await keeper.keybook.grow(keeper.slots.issued + count - 1)
  while (keeper.keybook.capacity < keeper.slots.issued + count)
  // Nothing waits between the last look and this: no number is taken that has no page.
  const range = keeper.slots.take(count)
  const body = {
    kind: 'lease',
    act: randomUUID(),
    actor: 'keeper',
    subject: 'organisation',
    result: 'issued',
    detail: { ...range },
  }
  await keeper.write([{ trailSlot: organisationTrail, body, control: { lease: [range.from, range.to] } }])
  // Everybody is asked before numbers are given away: a keeper that was replaced must give none.
  await keeper.saveCheckpoint()
  return range
}

/** Nobody seals for a trail that is none. */
async function sealAll(keeper: Keeper, items: SealItem[]): Promise<Answer> {
  await keeper.fetch(items.map(item => item.slot))
  const attachments: Uint8Array[] = []
  const boxes = items.map((item, at) => {
    requireBoxSlot(keeper, item, at)
    keeper.slots.requireUsable(item.trailSlot, at)
    const box = sealNew(keeper, item, item.values, at)
    keeper.people.hear({ ...item, trail: item.trailSlot }, item.values)
    return attach(attachments, box)
  })
  return { json: { boxes }, attachments }
}

async function takenIn(keeper: Keeper, asked: AskedIntake): Promise<Answer> {
  const taken = await takeIn(keeper, asked)
  if ('faults' in taken) return { json: { faults: taken.faults } }
  const attachments: Uint8Array[] = []
  return { json: { boxes: taken.boxes.map(box => attach(attachments, box)) }, attachments }
}

async function resealed(keeper: Keeper, asked: AskedResealing): Promise<Answer> {
  const attachments: Uint8Array[] = []
  const boxes = await reseal(keeper, asked)
  return { json: { boxes: boxes.map(box => (box === null ? null : attach(attachments, box))) }, attachments }
}

async function fingerprints(keeper: Keeper, args: Record<string, unknown>): Promise<Answer> {
  const attachments: Uint8Array[] = []
  const made = await makeFingerprints(keeper, request.fingerprint(args))
  return { json: { tokens: made.map(one => attach(attachments, one)) }, attachments }
}

async function tokens(keeper: Keeper, args: Record<string, unknown>, arrived: Buffer[]): Promise<Answer> {
  const attachments: Uint8Array[] = []
  const found = await tokensOf(keeper, request.tokens(args, arrived))
  return { json: { tokens: found.map(one => (one === null ? null : attach(attachments, one))) }, attachments }
}

async function blocking(keeper: Keeper, args: Record<string, unknown>, arrived: Buffer[]): Promise<Answer> {
  const attachments: Uint8Array[] = []
  const found = await blockingTokens(keeper, request.blocking(args, arrived))
  const people = [...found].map(([customer, tokens]) => ({ customer, tokens: attach(attachments, tokens) }))
  return { json: { people }, attachments }
}

function proofs(keeper: Keeper, indices: number[]): ProofReply {
  return {
    proofs: indices.map(index => ({
      index,
      hashes: keeper.log.proof(index).map(hash => hash.toString('base64')),
    })),
    checkpoint: keeper.log.checkpoint(),
    vkey: keeper.log.vkey,
  }
}

function signed(keeper: Keeper, bytes: Buffer): Answer {
  const attachments: Uint8Array[] = []
  const signature = attach(attachments, signReceipt(keeper, bytes))
  return { json: { signature, publicKey: attach(attachments, keeper.receiptVerifyKey) }, attachments }
}
