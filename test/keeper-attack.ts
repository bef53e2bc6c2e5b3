import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { encodeFrame, type Frame, FrameReader, frameKinds } from '../src/keeper/protocol.ts'
import { KeeperRefusal, keeperRefusals } from '../src/keeper/refusal.ts'
import { type KeeperProcess, startKeeper } from './keeper.ts'
import { type Case, cases, type Known, marker, requestOf, type Sent } from './keeper-cases.ts'
import { sealPeople, sealPerson, takeGrant } from './sealed-person.ts'

// A campaign against a real keeper: many requests that nobody honest would send, and whether it stays what it must be.

/** Something that the keeper must never do. */
export class Fallen extends Error {
  override readonly name = 'Fallen'
}

const refusalParts = new Set(['code', 'why', 'expected', 'at'])
const patience = 60_000

/** One connection that says anything and remembers every byte that it hears. */
export class Speaker {
  readonly #socket: Socket
  readonly #waiting = new Map<number, (frame: Frame | null) => void>()
  #next = 2
  ended = false

  private constructor(socket: Socket, hear: (bytes: Buffer) => void) {
    this.#socket = socket
    const reader = new FrameReader()
    socket.on('data', chunk => {
      hear(chunk as Buffer)
      for (const frame of reader.read(chunk as Buffer)) {
        this.#waiting.get(frame.id)?.(frame)
        this.#waiting.delete(frame.id)
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.ended = true
      for (const settle of this.#waiting.values()) settle(null)
    })
  }

  static async open(path: string, hear: (bytes: Buffer) => void = () => {}): Promise<Speaker> {
    const socket = connect(path)
    const speaker = new Speaker(socket, hear)
    const greeted = new Promise(resolve => speaker.#waiting.set(1, resolve))
    socket.write(encodeFrame(1, frameKinds.request, { op: 'hello', args: { protocol: 1 } }))
    if ((await greeted) === null) throw new Fallen('the keeper does not greet')
    return speaker
  }

  /** Resolves with the answer, or null when the connection ended first. */
  ask({ op, args, attachments }: Sent): Promise<Frame | null> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Fallen(`no answer to ${String(op)}`)), patience)
      this.#waiting.set(id, frame => {
        clearTimeout(timer)
        resolve(frame)
      })
      this.#socket.write(encodeFrame(id, frameKinds.request, { op, args }, attachments))
    })
  }

  /** Writes bytes as they are, and ends the sentence. Resolves when the other side has closed. */
  async shout(bytes: Buffer): Promise<void> {
    const closed = new Promise<void>(resolve =>
      this.ended ? resolve() : this.#socket.once('close', () => resolve()),
    )
    this.#socket.end(bytes)
    await closed
  }

  close(): void {
    this.#socket.destroy()
  }
}

export interface Attack {
  seed: number
  rounds: number
  /** Of each round. */
  requests: number
  restoring?: boolean
  /** Bytes of answers that are kept for `heard`. */
  keep?: number
  say?: (line: string) => void
}

export interface Attacked {
  keeper: KeeperProcess
  /** Requests that differ, by their operation, arguments and bytes; random ids make none different. */
  distinct: number
  answers: Record<string, number>
  /** All that the keeper answered, up to `keep` bytes. */
  heard: Buffer
  /** The most memory that the keeper ever held, in MiB; null where the system does not tell. */
  peak: number | null
}

/**
 * Attacks a keeper and leaves it running for whoever wants to look closer. Throws `Fallen` when it ended, answered
 * anything but a reply or a known refusal, repeated a marker in a refusal, met a bug of its own, or no longer serves an
 * honest client.
 */
