import { nodeHash } from '../src/keeper/merkle.ts'

/** The root over the hashes of leaves as RFC 6962 section 2.1 defines it: written without the tree under test. */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0]!
  let power = 1
  while (power * 2 < hashes.length) power *= 2
  return nodeHash(rootOf(hashes.slice(0, power)), rootOf(hashes.slice(power)))
}

/** The hashes that stand side by side in a tile. */
export const hashesIn = (tile: Buffer): Buffer[] =>
  Array.from({ length: tile.length / 32 }, (_, at) => tile.subarray(at * 32, at * 32 + 32))
