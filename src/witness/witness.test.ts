import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyStep } from '../../test/every-step.ts'
import { LeafLog, WitnessProcess } from '../../test/witness.ts'
import { cosignaturesOf, parseWitnessKey, textOf } from '../keeper/cosignature.ts'
import { parseVkey, verifyCheckpoint } from '../keeper/note.ts'
import { nameOfLog } from './witness.ts'

const running: WitnessProcess[] = []
afterAll(() => Promise.all(running.map(one => one.end('SIGKILL'))))

async function watching(...logs: LeafLog[]): Promise<WitnessProcess> {
  const witness = new WitnessProcess(logs.map(log => log.vkey))
  running.push(witness)
  expect(await witness.start(), witness.output).toBe(true)
  return witness
}

const evidenceOf = async ({ folder }: WitnessProcess) =>
  (await readdir(folder)).filter(name => name.startsWith('evidence')).sort()

/** Status, content type and body. */
async function told(answer: Promise<Response>): Promise<[number, string | null, string]> {
  const response = await answer
  return [response.status, response.headers.get('content-type'), await response.text()]
}

const plain = 'text/plain; charset=utf-8'

describe('a witness', () => {
  const log = new LeafLog().grow(3)
  let witness: WitnessProcess
  beforeAll(async () => {
    witness = await watching(log, new LeafLog('custode/other', 9))
  })

  it('keeps its key to itself, and says who it is and what the vendor must set', async () => {
    expect((await stat(witness.folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(witness.folder, 'key'))).mode & 0o777).toBe(0o600)
    expect(parseWitnessKey(witness.key)?.name).toBe('witness.example/pia')
    expect(witness.output).toContain(`CUSTODE_WITNESSES="${witness.key} ${witness.url}"`)
  })

  it('knows nothing before it has cosigned anything', async () => {
    expect(await witness.newest(log.origin)).toBeNull()
    expect(await witness.newest('custode/unheard-of')).toBeNull()
  })

  it('cosigns a first tree, and each that is proven to extend the last', async () => {
    const key = parseWitnessKey(witness.key)!
    for (const [old, size] of [
      [0, 1],
      [1, 3],
      [3, 3],
      [3, 300],
    ] as const) {
      log.grow(Math.max(0, size - log.size))
      const [status, type, line] = await told(witness.add(log.submission(old, size)))
      expect([status, type]).toEqual([200, plain])
      const [said] = cosignaturesOf(log.checkpoint(size) + line, [key])
      expect(said?.witness).toBe(key.name)
      expect(Math.abs((said?.time ?? 0) - Date.now())).toBeLessThan(60_000)
      const newest = (await witness.newest(log.origin))!
      expect(newest).toBe(log.checkpoint(size) + line)
      expect(verifyCheckpoint(newest, parseVkey(log.vkey)!)?.size).toBe(size)
    }
  })

  it('tells whoever has lost count what it holds', async () => {
    for (const old of [0, 299])
      expect(await told(witness.add(log.submission(old, 300)))).toEqual([409, 'text/x.tlog.size', '300\n'])
    expect(await told(witness.add(log.submission(10, 20)))).toEqual([409, 'text/x.tlog.size', '300\n'])
  })

  it('refuses a log that it does not watch, and a checkpoint that its key has not signed', async () => {
    const stranger = new LeafLog('custode/stranger').grow(1)
    expect((await witness.add(stranger.submission(0))).status).toBe(404)
    const forger = new LeafLog(log.origin, 8).grow(301)
    expect((await witness.add(forger.submission(300))).status).toBe(403)
    expect((await witness.add(log.submission(300).replace(/running 0/, 'running 1'))).status).toBe(403)
    expect(await evidenceOf(witness)).toEqual([])
  })

  it('refuses two roots for one size, and keeps both notes as evidence once', async () => {
    const fork = new LeafLog(log.origin).grow(300, 'another')
    for (let tries = 0; tries < 2; tries++)
      expect(await told(witness.add(fork.submission(300)))).toEqual([409, 'text/x.tlog.size', '300\n'])
    expect((await witness.add(fork.submission(0))).status).toBe(409)
    expect(await evidenceOf(witness)).toEqual(['evidence-1'])
    const kept = JSON.parse(await readFile(join(witness.folder, 'evidence-1'), 'utf8'))
    expect(kept).toMatchObject({ kind: 'fork', submitted: fork.checkpoint() })
    const vkey = parseVkey(log.vkey)!
    const [held, submitted] = [verifyCheckpoint(kept.held, vkey), verifyCheckpoint(kept.submitted, vkey)]
    expect(held?.size).toBe(submitted?.size)
    expect(held?.root).not.toEqual(submitted?.root)
    expect(witness.output).toContain(`${log.origin} has signed two different trees of 300 entries`)
  })

  it('refuses a larger tree that does not begin with the one it knows, and keeps both notes', async () => {
    const fork = new LeafLog(log.origin).grow(299).grow(51, 'another')
    expect((await witness.add(fork.submission(300))).status).toBe(422)
    expect(
      (
        await witness.add(
          log
            .grow(1)
            .submission(300)
            .replace(/^old 300\n[^\n]+/, 'old 300'),
        )
      ).status,
    ).toBe(422)
    expect((await evidenceOf(witness)).length).toBe(3)
    expect(await witness.newest(log.origin)).toContain('\n300\n')
  })

  it('has no end of room for what anybody can make up, and still keeps what only the log can sign', async () => {
    for (let size = 310; size < 340; size++) {
      log.grow(size - log.size)
      const made = `old 300\n${'A'.repeat(43)}=\n\n${log.checkpoint(size)}`
      expect((await witness.add(made)).status).toBe(422)
    }
    expect(await evidenceOf(witness)).toHaveLength(1 + 16)
    await witness.add(new LeafLog(log.origin).grow(300, 'a third').submission(300))
    expect(await evidenceOf(witness)).toHaveLength(1 + 16 + 1)
  })

  it('cosigns of two that come at the same moment what fits together, and never goes back', async () => {
    const sizes = Array.from({ length: 12 }, (_, at) => 340 + at)
    log.grow(400 - log.size)
    const answers = await Promise.all(sizes.map(size => told(witness.add(log.submission(300, size)))))
    expect(answers.filter(([status]) => status === 200)).toHaveLength(1)
    const won = answers.findIndex(([status]) => status === 200)
    expect(answers.filter(([status]) => status === 409).map(([, , body]) => body)).toEqual(
      Array.from({ length: 11 }, () => `${sizes[won]}\n`),
    )
    expect(await witness.newest(log.origin)).toContain(`\n${sizes[won]}\n`)
  })

  it('knows everything again after it was ended, and ends cleanly', async () => {
    const [before, key] = [await witness.newest(log.origin), witness.key]
    expect(await witness.end('SIGTERM')).toBe(0)
    expect(await witness.start()).toBe(true)
    expect(witness.key).toBe(key)
    expect(await witness.newest(log.origin)).toBe(before)
    expect((await witness.add(log.submission(0))).status).toBe(409)
  })
})

