import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CustodianProcess, testToken } from '../../test/custodian.ts'
import { FakeVault } from '../../test/fakes/vault.ts'
import { LineReader, longestLine, readRequest } from './wire.ts'

let vault: FakeVault
let child: CustodianProcess
const sockets: Socket[] = []

beforeAll(async () => {
  vault = await FakeVault.start()
  vault.makeKey('custode')
  child = new CustodianProcess('vault-transit', await vault.environment())
  if (!(await child.start())) throw new Error(child.said)
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(async () => {
  await child.end()
  await vault.end()
})

const greeting = { id: 0, op: 'hello', protocol: 2, token: testToken }

/** A keeper's connection that says what it is told and gives back the answers, and null once it was ended. */
async function speak() {
  const connection = connectStranger()
  expect(await connection.ask(greeting)).toMatchObject({ id: 0, ok: { kind: 'vault-transit' } })
  return connection
}

/** The same without a greeting. */
function connectStranger() {
  const socket = connect(child.socket)
  sockets.push(socket)
  socket.on('error', () => {})
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  return {
    say: (text: string | Buffer) => socket.write(text),
    ask: async (request: unknown): Promise<Record<string, unknown> | null> => {
      socket.write(`${JSON.stringify(request)}\n`)
      return await hear()
    },
    hear,
  }
  async function hear(): Promise<Record<string, unknown> | null> {
    const { value, done } = await lines.next()
    return done === true ? null : (JSON.parse(value as string) as Record<string, unknown>)
  }
}

const b64 = (length: number) => randomBytes(length).toString('base64')

test('it greets who begins with the token of the keeper', async () => {
  expect(await connectStranger().ask(greeting)).toEqual({
    id: 0,
    ok: { id: 'vault-transit', kind: 'vault-transit' },
  })
})

test.each([
  [{ id: 1, op: 'destroy', epoch: 1 }],
  [{ id: 1, op: 'list' }],
  [{ id: 1, op: 'hello', protocol: 1 }],
  [{ id: 1, op: 'hello', protocol: 2 }],
  [{ ...greeting, protocol: 1 }],
  [{ ...greeting, token: '' }],
  [{ ...greeting, token: testToken.slice(1) }],
  [{ ...greeting, token: `${testToken}T` }],
  [{ ...greeting, token: `${testToken.slice(1)}t` }],
  [{ ...greeting, token: [testToken] }],
  [{ ...greeting, op: 'list' }],
])('whoever begins with %o is turned away, and what he says after it is not heard', async first => {
  const before = vault.calls.length
  const stranger = connectStranger()
  stranger.say(
    [first, { id: 2, op: 'destroy', epoch: 1 }, greeting].map(one => `${JSON.stringify(one)}\n`).join(''),
  )
  expect(await stranger.hear()).toEqual({
    ...{ id: null, refused: 'unavailable', why: 'not the token of the keeper' },
  })
  expect(await stranger.hear()).toBeNull()
  expect(vault.calls.length).toBe(before)
  expect(child.said).toContain('turned away somebody')
  expect(child.said.match(/turned away/g)).toHaveLength(1)
})

test('whoever says nothing, or no end of a line, is turned away, and meanwhile nobody waits for him', async () => {
  const [silent, endless] = [connectStranger(), connectStranger()]
  endless.say(Buffer.alloc(longestLine + 1, 0x61))
  expect(await endless.hear()).toMatchObject({ id: null, refused: 'unavailable' })
  expect(await (await speak()).ask({ id: 1, op: 'list' })).toMatchObject({ id: 1 })
  expect(await silent.hear()).toMatchObject({ id: null, refused: 'unavailable' })
  expect(await silent.hear()).toBeNull()
}, 20_000)

test('without a token it does not begin, and is not to be started again', async () => {
  for (const token of ['', 'short', 'T'.repeat(44), `${'T'.repeat(42)}!`]) {
    const other = new CustodianProcess('vault-transit', await vault.environment(), token)
    expect(await other.start()).toBe(false)
    expect(await other.end()).toBe(78)
    expect(other.said).toMatch(/^its stdin begins with no token[^\n]*\n$/)
  }
})

test.each([
  [{ op: 'nothing' }, /^op/],
  [{}, /^op/],
  [{ op: 'createEpoch' }, /^epoch/],
  [{ op: 'createEpoch', epoch: 0 }, /^epoch/],
  [{ op: 'createEpoch', epoch: 1.5 }, /^epoch/],
  [{ op: 'createEpoch', epoch: 1_000_000_000 }, /^epoch/],
  [{ op: 'destroy', epoch: '1' }, /^epoch/],
  [{ op: 'wrap', epoch: 1, key: b64(31), aad: '' }, /^key/],
  [{ op: 'wrap', epoch: 1, key: b64(33), aad: '' }, /^key/],
  [{ op: 'wrap', epoch: 1, key: 7, aad: '' }, /^key/],
  [{ op: 'wrap', epoch: 1, key: b64(32), aad: b64(1300) }, /^aad/],
  [{ op: 'wrap', epoch: 1, key: `${b64(32).slice(0, -1)}*`, aad: '' }, /^key/],
  [{ op: 'unwrap', epoch: 1, blob: b64(20_000), aad: '' }, /^blob/],
  [{ op: 'newest.write' }, /^kept/],
  [{ op: 'newest.write', kept: { version: 2, fence: 1, note: '' } }, /^kept/],
  [{ op: 'newest.write', kept: { version: 1, fence: -1, note: '' } }, /^kept/],
  [{ op: 'newest.write', kept: { version: 1, fence: 1, note: 'x'.repeat(17_000) } }, /^kept/],
])('%o is refused before the custodian hears of it', async (request, why) => {
  const before = vault.calls.length
  const answer = await (await speak()).ask({ id: 9, ...request })
  expect(answer).toMatchObject({ id: 9, refused: 'malformed', why: expect.stringMatching(why) })
  expect(vault.calls.length).toBe(before)
})

test('a line that is no request ends its connection, and no other', async () => {
  const other = await speak()
  await other.ask({ id: 1, op: 'list' })
  for (const line of ['{', '[]', 'null', '{"op":"list"}', '{"id":"1","op":"list"}', '\u0000']) {
    const keeper = await speak()
    keeper.say(`${line}\n`)
    expect(await keeper.hear()).toMatchObject({ id: null, refused: 'malformed' })
    expect(await keeper.hear()).toBeNull()
  }
  const long = await speak()
  long.say(Buffer.alloc(longestLine + 1, 0x61))
  expect(await long.hear()).toMatchObject({ refused: 'malformed' })
  expect(await long.hear()).toBeNull()
  expect(await other.ask({ id: 2, op: 'list' })).toEqual({ id: 2, ok: { epochs: [] } })
})

test('a hundred requests in one breath are all answered, in their order', async () => {
  const keeper = await speak()
  const requests = Array.from({ length: 100 }, (_, id) => JSON.stringify({ id, op: 'list' }))
  keeper.say(`${requests.join('\n')}\n`)
  for (let id = 0; id < 100; id++) expect(await keeper.hear()).toEqual({ id, ok: { epochs: [] } })
})

test('lines are the same however they are cut, and nothing but a request is read as one', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.nat(40)), (texts, cuts) => {
      const lines = texts.map(text => text.replaceAll('\n', ' '))
      const whole = Buffer.from(lines.map(line => `${line}\n`).join(''))
      const reader = new LineReader()
      const read: string[] = []
      let rest = whole
      for (const cut of [...cuts, whole.length]) {
        read.push(...reader.read(Buffer.from(rest.subarray(0, cut))).map(line => line.toString()))
        rest = rest.subarray(cut)
      }
      expect(read).toEqual(lines)
    }),
  )
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), bytes => {
      let id: unknown
      try {
        id = readRequest(Buffer.from(bytes)).id
      } catch (error) {
        expect(String(error)).toMatch(/malformed/)
        return
      }
      expect(Number.isSafeInteger(id)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('at SIGTERM it answers what is under way, and ends cleanly; so it does when its supervisor is gone', async () => {
  const keeper = await speak()
  const asked = keeper.ask({ id: 1, op: 'newest.write', kept: { version: 1, fence: 1, note: 'n' } })
  await new Promise<void>(resolve => {
    vault.meddle = () => {
      resolve()
      vault.meddle = () => undefined
      return undefined
    }
  })
  expect(await child.end('SIGTERM')).toBe(0)
  expect(await asked).toEqual({ id: 1, ok: {} })
  expect(await child.start()).toBe(true)
  expect(await child.orphan()).toBe(0)
  expect(await child.start()).toBe(true)
})

test('no key, token or blob is in anything that the process writes', async () => {
  const keeper = await speak()
  const key = randomBytes(32)
  const secrets = [key.toString('base64'), key.toString('hex'), vault.token]
  await keeper.ask({ id: 1, op: 'createEpoch', epoch: 1 })
  const wrapped = await keeper.ask({ id: 2, op: 'wrap', epoch: 1, key: secrets[0], aad: b64(8) })
  const blob = String((wrapped?.ok as { blob?: string } | undefined)?.blob)
  expect(await keeper.ask({ id: 3, op: 'unwrap', epoch: 1, blob, aad: b64(8) })).toMatchObject({
    refused: 'unavailable',
  })
  vault.meddle = () => [500, { errors: ['1 error occurred'] }]
  const failed = await keeper.ask({ id: 4, op: 'wrap', epoch: 1, key: secrets[0], aad: b64(8) })
  vault.meddle = () => undefined
  const said = child.said + JSON.stringify(failed)
  for (const secret of [...secrets, blob]) expect(said).not.toContain(secret)
})
