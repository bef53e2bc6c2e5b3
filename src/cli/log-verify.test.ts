import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { entryBody, newFolder, openLog } from '../../test/log.ts'
import { logVerify } from './log-verify.ts'

afterEach(() => vi.restoreAllMocks())

async function run(...argv: string[]): Promise<{ code: number; out: string }> {
  const lines: unknown[] = []
  vi.spyOn(console, 'log').mockImplementation(line => lines.push(line))
  vi.spyOn(console, 'error').mockImplementation(line => lines.push(line))
  return { code: await logVerify(argv), out: lines.join('\n') }
}

async function keeperFolder() {
  const folder = await newFolder()
  const { log } = await openLog({ folder: join(folder, 'log') })
  for (let count = 0; count < 3; count += 1) await log.append([{ trailSlot: 300, body: entryBody() }])
  return { folder, root: log.checkpoint().split('\n')[2], vkey: log.vkey }
}

describe('custode log verify', () => {
  it('says how many entries there are and their root, and ends with 0', async () => {
    const { folder, root, vkey } = await keeperFolder()
    const { code, out } = await run('--keeper', folder, '--key', vkey)
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toBe(`log verified: 3 entries, root ${root}`)
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
