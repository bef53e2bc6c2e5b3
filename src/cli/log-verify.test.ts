import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { entryBody, newFolder, openLog, privateKeyOf } from '../../test/log.ts'
import { logVerify } from './log-verify.ts'

beforeEach(() => {
  for (const name of ['CUSTODE_KEEPER', 'CUSTODE_CUSTODIANS', 'CUSTODE_PLACES']) vi.stubEnv(name, '')
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

async function run(...argv: string[]): Promise<{ code: number; out: string }> {
  const lines: unknown[] = []
  vi.spyOn(console, 'log').mockImplementation(line => lines.push(line))
  vi.spyOn(console, 'error').mockImplementation(line => lines.push(line))
  return { code: await logVerify(argv), out: lines.join('\n') }
}

async function keeperFolder() {
  const folder = await newFolder()
  const { log } = await openLog({ folder: join(folder, 'log') })
  const add = async (count: number) => {
    for (; count > 0; count -= 1) await log.append([{ trailSlot: 300, body: entryBody() }])
  }
  await add(3)
  return { folder, log, add, root: log.checkpoint().split('\n')[2], vkey: log.vkey }
}

const keep = async (folder: string, note: string) => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'checkpoint'), JSON.stringify({ version: 1, fence: 1, note }))
}

/** A place as the keeper writes one: the log once more, and its newest checkpoint. */
async function placeOf(keeper: string, note: string): Promise<string> {
  const place = await newFolder()
  await cp(join(keeper, 'log'), join(place, 'log'), { recursive: true })
  await keep(place, note)
  return place
}

const onlyItself = 'proves only that the folder agrees with itself'

describe('custode log verify', () => {
  it('says how many entries there are and their root, and ends with 0', async () => {
    const { folder, root, vkey } = await keeperFolder()
    const { code, out } = await run('--keeper', folder, '--key', vkey)
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toBe(`log verified: 3 entries, root ${root}`)
    expect(out).toContain('the key is the one that --key names')
  })

  it('names the entry where a byte was changed, and ends with 1', async () => {
    const { folder } = await keeperFolder()
    const path = join(folder, 'log', '0000000000000000.log')
    const bytes = await readFile(path)
    const second = bytes.indexOf('reading', bytes.indexOf('reading') + 7)
    bytes[second]! ^= 1
    await writeFile(path, bytes)
    expect(await run('--keeper', folder)).toMatchObject({ code: 1, out: expect.stringContaining('entry 1:') })
  })

  it('compares it with a checkpoint from a file, whatever kind of file holds it', async () => {
    const { folder, log, add } = await keeperFolder()
    const early = log.checkpoint()
    await add(2)
    const elsewhere = await newFolder()
    const files: Record<string, string> = {
      checkpoint: early,
      'bundle.json': JSON.stringify({ format: 'custode-log-bundle/1', checkpoint: early }),
      'receipt.json': JSON.stringify({ kind: 'withdrawal', proof: { hashes: [], checkpoint: early } }),
    }
    for (const [name, text] of Object.entries(files)) {
      const path = join(elsewhere, name)
      await writeFile(path, text)
      const { code, out } = await run('--keeper', folder, '--from', path)
      expect([code, out]).toEqual([0, expect.stringContaining(`it extends what ${path} knows: 3 entries`)])
      expect(out).toContain(`the key is the one that is known to ${path}`)
    }
  })

  it('finds by it that the end was cut off, or that the log is another', async () => {
    const { folder, log, add } = await keeperFolder()
    const copy = await newFolder()
    await cp(folder, copy, { recursive: true })
    await add(2)
    const held = join(await newFolder(), 'checkpoint')
    await writeFile(held, log.checkpoint())
    const cut = await run('--keeper', copy, '--from', held)
    expect([cut.code, cut.out]).toEqual([1, expect.stringContaining('log cut off at entry 3')])
    const other = await openLog({ folder: join(copy, 'log') })
    for (let at = 0; at < 4; at++) await other.log.append([{ trailSlot: 301, body: entryBody() }])
    const forked = await run('--keeper', copy, '--from', held)
    expect([forked.code, forked.out]).toEqual([1, expect.stringContaining('log forked at entry')])
  })

  it('says in one line what is no checkpoint, and ends with 2', async () => {
    const { folder } = await keeperFolder()
    const path = join(await newFolder(), 'wrong.json')
    const missing = await run('--keeper', folder, '--from', path)
    expect(missing).toEqual({ code: 2, out: `${path} cannot be read: --from names a file with a checkpoint` })
    for (const text of ['{}', '{', '[1]']) {
      await writeFile(path, text)
      const { code, out } = await run('--keeper', folder, '--from', path)
      expect([code, out.split('\n').length > 0]).toEqual([text === '[1]' ? 1 : 2, true])
    }
  })

  it('says that there is no log where there is none, and does not call it damaged', async () => {
    const empty = await newFolder()
    const missing = join(empty, 'missing')
    for (const folder of [empty, missing])
      expect(await run('--keeper', folder)).toEqual({
        code: 2,
        out: `there is no log at ${folder}: --keeper names the keeper’s folder`,
      })
  })

  it('says damaged and ends with 1 where a folder of a log has lost its files', async () => {
    const { folder } = await keeperFolder()
    await rm(join(folder, 'log', 'vkey'))
    expect(await run('--keeper', folder)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^log damaged/),
    })
  })

  it('says damaged and ends with 1 where the log is gone and its checkpoint is still kept', async () => {
    const folder = await newFolder()
    await mkdir(join(folder, 'custodian'))
    await writeFile(join(folder, 'custodian', 'any'), '')
    expect(await run('--keeper', folder)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^log damaged/),
    })
  })
})

