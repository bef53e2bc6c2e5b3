import type { Answer, Operation } from './connection.ts'
import { signHead } from './head.ts'
import type { Keeper } from './keeper.ts'
import { attach } from './protocol.ts'
import { KeeperRefusal } from './refusal.ts'
import { integer, type Shape } from './shape.ts'
import { lastSlot } from './slots.ts'
import { isTileName, type TileName } from './tile.ts'

/**
 * What anybody may know of the log: hashes of its tree, leaves that are salted commitments, and how far a trail goes.
 * Nothing of it says what an entry holds, and nothing of it leaves an entry.
 */
export function publishingOperations(keeper: Keeper): [string, Operation][] {
  return [
    ['log.tile', async args => tile(keeper, tileName(args))],
    ['log.consistency', async args => ({ json: consistency(keeper, args) })],
    [
      'log.head',
      async args => ({ json: await head(keeper, integer(args.trailSlot, 'trail slot', 0, lastSlot)) }),
    ],
  ]
}

function tileName({ level, index, width }: Shape): TileName {
  const name = { level, index, width } as TileName
  const areNumbers = (level === 'entries' || typeof level === 'number') && typeof index === 'number'
  if (!areNumbers || typeof width !== 'number' || !isTileName(name))
    throw new KeeperRefusal('malformed', { why: 'tile' })
  return name
}

async function tile(keeper: Keeper, name: TileName): Promise<Answer> {
  const attachments: Uint8Array[] = []
  return { json: { tile: attach(attachments, await keeper.log.tile(name)) }, attachments }
}

function consistency(keeper: Keeper, args: Shape): { hashes: string[] } {
  const size = (value: unknown, where: string) => integer(value, where, 0, Number.MAX_SAFE_INTEGER)
  const hashes = keeper.log.consistency(size(args.from, 'from'), size(args.to, 'to'))
  return { hashes: hashes.map(one => one.toString('base64')) }
}

/** The signed head of a trail, once all it counts is durable; null for a trail without entries. */
async function head(keeper: Keeper, trailSlot: number): Promise<{ head: string | null }> {
  const found = keeper.log.head(trailSlot)
  if (found === null) return { head: null }
  const { seq, index } = found
  const commitment = found.commitment.toString('hex')
  await keeper.durable(index)
  return {
    head: keeper.log.sign(signer =>
      signHead({ log: signer.name, trailSlot, seq, commitment, index }, signer),
    ),
  }
}
