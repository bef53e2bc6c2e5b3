import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyRoot, leafHash, nodeHash, Tree, verifyConsistency, verifyInclusion } from './merkle.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

// The leaves and roots of the Certificate Transparency reference implementation, for trees of 1 to 8 leaves.
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hex)
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const publishedConsistency: { from: number; to: number; proof: string[] }[] = [
  { from: 1, to: 1, proof: [] },
  {
    from: 1,
    to: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    from: 6,
    to: 8,
    proof: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    from: 2,
    to: 5,
    proof: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
]

/** The definition of RFC 6962 section 2.1, word for word: slow and plain. */
function naiveRoot(hashes: Buffer[]): Buffer {
  const [first] = hashes
  if (first === undefined) return hash('sha256', '', 'buffer')
  if (hashes.length === 1) return first
  let k = 1
  while (k * 2 < hashes.length) k *= 2
  return nodeHash(naiveRoot(hashes.slice(0, k)), naiveRoot(hashes.slice(k)))
}

function grown(count: number): { tree: Tree; hashes: Buffer[] } {
  const tree = new Tree()
  const hashes = Array.from({ length: count }, (_, index) => leafHash(Buffer.from([index])))
  for (const leaf of hashes) tree.append(leaf)
  return { tree, hashes }
}

function published(): Tree {
  const tree = new Tree()
  for (const leaf of leaves) tree.append(leafHash(leaf))
  return tree
}

describe('the tree', () => {
  it('has the published roots for the eight published leaves', () => {
    const tree = published()
    expect(roots.map((_, position) => tree.root(position + 1).toString('hex'))).toEqual(roots)
  })

  it('has the hash of nothing as the root of no leaves', () => {
    expect(emptyRoot.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(new Tree().root()).toEqual(emptyRoot)
  })

  it('gives and accepts the published consistency proofs', () => {
    const tree = published()
    for (const { from, to, proof } of publishedConsistency) {
      expect(tree.consistency(from, to).map(node => node.toString('hex'))).toEqual(proof)
      expect(verifyConsistency(from, to, hex(roots[from - 1]!), hex(roots[to - 1]!), proof.map(hex))).toBe(
        true,
      )
    }
  })

  it('gives and accepts the published inclusion proof of leaf 5 of 8', () => {
    const proof = [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]
    expect(
      published()
        .inclusion(5, 8)
        .map(node => node.toString('hex')),
    ).toEqual(proof)
    expect(verifyInclusion(leafHash(leaves[5]!), 5, 8, proof.map(hex), hex(roots[7]!))).toBe(true)
  })

  it('agrees with the plain definition for every size up to 140', () => {
    const { tree, hashes } = grown(140)
    for (let size = 0; size <= 140; size += 1)
      expect(tree.root(size)).toEqual(naiveRoot(hashes.slice(0, size)))
  })

  it('refuses sizes and leaves that it does not have', () => {
    const { tree } = grown(5)
    expect(() => tree.root(6)).toThrow(RangeError)
    expect(() => tree.inclusion(5)).toThrow(RangeError)
    expect(() => tree.inclusion(-1)).toThrow(RangeError)
    expect(() => tree.consistency(4, 6)).toThrow(RangeError)
    expect(() => tree.consistency(5, 4)).toThrow(RangeError)
  })
})

describe('proofs', () => {
  it('hold for every leaf of every size up to 70, and for no other leaf, place or size', () => {
    const { tree, hashes } = grown(71)
    for (let size = 1; size <= 70; size += 1) {
      const root = tree.root(size)
      for (let index = 0; index < size; index += 1) {
        const proof = tree.inclusion(index, size)
        const leaf = hashes[index]!
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true)
        expect(verifyInclusion(hashes[index + 1]!, index, size, proof, root)).toBe(false)
        expect(verifyInclusion(leaf, index + 1, size, proof, root)).toBe(false)
        expect(verifyInclusion(leaf, index, size, proof, tree.root(size + 1))).toBe(false)
      }
    }
  })

  it('hold between all sizes up to 70, and not for another old or new root', () => {
    const { tree } = grown(71)
    for (let to = 1; to <= 70; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const proof = tree.consistency(from, to)
        const [old, now, other] = [tree.root(from), tree.root(to), tree.root(71)]
        expect(verifyConsistency(from, to, old, now, proof)).toBe(true)
        expect(verifyConsistency(from, to, other, now, proof)).toBe(false)
        expect(verifyConsistency(from, to, old, other, proof)).toBe(false)
      }
    }
  })

  it('fail when a single bit of them is flipped, or a hash is added or left out', () => {
    const { tree, hashes } = grown(70)
    const sizes = fc.integer({ min: 2, max: 70 }).chain(size => fc.tuple(fc.constant(size), fc.nat(size - 1)))
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(255), ([size, index], position, bit) => {
        const proof = tree.inclusion(index, size)
        const flipped = proof.map(node => Buffer.from(node))
        flipped[position % proof.length]![bit >> 3]! ^= 1 << (bit & 7)
        const check = (path: Buffer[]) => verifyInclusion(hashes[index]!, index, size, path, tree.root(size))
        expect(check(flipped)).toBe(false)
        expect(check(proof.slice(1))).toBe(false)
        expect(check([...proof, proof[0]!])).toBe(false)

        const from = index + 1
        const way = tree.consistency(from, size)
        const extends_ = (path: Buffer[]) =>
          verifyConsistency(from, size, tree.root(from), tree.root(size), path)
        expect(extends_([...way, hashes[0]!])).toBe(false)
        if (way.length > 0) expect(extends_(way.slice(1))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('of nonsense sizes are refused rather than believed', () => {
    const { tree, hashes } = grown(3)
    expect(verifyInclusion(hashes[0]!, 0, 0, [], hashes[0]!)).toBe(false)
    expect(verifyInclusion(hashes[0]!, 0.5, 3, tree.inclusion(0, 3), tree.root(3))).toBe(false)
    expect(verifyInclusion(hashes[0]!, -1, 3, tree.inclusion(0, 3), tree.root(3))).toBe(false)
    expect(verifyConsistency(0, 3, hashes[0]!, tree.root(3), [])).toBe(false)
    expect(verifyConsistency(0, 3, emptyRoot, tree.root(3), [])).toBe(true)
    expect(verifyConsistency(4, 3, tree.root(3), tree.root(3), [])).toBe(false)
  })
})