describe('whom it compares the log with', () => {
  it('is the custodian in the keeper’s folder, which is no proof of the key', async () => {
    const { folder, log } = await keeperFolder()
    await keep(join(folder, 'custodian'), log.checkpoint())
    const { code, out } = await run('--keeper', folder)
    expect(code).toBe(0)
    expect(out).toContain(
      `it extends what the custodian file (${join(folder, 'custodian')}) knows: 3 entries`,
    )
    expect(out).toContain(onlyItself)
  })

  it('is nobody where nothing is kept, and it says so', async () => {
    const { folder } = await keeperFolder()
    const { code, out } = await run('--keeper', folder)
    expect(code).toBe(0)
    expect(out).toContain(`the custodian file (${join(folder, 'custodian')}) was not asked: it keeps nothing`)
    expect(out).toContain('that an end was cut off could not be seen')
    expect(out).toContain(onlyItself)
  })

  it('is also a custodian’s folder elsewhere, which proves the key as well', async () => {
    const { folder, log } = await keeperFolder()
    const custodian = await newFolder()
    await keep(custodian, log.checkpoint())
    vi.stubEnv('CUSTODE_KEEPER', folder)
    vi.stubEnv('CUSTODE_CUSTODIANS', `file:${custodian}`)
    const { code, out } = await run()
    expect(code).toBe(0)
    expect(out).toContain(`the custodian file (${custodian}) knows: 3 entries`)
    expect(out).toContain(`the key is the one that is known to the custodian file (${custodian})`)
    expect(out).not.toContain(onlyItself)
  })

  it('is every place, and those that cannot be asked are named with the reason', async () => {
    const { folder, log } = await keeperFolder()
    const place = await placeOf(folder, log.checkpoint())
    const away = join(await newFolder(), 'away')
    const file = join(await newFolder(), 'file')
    await writeFile(file, '')
    vi.stubEnv('CUSTODE_CUSTODIANS', 'file,aws-kms')
    vi.stubEnv('AWS_REGION', 'eu-south-1')
    vi.stubEnv('CUSTODE_PLACES', [place, away, file].join(','))
    const { code, out } = await run('--keeper', folder)
    expect(code).toBe(0)
    expect(out).toContain(`it extends what the place ${place} knows: 3 entries`)
    expect(out).toContain(`the place ${away} was not asked: it keeps nothing`)
    expect(out).toContain(`the place ${file} was not asked: it cannot be read (ENOTDIR)`)
    expect(out).toContain('the custodian aws-kms was not asked: only a running keeper can ask it')
    expect(out).not.toContain(onlyItself)
  })
})

describe('a log that is older than somebody knows', () => {
  it('is named as cut off, whoever it is that knows', async () => {
    const { folder, log, add } = await keeperFolder()
    const old = await newFolder()
    await cp(folder, old, { recursive: true })
    await keep(join(old, 'custodian'), log.checkpoint())
    await add(2)
    const place = await placeOf(folder, log.checkpoint())
    vi.stubEnv('CUSTODE_PLACES', place)
    const { code, out } = await run('--keeper', old, '--key', log.vkey)
    expect(code).toBe(1)
    expect(out).toContain(
      `log cut off at entry 3: the place ${place} knows 5 entries; its end was taken away, or it is an older copy`,
    )
    expect(out).not.toContain('log verified')
  })

  it('is found by a place’s copy of the log alone, whatever its checkpoint says', async () => {
    const { folder, log, add } = await keeperFolder()
    const old = await newFolder()
    await cp(folder, old, { recursive: true })
    const before = log.checkpoint()
    await add(1)
    const place = await placeOf(folder, before)
    vi.stubEnv('CUSTODE_PLACES', place)
    expect(await run('--keeper', old)).toMatchObject({
      code: 1,
      out: expect.stringContaining(`log cut off at entry 3: the place ${place} knows 4 entries`),
    })
  })

  it('is found though another custodian’s checkpoint was put back with it or is damaged', async () => {
    const { folder, log, add } = await keeperFolder()
    const old = await newFolder()
    await cp(folder, old, { recursive: true })
    await add(1)
    const custodian = await newFolder()
    await keep(custodian, log.checkpoint())
    const damaged = await newFolder()
    await keep(damaged, '')
    await writeFile(join(damaged, 'checkpoint'), '{}')
    vi.stubEnv('CUSTODE_CUSTODIANS', `file:${custodian}`)
    vi.stubEnv('CUSTODE_PLACES', damaged)
    const { code, out } = await run('--keeper', old)
    expect(code).toBe(1)
    expect(out).toContain(`log cut off at entry 3: the custodian file (${custodian}) knows 4 entries`)
    expect(out).toContain(`the place ${damaged} is damaged: what it keeps is no checkpoint`)
  })

  it('is found where nothing of it is left', async () => {
    const { folder, log } = await keeperFolder()
    const place = await placeOf(folder, log.checkpoint())
    const empty = await newFolder()
    vi.stubEnv('CUSTODE_PLACES', place)
    const { code, out } = await run('--keeper', empty)
    expect(code).toBe(1)
    expect(out).toContain(`log cut off at entry 0: the place ${place} knows 3 entries`)
  })
})