export async function attackKeeper(attack: Attack): Promise<Attacked> {
  const keeper = await startKeeper({ restoring: attack.restoring === true })
  const heard: Buffer[] = []
  let held = 0
  const hear = (bytes: Buffer) => {
    if (held < (attack.keep ?? 0)) heard.push(Buffer.from(bytes))
    held += bytes.length
  }
  const seen = new Set<string>()
  const answers: Record<string, number> = {}
  const known: Known = { people: [], acts: [] }
  let speaker = await Speaker.open(keeper.socket, hear)
  for (let round = 0; round < attack.rounds; round++) {
    await refresh(keeper, known)
    const seed = attack.seed + round
    const wanted = fc.sample(cases, { numRuns: attack.requests, seed })
    if (speaker.ended) speaker = await Speaker.open(keeper.socket, hear)
    await Promise.all(
      wanted.map(async one => {
        const sent = requestOf(one, known)
        seen.add(digestOf(one))
        const answer = await speaker.ask(sent)
        if (answer === null) throw new Fallen(`the connection ended at ${describe(one, seed)}`)
        count(
          answers,
          judge(answer, () => describe(one, seed)),
        )
      }),
    )
    for (const one of fc.sample(brokenFrames, { numRuns: 5, seed })) {
      seen.add(digestOf(one))
      await (await Speaker.open(keeper.socket, hear)).shout(bytesOf(one, known))
    }
    await requireHonestService(keeper)
    if (/a fault/.test(keeper.said())) throw new Fallen(`round ${seed}: ${keeper.said().trim()}`)
    attack.say?.(`${round + 1} of ${attack.rounds} rounds, ${seen.size} distinct cases`)
  }
  if (keeper.said().includes(marker)) throw new Fallen('a marker on the error stream')
  speaker.close()
  return { keeper, distinct: seen.size, answers, heard: Buffer.concat(heard), peak: await peakOf(keeper.pid) }
}

const describe = (one: Case, seed: number) => `seed ${seed}: ${JSON.stringify(one).slice(0, 2000)}`

const digestOf = (one: unknown) =>
  createHash('sha256').update(JSON.stringify(one)).digest('base64').slice(0, 16)

function count(answers: Record<string, number>, code: string): void {
  answers[code] = (answers[code] ?? 0) + 1
}

/** The kind of an answer, as one word. */
function judge(frame: Frame, where: () => string): string {
  if (frame.kind === frameKinds.reply) return 'reply'
  const told = frame.json as Record<string, unknown> | undefined
  const code = keeperRefusals.find(known => known === told?.code)
  if (frame.kind !== frameKinds.refusal || told === undefined || code === undefined)
    throw new Fallen(`neither a reply nor a refusal at ${where()}`)
  const text = JSON.stringify(told)
  if (text.includes(marker) || text.length > 500)
    throw new Fallen(`the refusal says too much at ${where()}: ${text}`)
  if (Object.keys(told).some(part => !refusalParts.has(part)))
    throw new Fallen(`an unknown part at ${where()}`)
  if (code === 'unavailable') throw new Fallen(`a fault at ${where()}: ${text}`)
  return code
}

/** Others may have been erased or revoked by the requests of the round before. */
async function refresh(keeper: KeeperProcess, known: Known): Promise<void> {
  const fresh = await sealPeople(keeper.client, 6)
  const wanted = { actor: `st_${randomUUID()}`, compartments: ['contact', 'trail'] }
  const together = fresh.map(async person => ({
    person,
    grant: await takeGrant(keeper.client, [person], wanted),
  }))
  known.people = [...known.people.slice(-6), ...(await Promise.all(together))]
  known.acts = [...known.acts.slice(-8), randomUUID(), randomUUID()]
}

export async function requireHonestService({ client }: KeeperProcess): Promise<void> {
  try {
    const person = await sealPerson(client)
    const grant = await takeGrant(client, [person], { actor: `st_${randomUUID()}` })
    const [opened] = await client.open({ ...grant, fields: ['email'], items: [person.box] })
    if (JSON.stringify(opened?.values) !== '{"email":{"value":"person0@example.org"}}')
      throw new Fallen('an honest client is answered wrongly')
  } catch (error) {
    if (!(error instanceof KeeperRefusal)) throw error
    throw new Fallen(`an honest client is refused: ${error.message}`)
  }
}

/** Frames whose bytes were changed, cut or are no frames at all. */
interface BrokenFrame {
  one: Case
  flips: { at: number; bit: number }[]
  cut: number | null
  noise: Uint8Array
}

const brokenFrames: fc.Arbitrary<BrokenFrame> = fc.record({
  one: cases,
  flips: fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { maxLength: 3 }),
  cut: fc.option(fc.nat(), { freq: 3 }),
  noise: fc.uint8Array({ maxLength: 64 }),
})

function bytesOf({ one, flips, cut, noise }: BrokenFrame, known: Known): Buffer {
  const { op, args, attachments } = requestOf(one, known)
  const frame = encodeFrame(7, frameKinds.request, { op, args }, attachments)
  // The head is where it matters most.
  for (const { at, bit } of flips) frame[at % Math.min(frame.length, 64)]! ^= 1 << bit
  return Buffer.concat([cut === null ? frame : frame.subarray(0, cut % frame.length), noise])
}

export async function peakOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kib === undefined ? null : Math.round(Number(kib) / 1024)
}