describe('a witness serves on when it is asked', () => {
  const log = new LeafLog().grow(5)
  let witness: WitnessProcess
  beforeAll(async () => {
    witness = await watching(log)
    expect((await witness.add(log.submission(0, 4))).status).toBe(200)
  })
  const good = log.submission(4, 5)

  it.each([
    ['nothing', ''],
    ['no size', good.replace('old 4', 'old')],
    ['a size with a zero before it', good.replace('old 4', 'old 04')],
    ['a negative size', good.replace('old 4', 'old -4')],
    ['a size beyond counting', good.replace('old 4', 'old 9999999999999999')],
    ['a larger size than the checkpoint’s', log.submission(4, 5).replace('old 4', 'old 6')],
    ['no empty line', good.replace('\n\n', '\n')],
    ['a hash that is none', good.replace('old 4\n', 'old 4\nAAAA\n')],
    ['sixty-four hashes', good.replace('old 4\n', `old 4\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
    ['carriage returns', good.replaceAll('\n', '\r\n')],
    ['a checkpoint without a signature', good.slice(0, good.lastIndexOf('\n\n') + 1)],
    ['bytes that are no text', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good)])],
  ])('for %s', async (_what, body) => {
    expect((await witness.add(body)).status).toBe(400)
  })

  it('for too much, by another method and at another place', async () => {
    expect((await witness.add(Buffer.alloc(40_000, 65))).status).toBe(413)
    expect((await fetch(`${witness.url}/add-checkpoint`)).status).toBe(405)
    for (const path of ['/', '/key', '/checkpoint/', `/checkpoint/..%2fkey`, `/checkpoint/${'a'.repeat(63)}`])
      expect((await fetch(witness.url + path)).status, path).toBe(404)
    const url = `${witness.url}/checkpoint/${nameOfLog(log.origin)}`
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405)
  })

  it('for a true request with a few bytes changed: it cosigns nothing that was not signed', async () => {
    const bytes = Buffer.from(good)
    const seen = new Set<number>()
    for (let round = 0; round < 300; round++) {
      const changed = Buffer.from(bytes)
      for (const at of randomBytes(1 + (round % 3))) changed[(at * 7 + round) % bytes.length] = at
      if (changed.equals(bytes)) continue
      const response = await witness.add(changed)
      seen.add(response.status)
      expect([400, 403, 404, 409, 422]).toContain(response.status)
      await response.arrayBuffer()
    }
    expect(seen.size).toBeGreaterThan(2)
    expect(await witness.newest(log.origin)).toContain('\n4\n')
  })

  it('for somebody who sends a request without an end: he is cut off, others are served', async () => {
    const { hostname, port } = new URL(witness.url)
    const slow = connect(Number(port), hostname)
    const cut = new Promise(done =>
      slow
        .on('close', done)
        .on('error', () => {})
        .resume(),
    )
    slow.write('POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n')
    expect((await witness.add(good)).status).toBe(200)
    await cut
  }, 30_000)
})

describe('a witness does not start', () => {
  it('where another one runs, or under another name', async () => {
    const log = new LeafLog().grow(1)
    const witness = await watching(log)
    const second = new WitnessProcess([log.vkey], { folder: witness.folder })
    expect(await second.start()).toBe(false)
    expect(second.output).toMatch(/^witness is in use by process \d+/)
    await witness.end()
    const renamed = new WitnessProcess([log.vkey], { folder: witness.folder, name: 'witness.example/eve' })
    expect(await renamed.start()).toBe(false)
    expect(renamed.output).toMatch(/^the witness of \S+ is witness\.example\/pia: /)
  })

  it('on what it cosigned when that is damaged or lost, since it could sign a second history', async () => {
    const log = new LeafLog().grow(2)
    const witness = await watching(log)
    expect((await witness.add(log.submission(0))).status).toBe(200)
    await witness.end('SIGKILL')
    const held = join(witness.folder, 'held', nameOfLog(log.origin))
    const note = await readFile(held, 'utf8')
    for (const damaged of ['', note.slice(0, 50), log.checkpoint(), note.replace('\n2\n', '\n1\n')]) {
      await writeFile(held, damaged)
      expect(await witness.start(), damaged).toBe(false)
      expect(witness.output).toMatch(/is damaged, or custode\/leaves has another key/)
      expect(witness.output.split('\n')).toHaveLength(2)
    }
    await rm(join(witness.folder, 'held'), { recursive: true })
    expect(await witness.start()).toBe(false)
    expect(witness.output).toContain('has signed is lost')
  })
})

// Power cuts at every step that writes. `#N` is the N-th of them, whatever its name.
it('never cosigns a smaller or another tree after it died at any step', async () => {
  const reached: string[] = []
  for (let step = 1; step < 40; step += everyStep ? 1 : 3) {
    const log = new LeafLog().grow(10)
    const witness = new WitnessProcess([log.vkey])
    running.push(witness)
    const signed: number[] = []
    const submit = async (old: number, size: number) => {
      const status = await witness.add(log.submission(old, size)).then(
        answer => answer.status,
        () => 0,
      )
      if (status === 200) signed.push(size)
      return status
    }
    if (await witness.start({ CUSTODE_KEEPER_DIES_AT: `#${step}` })) {
      await submit(0, 4)
      await submit(4, 8)
      await witness.add(new LeafLog(log.origin).grow(8, 'another').submission(8)).catch(() => {})
    }
    const how = await witness.end('SIGTERM')
    const died = /dies at (\S+)/.exec(witness.output)?.[1]
    if (died !== undefined) reached.push(died)
    expect(how).toBe(died === undefined ? 0 : 'SIGKILL')
    expect(await witness.start(), witness.output).toBe(true)
    const newest = await witness.newest(log.origin)
    const held = newest === null ? 0 : Number(textOf(newest)!.split('\n')[1])
    // What it has answered it holds; what it holds is of the one history.
    expect(held).toBeGreaterThanOrEqual(Math.max(0, ...signed))
    if (held > 0) expect(newest).toContain(log.checkpoint(held))
    if (held > 0) expect(await submit(0, held === 4 ? 4 : 8)).toBe(409)
    const fork = new LeafLog(log.origin).grow(10, 'another')
    if (held > 0) expect((await witness.add(fork.submission(held, 10))).status).toBe(422)
    expect(await submit(held, 10)).toBe(200)
    await witness.end('SIGKILL')
    if (died === undefined) break
  }
  expect(reached.length).toBeGreaterThan(everyStep ? 12 : 4)
  if (everyStep)
    expect(reached).toEqual(
      expect.arrayContaining(['witness.signed', 'file.written', 'file.renamed', 'witness.kept']),
    )
}, 180_000)
