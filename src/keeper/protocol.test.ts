import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BrokenFrame, encodeFrame, type Frame, FrameReader, frameKinds, mostFrame } from './protocol.ts'

interface Told {
  id: number
  kind: number
  json: unknown
  attachments: Uint8Array[]
}

const told: fc.Arbitrary<Told> = fc.record({
  id: fc.nat(0xffffffff),
  kind: fc.constantFrom(...Object.values(frameKinds)),
  json: fc.jsonValue({ maxDepth: 3 }).map(value => JSON.parse(JSON.stringify(value)) as unknown),
  attachments: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
})

const bytesOf = ({ id, kind, json, attachments }: Told) => encodeFrame(id, kind, json, attachments)

/** Cuts bytes into pieces of these lengths, again and again. */
function* pieces(bytes: Buffer, lengths: number[]): Generator<Buffer> {
  for (let at = 0, count = 0; at < bytes.length; count++) {
    const length = lengths[count % lengths.length] ?? bytes.length
    yield Buffer.from(bytes.subarray(at, at + length))
    at += length
  }
}

function readAll(bytes: Buffer, lengths: number[]): { frames: Frame[]; isBroken: boolean } {
  const reader = new FrameReader()
  const frames: Frame[] = []
  try {
    for (const piece of pieces(bytes, lengths)) for (const frame of reader.read(piece)) frames.push(frame)
  } catch (error) {
    if (!(error instanceof BrokenFrame)) throw error
    return { frames, isBroken: true }
  }
  return { frames, isBroken: false }
}

const lengths = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 5 })

test('whatever the pieces in which they come, frames are what they were', () => {
  fc.assert(
    fc.property(fc.array(told, { maxLength: 6 }), lengths, (all, cuts) => {
      const { frames, isBroken } = readAll(Buffer.concat(all.map(bytesOf)), cuts)
      expect(isBroken).toBe(false)
      expect(
        frames.map(({ id, kind, json, attachments }) => ({
          id,
          kind,
          json,
          attachments: attachments.map(one => [...one]),
        })),
      ).toEqual(all.map(one => ({ ...one, attachments: one.attachments.map(bytes => [...bytes]) })))
    }),
    { numRuns: 500 },
  )
})

test('any bytes at all are frames, or the beginning of one, or broken: in the same way however they are cut', () => {
  const small = fc.uint8Array({ maxLength: 40 }).map(noise => {
    // A plausible length and the right version, so that what follows is judged.
    const head = Buffer.alloc(5)
    head.writeUInt32BE(1 + noise.length)
    head[4] = 1
    return Buffer.concat([head, noise])
  })
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(one => Buffer.from(one)),
    small,
  )
  fc.assert(
    fc.property(any, lengths, (bytes, cuts) => {
      const whole = readAll(bytes, [])
      const cut = readAll(bytes, cuts)
      expect(cut.isBroken).toBe(whole.isBroken)
      expect(cut.frames.map(frame => frame.id)).toEqual(whole.frames.map(frame => frame.id))
      for (const frame of whole.frames) expect(frame.kind).toBeLessThan(3)
    }),
    { numRuns: 3000 },
  )
})

test('a frame with one changed byte is another frame or broken, and takes nothing of what follows for its own', () => {
  fc.assert(
    fc.property(told, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, at, mask) => {
      const bytes = bytesOf(one)
      const length = bytes.length
      bytes[at % length]! ^= mask
      const next = encodeFrame(77, 0, 'next')
      const { frames, isBroken } = readAll(Buffer.concat([bytes, next]), [])
      if (at % length >= 4 && !isBroken) expect(frames.map(frame => frame.id).at(-1)).toBe(77)
      for (const frame of frames)
        for (const part of frame.attachments) expect(part.length).toBeLessThan(length + next.length)
    }),
    { numRuns: 2000 },
  )
})

test('a length that no frame has, another version and an unknown kind are broken at once', () => {
  const head = (length: number, ...rest: number[]) => {
    const bytes = Buffer.alloc(4 + rest.length)
    bytes.writeUInt32BE(length)
    bytes.set(rest, 4)
    return bytes
  }
  const wrong = [mostFrame + 1, 2 ** 31, 2 ** 32 - 1, 0, 9].map(length => head(length))
  for (const bytes of wrong) expect(readAll(bytes, [1]).isBroken).toBe(true)
  for (const place of [4, 9]) {
    const frame = encodeFrame(1, 0, {})
    frame[place] = 9
    expect(readAll(frame, [3]).isBroken).toBe(true)
  }
})

test('a truncated frame is never given away', () => {
  const frame = encodeFrame(1, 0, { op: 'status' }, [Buffer.alloc(20)])
  for (let length = 0; length < frame.length; length++) {
    expect(readAll(frame.subarray(0, length), [7])).toEqual({ frames: [], isBroken: false })
  }
})

test('a frame with more than 10,000 attachments is broken, however short they are', () => {
  const empty = (count: number) => encodeFrame(1, 0, {}, Array<Buffer>(count).fill(Buffer.alloc(0)))
  expect(readAll(empty(10_000), []).frames[0]?.attachments).toHaveLength(10_000)
  expect(readAll(empty(10_001), []).isBroken).toBe(true)
})

test('a frame in pieces of one byte costs no more memory than two frames', () => {
  const reader = new FrameReader()
  const head = Buffer.alloc(4)
  head.writeUInt32BE(mostFrame)
  expect([...reader.read(head)]).toEqual([])
  const memory = () => process.memoryUsage().rss
  const before = memory()
  for (let count = 0; count < 2_000_000; count++)
    for (const _ of reader.read(Buffer.of(1))) expect.unreachable()
  expect(memory() - before).toBeLessThan(100 * 1024 * 1024)
})

test('JSON nested a million times is no JSON that anybody walks through', () => {
  const text = Buffer.from('['.repeat(1_000_000) + ']'.repeat(1_000_000))
  const frame = encodeFrame(1, 0, '', [])
  const bytes = Buffer.concat([frame.subarray(0, 14), text])
  bytes.writeUInt32BE(bytes.length - 4, 0)
  bytes.writeUInt32BE(text.length, 10)
  const [read] = readAll(bytes, []).frames
  expect(() => read?.json).not.toThrow()
})
