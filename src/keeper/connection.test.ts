import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { encodeFrame, type Frame, FrameReader, mostFrame } from './protocol.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})

afterAll(() => keeper.stop())

const hello = encodeFrame(1, 0, { op: 'hello', args: { protocol: 1 } })

async function open(): Promise<Socket> {
  const socket = connect(keeper.socket)
  await new Promise(resolve => socket.once('connect', resolve))
  socket.on('error', () => {})
  return socket
}

/** Sends bytes and gathers what comes back until the other side ends, or `frames` frames have come. */
async function exchange(bytes: Uint8Array, frames = Number.POSITIVE_INFINITY): Promise<Frame[]> {
  const socket = await open()
  const reader = new FrameReader()
  const heard: Frame[] = []
  const done = new Promise<void>(resolve => {
    socket.on('data', chunk => {
      heard.push(...reader.read(chunk as Buffer))
      if (heard.length >= frames) socket.destroy()
    })
    socket.on('close', () => resolve())
  })
  socket.write(bytes)
  await done
  return heard
}

test('a frame that breaks the protocol ends the connection and harms nobody else', async () => {
  const length = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const wrongVersion = Buffer.from(hello)
  wrongVersion[4] = 2
  const cutAttachment = Buffer.concat([encodeFrame(2, 0, { op: 'status' }, [Buffer.alloc(8)])])
  cutAttachment.writeUInt32BE(0xffff, cutAttachment.length - 12)
  const broken = [
    length(mostFrame + 1),
    length(3),
    length(0xffffffff),
    wrongVersion,
    Buffer.concat([hello, cutAttachment]),
    Buffer.concat([hello, randomBytes(4096)]),
  ]
  for (const bytes of broken) await exchange(bytes)
  expect((await keeper.client.status()).epoch).toBe(1)
  expect(keeper.said()).toBe('')
})

test('random bytes after the greeting never end the keeper', async () => {
  for (let round = 0; round < 100; round++) {
    const noise = randomBytes(1 + ((round * 37) % 300))
    // A plausible length, so that what follows is judged as a frame.
    const head = Buffer.alloc(4)
    head.writeUInt32BE(noise.length)
    const socket = await open()
    const ended = new Promise(resolve => socket.once('close', resolve))
    socket.end(Buffer.concat([hello, head, noise]))
    socket.resume()
    await ended
  }
  expect((await keeper.client.status()).epoch).toBe(1)
})

test('hello comes first, and of this version', async () => {
  for (const first of [{ op: 'status' }, { op: 'hello', args: { protocol: 2 } }]) {
    const [frame, ...more] = await exchange(encodeFrame(7, 0, first))
    expect(frame).toMatchObject({ id: 7, kind: 2, json: { code: 'malformed' } })
    expect(more).toEqual([])
  }
})

test('a request without sense is refused as malformed, and the connection goes on', async () => {
  const requests = [
    null,
    [],
    'status',
    { op: 'constructor' },
    { op: 'lease', args: { count: -1 } },
    { op: 'lease', args: { count: 1.5 } },
    { op: 'lease', args: { count: '8' } },
    { op: 'lease', args: { count: 1e9 } },
    { op: 'seal', args: { items: [null] } },
    { op: 'seal', args: { items: 'all' } },
    { op: 'open', args: { grant: 'x' } },
    { op: 'append', args: { changes: [{ id: 'x' }] } },
    { op: 'shred', args: { subject: 1 } },
    { op: 'proof', args: { indices: [1e6] } },
    { op: 'proof', args: { indices: [-1] } },
    { op: 'sign', args: { purpose: 'checkpoint', bytes: { $b: 0 } } },
    { op: 'sign', args: { purpose: 'receipt', bytes: { $b: 7 } } },
    { op: 'grant.revoke', args: { id: 1, by: 2 } },
  ]
  const frames = requests.map((request, at) => encodeFrame(at + 2, 0, request))
  const heard = await exchange(Buffer.concat([hello, ...frames]), frames.length + 1)
  const refused = heard.filter(frame => frame.id > 1)
  expect(refused.map(frame => frame.kind)).toEqual(requests.map(() => 2))
  for (const frame of refused) {
    expect(frame.json, JSON.stringify(requests[frame.id - 2])).toMatchObject({ code: 'malformed' })
  }
  expect(keeper.said()).toBe('')
})

test('frames may arrive in any pieces', async () => {
  const socket = await open()
  const reader = new FrameReader()
  const heard: Frame[] = []
  socket.on('data', chunk => heard.push(...reader.read(chunk as Buffer)))
  const bytes = Buffer.concat([
    hello,
    encodeFrame(2, 0, { op: 'status' }),
    encodeFrame(3, 0, { op: 'checkpoint' }),
  ])
  for (const byte of bytes) await new Promise(resolve => socket.write(Buffer.of(byte), resolve))
  await expect.poll(() => heard.map(frame => frame.id)).toEqual([1, 2, 3])
  socket.destroy()
})

test('a connection that asks and never listens is not read for ever', async () => {
  const socket = await open()
  socket.pause()
  socket.write(hello)
  // Each answer is larger than its question: unread, they would pile up inside the keeper.
  const question = encodeFrame(2, 0, { op: 'status' })
  const flood = Buffer.concat(Array.from({ length: 1000 }, () => question))
  let taken = 0
  for (; taken < 2000; taken++) {
    if (socket.write(flood)) continue
    const drained = new Promise<boolean>(resolve => {
      socket.once('drain', () => resolve(true))
      setTimeout(() => resolve(false), 1500)
    })
    if (!(await drained)) break
  }
  expect(taken).toBeLessThan(2000)
  expect((await keeper.client.status()).epoch).toBe(1)
  socket.destroy()
})