describe('a log that is another than somebody knows', () => {
  /** Two logs of one beginning and one key: what a signer makes who shows different things to different people. */
  async function fork(count: number) {
    const { folder, log, add } = await keeperFolder()
    const copy = await newFolder()
    await cp(folder, copy, { recursive: true })
    const other = await openLog({ folder: join(copy, 'log') })
    for (; count > 0; count -= 1) await other.log.append([{ trailSlot: 301, body: entryBody() }])
    await add(2)
    return { folder, log, copy, note: other.log.checkpoint() }
  }

  it.each([
    [1, 3],
    [2, 4],
    [9, 4],
  ])('is named as a fork, also where it is as long or longer (%d more)', async (count, entry) => {
    const { folder, log, copy, note } = await fork(count)
    const place = await placeOf(folder, log.checkpoint())
    vi.stubEnv('CUSTODE_PLACES', place)
    const { code, out } = await run('--keeper', copy)
    expect(code).toBe(1)
    expect(out).toContain(
      `log forked at entry ${entry}: the place ${place} knows 5 other entries; they part here or before`,
    )
    vi.stubEnv('CUSTODE_PLACES', await placeOf(copy, note))
    expect(await run('--keeper', folder)).toMatchObject({
      code: 1,
      out: expect.stringContaining(`log forked at entry ${entry}`),
    })
  })

  it('is named as a fork by a custodian that keeps a checkpoint alone', async () => {
    const { folder, copy, note } = await fork(2)
    await keep(join(folder, 'custodian'), note)
    expect((await run('--keeper', folder)).out).toContain('log forked at entry 4')
    await keep(join(copy, 'custodian'), note)
    expect(await run('--keeper', copy)).toMatchObject({ code: 0 })
  })

  it('is never believed with the key that came with it', async () => {
    const { folder, log } = await keeperFolder()
    const place = await placeOf(folder, log.checkpoint())
    const forged = await newFolder()
    const own = await openLog({ folder: join(forged, 'log'), signer: privateKeyOf(Buffer.alloc(32, 2)) })
    for (let count = 0; count < 4; count += 1) await own.log.append([{ trailSlot: 300, body: entryBody() }])
    await keep(join(forged, 'custodian'), own.log.checkpoint())
    const alone = await run('--keeper', forged)
    expect(alone).toMatchObject({ code: 0, out: expect.stringContaining(onlyItself) })
    vi.stubEnv('CUSTODE_PLACES', place)
    const { code, out } = await run('--keeper', forged)
    expect(code).toBe(1)
    expect(out).toContain(
      `log forked at entry 0: the place ${place} knows 3 entries that the key of this log has not signed`,
    )
  })
})

describe('what others keep', () => {
  it('is checked too: a place whose copy was changed is named, and the log is not blamed', async () => {
    const { folder, log } = await keeperFolder()
    const place = await placeOf(folder, log.checkpoint())
    const path = join(place, 'log', '0000000000000000.log')
    const bytes = await readFile(path)
    bytes[bytes.indexOf('reading')]! ^= 1
    await writeFile(path, bytes)
    vi.stubEnv('CUSTODE_PLACES', place)
    const { code, out } = await run('--keeper', folder)
    expect(code).toBe(1)
    expect(out).toContain('log verified: 3 entries')
    expect(out).toContain(`the place ${place} is damaged: its copy of the log at entry 0`)
  })

  it('that is damaged at the custodian ends with 1 and says whose it is', async () => {
    const { folder } = await keeperFolder()
    await keep(join(folder, 'custodian'), '')
    await writeFile(join(folder, 'custodian', 'checkpoint'), '{}')
    const { code, out } = await run('--keeper', folder)
    expect(code).toBe(1)
    expect(out).toContain(
      `the custodian file (${join(folder, 'custodian')}) is damaged: what it keeps is no checkpoint`,
    )
  })
})
