import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashesIn, rootOf } from '../../test/tree-root.ts'
import { leafHash, Tree } from './merkle.ts'
import {
  entryBundle,
  isTileName,
  parseTilePath,
  type TileName,
  tileHashes,
  tilePath,
  tileSpan,
  tilesOf,
  tileWidth,
} from './tile.ts'

const leaf = (index: number): Buffer => hash('sha256', `leaf ${index}`, 'buffer')

function treeOf(size: number): Tree {
  const tree = new Tree()
  for (let index = 0; index < size; index++) tree.append(leafHash(leaf(index)))
  return tree
}

describe('the path of a tile', () => {
  // The examples of C2SP tlog-tiles, and what follows from its words.
  it.each<[string, TileName]>([
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/0/273.p/112', { level: 0, index: 273, width: 112 }],
    ['tile/2/000.p/1', { level: 2, index: 0, width: 1 }],
    ['tile/entries/x001/000.p/255', { level: 'entries', index: 1000, width: 255 }],
    ['tile/63/999', { level: 63, index: 999, width: 256 }],
  ])('%s is written and read as the specification says', (path, tile) => {
    expect(tilePath(tile)).toBe(path)
    expect(parseTilePath(path)).toEqual(tile)
  })

  it.each([
    'tile/0/0',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001/x000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/entry/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/../0/000',
    '/tile/0/000',
    'tile/0/000 ',
    'tile/0/000\n',
    'checkpoint',
    '',
  ])('%j is none', path => {
    expect(parseTilePath(path)).toBeNull()
  })

  it.each([
    { level: 1.5, index: 0, width: 1 },
    { level: 0, index: -1, width: 1 },
    { level: 0, index: 0, width: 257 },
    { level: 0, index: 0, width: 0 },
    { level: 0, index: Number.NaN, width: 1 },
  ])('no tile has the numbers %j', tile => {
    expect(isTileName(tile)).toBe(false)
  })
})

describe('the tiles of a tree', () => {
  it('of 70,000 leaves are those that the specification counts', () => {
    const tiles = tilesOf(70_000)
    const widths = (level: number) => tiles.filter(one => one.level === level).map(one => one.width)
    expect(widths(0)).toEqual([...Array(273).fill(256), 112])
    expect(widths(1)).toEqual([256, 17])
    expect(widths(2)).toEqual([1])
    expect(tiles).toHaveLength(277)
  })

  it('of 256 leaves are one full one and one of width 1 above it; of none there are none', () => {
    expect(tilesOf(256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ])
    expect(tilesOf(0)).toEqual([])
  })

  it('beyond an older size are those that this size has changed or added', () => {
    for (const [from, to] of [
      [1, 2],
      [255, 256],
      [256, 257],
      [300, 70_000],
      [65_535, 65_537],
    ] as const) {
      const older = new Set(tilesOf(from).map(tilePath))
      const changed = tilesOf(to).filter(tile => !older.has(tilePath(tile)))
      const said = new Set(tilesOf(to, from).map(tilePath))
      for (const tile of changed) expect(said).toContain(tilePath(tile))
    }
  })

  it.each([1, 2, 255, 256, 257, 70_000])('of %d leaves give the root, whoever reads them', size => {
    const tree = treeOf(size)
    const level = (wanted: number) =>
      tilesOf(size)
        .filter(tile => tile.level === wanted)
        .flatMap(tile => hashesIn(tileHashes(tree, { ...tile, level: wanted })))
    const leaves = level(0)
    expect(leaves).toHaveLength(size)
    expect(rootOf(leaves).equals(tree.root())).toBe(true)
    // Each hash above is that of the full tile below it.
    for (const [height, below] of [
      [1, leaves],
      [2, level(1)],
    ] as const) {
      const whole = Array.from({ length: Math.floor(below.length / tileWidth) }, (_, at) =>
        rootOf(below.slice(at * tileWidth, (at + 1) * tileWidth)),
      )
      expect(level(height)).toEqual(whole)
    }
  })

  it('are not told of leaves that are not there', () => {
    const tree = treeOf(300)
    expect(() => tileHashes(tree, { level: 0, index: 1, width: 45 })).toThrow(RangeError)
    expect(() => tileHashes(tree, { level: 0, index: 2, width: 1 })).toThrow(RangeError)
    expect(() => tileHashes(tree, { level: 1, index: 0, width: 2 })).toThrow(RangeError)
    expect(() => tileHashes(tree, { level: 9, index: 0, width: 1 })).toThrow(RangeError)
  })

  it('span the leaves that the specification says', () => {
    expect(tileSpan({ level: 0, index: 3, width: 12 })).toEqual({ from: 768, to: 780 })
    expect(tileSpan({ level: 'entries', index: 3, width: 12 })).toEqual({ from: 768, to: 780 })
    expect(tileSpan({ level: 1, index: 1, width: 2 })).toEqual({ from: 65_536, to: 66_048 })
  })
})

it('an entry bundle says the length of each entry in two bytes, the higher first', () => {
  expect(entryBundle([Buffer.from('ab'), Buffer.alloc(300, 7)])).toEqual(
    Buffer.concat([Buffer.from('00026162012c', 'hex'), Buffer.alloc(300, 7)]),
  )
})
