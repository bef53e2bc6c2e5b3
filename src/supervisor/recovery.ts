import { generateKeyPairSync } from 'node:crypto'
import { cp, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Config } from '../core/config.ts'
import { ConfigError } from '../core/config.ts'
import { holderFile, lockFolder } from './folder-lock.ts'
import { findIsolation, type Isolation } from './isolation.ts'
import { openSite, runKeeper } from './keeper-site.ts'
import { joinShares, splitSecret } from './splitter-process.ts'

// What an operator does while Custode does not run: each takes the folder's lock.

const day = 24 * 3_600_000

export interface RecoveryPlan {
  shares: number
  threshold: number
  days: number
  /** Absolute path of a folder that is new or empty. */
  folder: string
}

async function whileStopped<T>(config: Config, act: (isolation: Isolation) => Promise<T>): Promise<T> {
  const end = await lockFolder(config.keeper, 'CUSTODE_KEEPER')
  try {
    return await act(findIsolation())
  } finally {
    await end()
  }
}

/** Runs the keeper of these settings for one act. */
async function runOnce(
  config: Config,
  isolation: Isolation,
  act: { args: string[]; stdin?: string },
  say: (line: string) => void,
): Promise<void> {
  const { site, end } = await openSite(config, { isolation, say })
  try {
    await runKeeper(site, isolation, act)
  } finally {
    await end()
  }
}

/**
 * Makes a cold recovery secret: shares of a private key in files, one for each holder, and its public half with the
 * keeper, registered in the log as a copy until its end. Answers the files and the last day. Throws `ConfigError`,
 * `FolderRefused`, `FailedStart` or `Refusal('invalid')`; then no share is left behind.
 */
export function makeRecovery(
  config: Config,
  plan: RecoveryPlan,
  say: (line: string) => void,
): Promise<{ files: string[]; expires: string }> {
  return whileStopped(config, async isolation => {
    await requireEmpty(plan.folder)
    const until = Math.floor(Date.now() / day + plan.days) * day
    const expires = new Date(until).toISOString().slice(0, 10)
    const { secret, key } = newKeyPair()
    const { shares, threshold } = plan
    const split = await splitSecret(secret, { shares, threshold, expires }, isolation).finally(() =>
      secret.fill(0),
    )
    const files: string[] = []
    try {
      for (const [at, share] of split.shares.entries()) {
        const file = join(plan.folder, `share-${at + 1}-of-${shares}.txt`)
        files.push(file)
        await writeNew(file, share)
      }
      const request = JSON.stringify({ key, until, shares, threshold })
      await runOnce(config, isolation, { args: ['--recovery-add', request] }, say)
      return { files, expires }
    } catch (error) {
      for (const file of files) await rm(file, { force: true })
      throw error
    }
  })
}

function newKeyPair(): { secret: Buffer; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  return {
    secret: Buffer.from(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)),
    key: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
  }
}

async function requireEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0) throw new ConfigError(`${folder} is not empty: name a new folder`)
}

async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(`${text}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Opens the keybook with shares of a recovery secret, for custodians that have no key of it: they are given one. Throws
 * as `makeRecovery`, and then nothing was changed.
 */
export function restoreRecovery(
  config: Config,
  shares: string[],
  say: (line: string) => void,
): Promise<void> {
  return whileStopped(config, async isolation =>
    runOnce(config, isolation, await openingWith(shares, isolation), say),
  )
}

/**
 * Enters that a person has destroyed by hand what a custodian held that was left out. Throws `ConfigError`,
 * `FolderRefused`, or `FailedStart` when none of this name was left out.
 */
export function retireCustodian(
  config: Config,
  statement: { id: string; statement: string },
  say: (line: string) => void,
): Promise<void> {
  return whileStopped(config, isolation =>
    runOnce(config, isolation, { args: ['--retire', JSON.stringify(statement)] }, say),
  )
}

async function openingWith(
  shares: string[],
  isolation: Isolation,
): Promise<{ args: string[]; stdin: string }> {
  const { secret, expires } = await joinShares(shares, isolation)
  const stdin = secret.toString('hex')
  secret.fill(0)
  if (Date.parse(expires) <= Date.now())
    throw new ConfigError(`these shares ended on ${expires} and open nothing any more: destroy them`)
  return { args: ['--recovery-open'], stdin }
}

/** The text of a share. Throws `ConfigError` naming the file when it cannot be read. */
export async function readShare(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new ConfigError(`${file} cannot be read`)
  }
}

/**
 * Begins the keeper's folder anew with what a place holds, when its own disk was lost; with shares of a recovery secret
 * when the custodians were lost as well. The folder must hold neither keybook nor log. Throws `FailedStart` when what the
 * place holds is not the newest that anybody knows; nothing of it is then left in the folder.
 */
export function recoverFrom(
  config: Config,
  from: string,
  shares: string[],
  say: (line: string) => void,
): Promise<void> {
  return whileStopped(config, async isolation => {
    const opening = shares.length === 0 ? { args: ['--once'] } : await openingWith(shares, isolation)
    const place = resolve(from)
    if (!config.places.includes(place))
      throw new ConfigError(`${place} is none of CUSTODE_PLACES: recover from one that is`)
    for (const part of ['book', 'log']) await requirePart(place, part)
    const lost = await readdir(config.keeper)
    const there = lost.filter(name => name === 'book' || name === 'log')
    if (there.length > 0)
      throw new ConfigError(`${config.keeper} still holds ${there.join(' and ')}: move it away first`)
    try {
      for (const part of ['book', 'log']) await copyPart(join(place, part), join(config.keeper, part))
      await runOnce(config, isolation, opening, say)
    } catch (error) {
      for (const part of ['book', 'log'])
        await rm(join(config.keeper, part), { recursive: true, force: true })
      throw error
    }
  })
}

async function requirePart(place: string, part: string): Promise<void> {
  const names = await readdir(join(place, part)).catch(() => [])
  if (names.length === 0) throw new ConfigError(`${place} holds no ${part === 'book' ? 'keybook' : 'log'}`)
}

/** Whole or not at all: a copy that was cut off has another name. */
async function copyPart(from: string, to: string): Promise<void> {
  const unfinished = `${to}.copying`
  await rm(unfinished, { recursive: true, force: true })
  await cp(from, unfinished, { recursive: true, filter: path => !path.endsWith(holderFile) })
  await rename(unfinished, to)
}
