import type { Tree } from './merkle.ts'

/**
 * One resource of a log in tiles (C2SP tlog-tiles). `level` 0 holds leaf hashes, each level above the hashes of the
 * full tiles below it; `entries` is the bundle of the leaves' data. `index` counts from 0 within the level; `width` is
 * how many of the 256 places are filled.
 */
export interface TileName {
  level: number | 'entries'
  index: number
  width: number
}

export const tileWidth = 256
const tileHeight = 8
const highestLevel = 63

/** The tile's path below the log's address: `tile/0/x001/x234/067`, `tile/entries/000.p/17`. */
export function tilePath({ level, index, width }: TileName): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.match(/.{3}/g) ?? []
  const last = groups.length - 1
  const number = groups.map((group, at) => (at === last ? group : `x${group}`)).join('/')
  return `tile/${level}/${number}${width === tileWidth ? '' : `.p/${width}`}`
}

const pathPattern =
  /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,4}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

/** The tile of a path, or null unless the path is exactly as `tilePath` writes it. */
export function parseTilePath(path: string): TileName | null {
  const [, level, number, width] = pathPattern.exec(path) ?? []
  if (level === undefined || number === undefined) return null
  const tile: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(number.replaceAll(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  return tilePath(tile) === path && isTileName(tile) ? tile : null
}

/** Whether the numbers are those of a tile that some log could have. */
export function isTileName({ level, index, width }: TileName): boolean {
  const isLevel = level === 'entries' || isCount(level, highestLevel)
  return isLevel && isCount(index, Number.MAX_SAFE_INTEGER) && isCount(width, tileWidth) && width > 0
}

const isCount = (value: number, most: number) => Number.isSafeInteger(value) && value >= 0 && value <= most

/** The first leaf under the tile and the one after its last. */
export function tileSpan({ level, index, width }: TileName): { from: number; to: number } {
  const leaves = level === 'entries' ? 1 : tileWidth ** level
  const from = index * tileWidth * leaves
  return { from, to: from + width * leaves }
}

/** The hashes of one tile, side by side. Throws RangeError when the tree has not so many leaves. */
export function tileHashes(tree: Tree, tile: TileName & { level: number }): Buffer {
  const first = tile.index * tileWidth
  const height = tile.level * tileHeight
  return Buffer.concat(Array.from({ length: tile.width }, (_, at) => tree.node(height, first + at)))
}

/** The tiles that a tree of this size has beyond those of an older size: each full one, and the partial at the end. */
export function tilesOf(size: number, known = 0): TileName[] {
  const tiles: TileName[] = []
  for (let level = 0, nodes = size, before = known; nodes > 0; level++) {
    for (let index = Math.floor(before / tileWidth); index * tileWidth < nodes; index++)
      tiles.push({ level, index, width: Math.min(tileWidth, nodes - index * tileWidth) })
    nodes = Math.floor(nodes / tileWidth)
    before = Math.floor(before / tileWidth)
  }
  return tiles
}

/** Leaves' data as an entry bundle: each with its length in two bytes before it. */
export function entryBundle(leaves: readonly Uint8Array[]): Buffer {
  const parts = leaves.flatMap(leaf => {
    const length = Buffer.allocUnsafe(2)
    length.writeUInt16BE(leaf.length)
    return [length, leaf]
  })
  return Buffer.concat(parts)
}
