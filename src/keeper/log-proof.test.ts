import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { privateKeyOf } from '../../test/log.ts'
import { formatLogProof, holdsLeaf, parseLogProof } from './log-proof.ts'
import { leafHash, Tree } from './merkle.ts'
import { checkpointText, signerOf, signNote } from './note.ts'

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer')
const log = signerOf('custode/test', privateKeyOf(Buffer.alloc(32, 1)))
const leaves = Array.from({ length: 21 }, (_, at) => sha256(`leaf ${at}`))

function proofOf(index: number, size = leaves.length) {
  const tree = new Tree()
  for (const leaf of leaves.slice(0, size)) tree.append(leafHash(leaf))
  const checkpoint = signNote(
    checkpointText({ origin: log.name, size, root: tree.root(), running: null }),
    log,
  )
  return { index, hashes: tree.inclusion(index), checkpoint }
}

// The cases of github.com/transparency-dev/formats, proof/tlog_proof_test.go.
const [one, two] = ['hash1', 'hash2'].map(text => sha256(text).toString('base64'))

describe('a proof file', () => {
  it('is written as others write it', () => {
    expect(
      formatLogProof({
        index: 5,
        hashes: [sha256('hash1'), sha256('hash2')],
        checkpoint: 'test checkpoint\n',
      }),
    ).toBe(`c2sp.org/tlog-proof@v1\nindex 5\n${one}\n${two}\n\ntest checkpoint\n`)
    expect(formatLogProof({ index: 0, hashes: [], checkpoint: 'checkpoint\n' })).toBe(
      'c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n',
    )
  })

  it('is read as others write it, extra data passed over', () => {
    const extra = Buffer.from('extra information').toString('base64')
    expect(
      parseLogProof(`c2sp.org/tlog-proof@v1\nextra ${extra}\nindex 10\n${one}\n\ncheckpoint data\n`),
    ).toEqual({
      ...{ index: 10, hashes: [sha256('hash1')], checkpoint: 'checkpoint data\n' },
    })
    expect(parseLogProof('c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n')).toMatchObject({
      index: 0,
      hashes: [],
    })
  })

  it.each([
    'wrong-header\nindex 0\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nindex 00\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nindex 9999999999999999\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n',
    `c2sp.org/tlog-proof@v1\nindex 0\n${Buffer.alloc(64).toString('base64')}\n\ncheckpoint\n`,
    `c2sp.org/tlog-proof@v1\nindex 0\n${one}\n`,
    `c2sp.org/tlog-proof@v1\nindex 0\n${`${one}\n`.repeat(54)}\ncheckpoint\n`,
    '',
  ])('%j is none', text => {
    expect(parseLogProof(text)).toBeNull()
  })
})

describe('a proof', () => {
  it.each([0, 7, 16, 20])('of leaf %d holds for it and for no other', index => {
    const proof = parseLogProof(formatLogProof(proofOf(index)))!
    expect(holdsLeaf(proof, leaves[index]!, log)).toBe(true)
    expect(holdsLeaf(proof, leaves[(index + 1) % 21]!, log)).toBe(false)
    expect(holdsLeaf({ ...proof, index: (index + 1) % 21 }, leaves[index]!, log)).toBe(false)
  })

  it('holds for no tree that this log has not signed', () => {
    const proof = proofOf(7)
    const stranger = signerOf(log.name, privateKeyOf(Buffer.alloc(32, 4)))
    expect(holdsLeaf(proof, leaves[7]!, stranger)).toBe(false)
    expect(holdsLeaf({ ...proof, checkpoint: proof.checkpoint.replace('21', '20') }, leaves[7]!, log)).toBe(
      false,
    )
    expect(holdsLeaf({ ...proof, checkpoint: proofOf(7, 20).checkpoint }, leaves[7]!, log)).toBe(false)
  })
})
