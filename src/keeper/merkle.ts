import { hash } from 'node:crypto'

const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer')

/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Buffer = sha256(new Uint8Array(0))

// Taken again for every hash: nothing waits between filling and hashing.
const leafBytes = Buffer.alloc(33)
const nodeBytes = Buffer.alloc(65)
nodeBytes[0] = 1

/** SHA-256(0x00 || data), RFC 6962 section 2.1. */
export function leafHash(data: Uint8Array): Buffer {
  if (data.length === 32) {
    leafBytes.set(data, 1)
    return sha256(leafBytes)
  }
  const bytes = Buffer.allocUnsafe(1 + data.length)
  bytes[0] = 0
  bytes.set(data, 1)
  return sha256(bytes)
}

/** SHA-256(0x01 || left || right), RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeBytes.set(left, 1)
  nodeBytes.set(right, 33)
  return sha256(nodeBytes)
}

/** The greatest power of two below a count of at least two. */
function split(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

/** The hashes of one height, 32 bytes each, side by side. */
class Level {
  #bytes = Buffer.alloc(32 * 64)
  #count = 0

  push(node: Uint8Array): void {
    if (this.#count * 32 === this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2)
      this.#bytes.copy(larger)
      this.#bytes = larger
    }
    this.#bytes.set(node, this.#count * 32)
    this.#count += 1
  }

  at(position: number): Buffer {
    if (position >= this.#count) throw new RangeError('no such node')
    return this.#bytes.subarray(position * 32, position * 32 + 32)
  }
}

/**
 * A Merkle tree that only grows (RFC 6962 section 2.1). It keeps the hash of every complete subtree, 64 bytes per
 * leaf in all, so roots and proofs for any size it ever had cost a few hundred hashes at most.
 */
export class Tree {
  #levels: Level[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds the leaf with this leaf hash. */
  append(leaf: Uint8Array): void {
    let position = this.#size
    let node: Uint8Array = leaf
    let height = 0
    this.#level(0).push(node)
    while (position % 2 === 1) {
      node = nodeHash(this.#level(height).at(position - 1), node)
      position = (position - 1) / 2
      height += 1
      this.#level(height).push(node)
    }
    this.#size += 1
  }

  /** The root of the first `size` leaves. Throws RangeError when there are fewer. */
  root(size = this.#size): Buffer {
    this.#requireSize(size)
    return size === 0 ? emptyRoot : Buffer.from(this.#subtree(0, size))
  }

  /** The hash of the complete subtree of 2^height leaves at this position of its height. Throws RangeError beyond the tree. */
  node(height: number, position: number): Buffer {
    const level = this.#levels[height]
    if (level === undefined) throw new RangeError('no such node')
    return level.at(position)
  }

  /** The inclusion proof of one leaf in the tree of the first `size` leaves, from the leaf upwards. */
  inclusion(index: number, size = this.#size): Buffer[] {
    this.#requireSize(size)
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf')
    const path: Buffer[] = []
    let start = 0
    let end = size
    while (end - start > 1) {
      const middle = start + split(end - start)
      if (index < middle) {
        path.unshift(this.#subtree(middle, end))
        end = middle
      } else {
        path.unshift(this.#subtree(start, middle))
        start = middle
      }
    }
    return path.map(node => Buffer.from(node))
  }

  /** The proof that the tree of `to` leaves extends the tree of `from` leaves; empty when either says nothing. */
  consistency(from: number, to = this.#size): Buffer[] {
    this.#requireSize(to)
    if (!Number.isSafeInteger(from) || from < 0 || from > to) throw new RangeError('no such size')
    if (from === 0 || from === to) return []
    const path: Buffer[] = []
    let start = 0
    let end = to
    let old = from
    let whole = true
    while (old !== end - start) {
      const power = split(end - start)
      if (old <= power) {
        path.unshift(this.#subtree(start + power, end))
        end = start + power
      } else {
        path.unshift(this.#subtree(start, start + power))
        start += power
        old -= power
        whole = false
      }
    }
    if (!whole) path.unshift(this.#subtree(start, end))
    return path.map(node => Buffer.from(node))
  }

  #level(height: number): Level {
    let level = this.#levels[height]
    if (level === undefined) {
      level = new Level()
      this.#levels[height] = level
    }
    return level
  }

  #subtree(start: number, end: number): Buffer {
    const count = end - start
    const height = 31 - Math.clz32(count)
    if (count === 2 ** height && start % count === 0) return this.#level(height).at(start / count)
    const middle = start + split(count)
    return nodeHash(this.#subtree(start, middle), this.#subtree(middle, end))
  }

  #requireSize(size: number): void {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.#size) throw new RangeError('no such size')
  }
}

/** Whether a leaf hash is at `index` of the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  let position = index
  let last = size - 1
  let node: Uint8Array = leaf
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return false
    if (position % 2 === 1 || position === last) {
      node = nodeHash(sibling, node)
      while (position % 2 === 0 && position !== 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else {
      node = nodeHash(node, sibling)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && Buffer.compare(node, root) === 0
}

/** Whether the tree of `to` leaves begins with the whole tree of `from` leaves (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(
  from: number,
  to: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  proof: Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return false
  if (from === to) return proof.length === 0 && Buffer.compare(oldRoot, newRoot) === 0
  if (from === 0) return proof.length === 0 && Buffer.compare(oldRoot, emptyRoot) === 0
  if (proof.some(node => node.length !== 32)) return false
  const isPowerOfTwo = 2 ** Math.floor(Math.log2(from)) === from
  const path = isPowerOfTwo ? [oldRoot, ...proof] : proof
  let position = from - 1
  let last = to - 1
  while (position % 2 === 1) {
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  const [first, ...rest] = path
  if (first === undefined) return false
  let oldNode: Uint8Array = first
  let newNode: Uint8Array = first
  for (const node of rest) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      oldNode = nodeHash(node, oldNode)
      newNode = nodeHash(node, newNode)
      while (position % 2 === 0 && position !== 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else {
      newNode = nodeHash(newNode, node)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && Buffer.compare(oldNode, oldRoot) === 0 && Buffer.compare(newNode, newRoot) === 0
}
