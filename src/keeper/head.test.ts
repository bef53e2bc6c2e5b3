import { describe, expect, it } from 'vitest'
import { privateKeyOf } from '../../test/log.ts'
import { headText, signHead, verifyHead } from './head.ts'
import { signerOf, signNote, verifyCheckpoint } from './note.ts'

const log = signerOf('custode/test', privateKeyOf(Buffer.alloc(32, 1)))
const head = { log: 'custode/test', trailSlot: 260, seq: 17, commitment: 'ab'.repeat(32), index: 1204 }

describe('the signed head of a trail', () => {
  it('says how far the chain goes, in a line for each part', () => {
    expect(headText(head)).toBe(
      `custode trail head 1\nlog custode/test\ntrail 260\nseq 17\ncommitment ${'ab'.repeat(32)}\nindex 1204\n`,
    )
    expect(verifyHead(signHead(head, log), log)).toEqual(head)
  })

  it('is nothing when a character of it was changed, or another key signed it', () => {
    const note = signHead(head, log)
    for (let at = 0; at < headText(head).length; at++) {
      const changed = note.slice(0, at) + String.fromCharCode(note.charCodeAt(at) ^ 1) + note.slice(at + 1)
      expect(verifyHead(changed, log)).toBeNull()
    }
    expect(verifyHead(note, signerOf('custode/test', privateKeyOf(Buffer.alloc(32, 2))))).toBeNull()
  })

  it('is that of its own log alone, and written in one way only', () => {
    expect(verifyHead(signHead({ ...head, log: 'custode/other' }, log), log)).toBeNull()
    for (const wrong of ['seq 0', 'seq 017', 'seq 1e3', 'seq -1'])
      expect(verifyHead(signNote(headText(head).replace('seq 17', wrong), log), log)).toBeNull()
    expect(verifyHead(signNote(`${headText(head)}more\n`, log), log)).toBeNull()
  })

  it('can be taken for no checkpoint, nor a checkpoint for it', () => {
    const asHead = signHead(head, log)
    expect(verifyCheckpoint(asHead, log)).toBeNull()
    const text = `custode/test\n12\n${Buffer.alloc(32).toString('base64')}\n`
    expect(verifyHead(signNote(text, log), log)).toBeNull()
  })
})
