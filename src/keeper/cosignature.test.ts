import { sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { privateKeyOf } from '../../test/log.ts'
import {
  cosign,
  cosignaturesOf,
  formatWitnessKey,
  parseWitnessKey,
  readCosignature,
  textOf,
  witnessSigner,
} from './cosignature.ts'
import { checkpointText, parseVkey, signerOf, signNote, verifyCheckpoint } from './note.ts'

const log = signerOf('custode/test', privateKeyOf(Buffer.alloc(32, 1)))
const witness = witnessSigner('ufficio.example/w1', privateKeyOf(Buffer.alloc(32, 2)))
const other = witnessSigner('ufficio.example/w2', privateKeyOf(Buffer.alloc(32, 3)))
const at = Date.UTC(2026, 10, 24, 12, 0, 0)
const text = checkpointText({
  origin: 'custode/test',
  size: 12,
  root: Buffer.alloc(32, 7),
  running: Buffer.alloc(32, 9),
})
const note = signNote(text, log)

describe('the key of a witness', () => {
  // A key in use, as the tests of github.com/transparency-dev/formats name it.
  const published = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'

  it('is read and written as others do', () => {
    const read = parseWitnessKey(published)
    expect(read).toMatchObject({ name: 'remora.n621.de', id: Buffer.from('da77ade7', 'hex') })
    expect(formatWitnessKey(read!)).toBe(published)
    expect(parseWitnessKey(formatWitnessKey(witness))).toMatchObject({ name: witness.name, id: witness.id })
  })

  it('is refused when a digit differs, and is no key of a log, nor the other way round', () => {
    expect(parseWitnessKey(published.replace('da77', 'da78'))).toBeNull()
    expect(parseWitnessKey(published.replace('remora', 'lampreda'))).toBeNull()
    expect(parseWitnessKey('')).toBeNull()
    expect(parseWitnessKey('sigsum.org+e4ade967+AZuUY6B08pW3QVHu8uvsrxWPcAv9nykap2Nb4oxCee+r')).toBeNull()
    expect(parseVkey(published)).toBeNull()
  })
})

describe('a cosignature', () => {
  const line = cosign(text, witness, at + 999)

  it('has the bytes that C2SP tlog-cosignature says', () => {
    const blob = Buffer.from(line.trim().split(' ')[2]!, 'base64')
    const seconds = at / 1000
    expect(line.startsWith('— ufficio.example/w1 ')).toBe(true)
    expect(blob.subarray(0, 4)).toEqual(witness.id)
    expect(Number(blob.readBigUInt64BE(4))).toBe(seconds)
    const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)
    expect(blob.subarray(12)).toEqual(sign(null, message, witness.privateKey))
    // A signature of a witness of the public network (ibidem): its time is where ours is.
    const published =
      'ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA=='
    expect(Number(Buffer.from(published, 'base64').readBigUInt64BE(4))).toBe(1_727_964_367)
    expect(Buffer.from(published, 'base64')).toHaveLength(blob.length)
  })

  it('leaves the checkpoint that of its log, and is found under it', () => {
    const cosigned = note + line + cosign(text, other, at)
    expect(verifyCheckpoint(cosigned, log)).toMatchObject({ size: 12 })
    expect(textOf(cosigned)).toBe(text)
    expect(cosignaturesOf(cosigned, [witness, other])).toEqual([
      { witness: witness.name, time: at },
      { witness: other.name, time: at },
    ])
    expect(cosignaturesOf(cosigned, [other])).toEqual([{ witness: other.name, time: at }])
  })

  it('counts once for each witness, however often it stands there', () => {
    expect(cosignaturesOf(note + line + line + cosign(text, witness, at + 60_000), [witness])).toHaveLength(1)
  })

  it('counts for nothing when a byte of it, or of what it signs, was changed', () => {
    expect(readCosignature(text, line, [witness])).not.toBeNull()
    expect(readCosignature(text.replace('12', '13'), line, [witness])).toBeNull()
    const blob = Buffer.from(line.trim().split(' ')[2]!, 'base64')
    for (let byte = 0; byte < blob.length; byte++) {
      const changed = Buffer.from(blob)
      changed[byte]! ^= 1
      const said = `— ${witness.name} ${changed.toString('base64')}\n`
      expect(readCosignature(text, said, [witness])).toBeNull()
    }
    for (const cut of ['', '—', `— ${witness.name}`, `— ${witness.name} AAAA`, line.replace('—', '-')])
      expect(readCosignature(text, cut, [witness])).toBeNull()
  })

  it('is not the signature of a log, and a log signs no cosignature', () => {
    const asLog = signNote(text, signerOf(witness.name, witness.privateKey))
    expect(cosignaturesOf(asLog, [witness])).toEqual([])
    expect(cosignaturesOf(note, [witness])).toEqual([])
    expect(cosignaturesOf('no note', [witness])).toEqual([])
  })
})
