import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt } from '../authenticator.ts'
import { copyKeeper, type KeeperProcess, startKeeper } from '../keeper.ts'
import { Program } from '../program.ts'
import { LeafLog, WitnessProcess } from '../witness.ts'

const run = promisify(execFile)

// Somebody puts an old copy of everything back: the keeper's folder with the custodian in it, and the database. Nobody
// on this machine can tell; a witness elsewhere can.

describe('an old copy of the whole keeper’s folder, with its custodian', () => {
  let keeper: KeeperProcess
  let old: string
  let signed: string
  beforeAll(async () => {
    keeper = await startKeeper()
    await keeper.client.lease(1)
    old = await copyKeeper(keeper.folder)
    for (let times = 0; times < 3; times++) await keeper.client.lease(1)
    signed = await keeper.client.checkpoint()
  })
  afterAll(() => keeper.stop())

  const start = async (folder: string, ...witnessed: string[]) => {
    const started = await startKeeper({ folder: await copyKeeper(folder), witnessed })
    await started.stop()
    return started
  }

  it('starts while nobody elsewhere is asked: this is the limit', async () => {
    await expect(start(old)).resolves.toBeDefined()
  })

  it('does not start against what a witness has signed, and says what to do', async () => {
    const failed = await start(old, signed).catch(error => error as Error)
    expect((failed as Error).message).toMatch(
      /^keeper: the log is damaged at entry \d+: the log ends here, but .+ knows \d+ entries: it has gone back in time, put the newest copy of the keeper’s folder back$/,
    )
  })

  it('does not start either when it has gone on by itself, under the same key', async () => {
    const fork = await startKeeper({ folder: old })
    for (let times = 0; times < 5; times++) await fork.client.lease(1)
    await fork.stop()
    await expect(start(old, signed)).rejects.toThrow(/the log is not the one that .+ knows/)
  })

  it('starts as the newest with all that was ever signed of it', async () => {
    await keeper.client.lease(1)
    await expect(start(keeper.folder, signed)).resolves.toBeDefined()
    await expect(start(keeper.folder, signed, await keeper.client.checkpoint())).resolves.toBeDefined()
  })

  it('believes no checkpoint that its own key has not signed', async () => {
    const [origin] = signed.split('\n')
    const forged = new LeafLog(origin).grow(1).checkpoint()
    await expect(start(keeper.folder, forged)).rejects.toThrow(/is not signed by the key of this log/)
    await expect(start(keeper.folder, signed.replace(/\n(\d+)\n/, '\n1$1\n'))).rejects.toThrow(
      /is not signed/,
    )
  })
})

describe('an installation whose data and keys were put back as a whole', () => {
  let program: Program
  let witness: WitnessProcess
  afterAll(async () => {
    await witness?.end('SIGKILL')
    await program?.remove()
  })

  it('is not started again while its witness can be asked', async () => {
    program = await Program.make()
    expect(await program.start(), program.output).toBe(true)
    const { log } = (await (await fetch(`${program.url}/log/keys`)).json()) as { log: string }
    await program.end()
    const copy = join(program.folder, 'copy')
    await run('mkdir', [copy])
    await run('cp', ['-a', join(program.folder, 'data'), join(program.folder, 'keeper'), copy])

    witness = new WitnessProcess([log])
    expect(await witness.start(), witness.output).toBe(true)
    const watched = program.with({ CUSTODE_WITNESSES: `${witness.key} ${witness.url}` })
    expect(await watched.start(), watched.output).toBe(true)
    expect(watched.output).not.toContain('witness')
    const token = /setup#(\S+)/.exec(watched.output)?.[1]
    const totp_secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    const pia = { name: 'Pia', email: 'pia@example.org', language: 'en', password: 'a long enough one' }
    const body = { organisation: 'X', token, ...pia, totp_secret, code: codeAt(totp_secret, new Date()) }
    const opened = await fetch(`${watched.url}/api/v1/setup`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(body),
    })
    expect(opened.status).toBe(201)
    const sizeOf = (note: string | null) => Number(note?.split('\n')[1] ?? -1)
    const now = sizeOf(await (await fetch(`${watched.url}/log/checkpoint`)).text())
    while (sizeOf(await witness.newest(log.split('+')[0]!)) < now) await wait(200)
    await watched.end()

    for (const name of ['data', 'keeper']) {
      await rm(join(program.folder, name), { recursive: true })
      await run('cp', ['-a', join(copy, name), join(program.folder, name)])
    }
    expect(await watched.start()).toBe(false)
    expect(watched.output).toMatch(
      /the log ends here, but the witness witness\.example\/pia knows \d+ entries: it has gone back in time, put the newest copy of the keeper’s folder back/,
    )
    expect(watched.output).not.toMatch(/^\s+at /m)

    await witness.end('SIGKILL')
    expect(await watched.start(), watched.output).toBe(true)
    expect(watched.output).toContain(
      'the witness witness.example/pia cannot be reached: whether it knows a newer log is not known',
    )
    await watched.end()
  }, 240_000)
})
