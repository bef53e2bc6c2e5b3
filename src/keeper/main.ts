import { chmod, mkdir, realpath, unlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { serveConnection, Traffic } from './connection.ts'
import type { Custodian } from './custodian.ts'
import { CustodianClient } from './custodian-client.ts'
import { retire, statementOf } from './custody.ts'
import { FileCustodian } from './file-custodian.ts'
import { mostFingerprints } from './fingerprinting.ts'
import { FolderLock } from './folder-lock.ts'
import { mostOwnReadings, mostReadings } from './grants.ts'
import { x25519PrivateKey } from './hpke.ts'
import { endIntakes } from './intake.ts'
import { Keeper } from './keeper.ts'
import { DamagedLog } from './log.ts'
import { operationsOf } from './operations.ts'
import { Place } from './place.ts'
import { RecoverySecret, recoveryOf } from './recovery.ts'
import { KeeperRefusal } from './refusal.ts'
import type { HeldNote } from './requests.ts'
import { rollWhatExpired } from './rolling.ts'

const mostConnections = 64
/** How often somebody who could not be reached is asked again. */
const everySoOften = 5000

/** One plain line about what is wrong; never a value and never a stack. */
function lineOf(error: unknown): string {
  if (error instanceof KeeperRefusal) return error.why ?? error.code
  if (error instanceof DamagedLog) return `the log is damaged at ${error.message}`
  const { code, syscall } = error as NodeJS.ErrnoException
  if (typeof code === 'string') return `${syscall ?? 'an operation'} failed with ${code}`
  return error instanceof Error ? `a fault: ${error.name} at ${placeOf(error)}` : 'a fault'
}

const placeOf = (error: Error) =>
  /keeper\/([a-z0-9-]+\.ts:\d+)/.exec(error.stack ?? '')?.[1] ?? 'an unknown place'

const say = (line: string) => process.stderr.write(`keeper: ${line}\n`)

function end(error: unknown): never {
  say(lineOf(error))
  process.exit(1)
}

async function listen(server: Server, path: string): Promise<void> {
  // The folder is locked: a socket that lies here was left by a dead keeper.
  await unlink(path).catch(() => {})
  await new Promise<void>((ready, failed) => {
    server.once('error', failed)
    server.listen(path, ready)
  })
  await chmod(path, 0o600)
}

/**
 * Each by its word: `file:DIR`, or `ID@SOCKET` for a process of its own, whose id is its kind. Each of these takes the
 * next of the tokens.
 */
async function openCustodians(
  words: readonly string[],
  folder: string,
  input: string[],
): Promise<Custodian[]> {
  const custodians: Custodian[] = []
  for (const word of words.length === 0 ? [`file:${join(folder, 'custodian')}`] : words) {
    const file = /^file:(.+)$/.exec(word)?.[1]
    const [, id, path] = /^([a-z0-9-]{1,40})@(.+)$/.exec(word) ?? []
    if (file !== undefined) custodians.push(await FileCustodian.open(resolve(file), Date.now))
    else if (id !== undefined && path !== undefined) {
      const token = input.shift() ?? ''
      if (!/^[\w-]{43}$/.test(token))
        throw new KeeperRefusal('malformed', { why: `no token for ${id} on stdin` })
      custodians.push(new CustodianClient({ id, kind: id, path, token }))
    } else throw new KeeperRefusal('malformed', { why: 'a custodian is file:DIR or ID@SOCKET' })
  }
  if (new Set(custodians.map(one => one.id)).size < custodians.length)
    throw new KeeperRefusal('malformed', { why: 'two custodians of one kind' })
  return custodians
}

/** The lines of stdin to its end: a token for each custodian that is a process, then the joined secret of a recovery. */
async function readInput(): Promise<string[]> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  return text.split('\n')
}

/** The joined secret of a recovery: 64 hex digits. */
function secretIn(line = ''): RecoverySecret {
  if (!/^[0-9a-f]{64}\s*$/.test(line))
    throw new KeeperRefusal('malformed', { why: 'a recovery secret is 64 hex digits' })
  return new RecoverySecret(x25519PrivateKey(Buffer.from(line.trim(), 'hex')))
}

function wholeNumber(text: string, option: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new KeeperRefusal('malformed', { why: `${option} is a whole number` })
  return number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      socket: { type: 'string' },
      place: { type: 'string', multiple: true, default: [] },
      custodian: { type: 'string', multiple: true, default: [] },
      // base64 of JSON: a signed note that a witness has shown, and which witness
      witnessed: { type: 'string', multiple: true, default: [] },
      readings: { type: 'string', default: String(mostReadings) },
      'own-readings': { type: 'string', default: String(mostOwnReadings) },
      fingerprints: { type: 'string', default: String(mostFingerprints) },
      // Whole card numbers are taken in: the company answers for them (PCI DSS).
      'card-numbers': { type: 'boolean', default: false },
      restoring: { type: 'boolean', default: false },
      // Registers a recovery and ends; opens the keybook with a joined secret, hex on stdin, and ends.
      'recovery-add': { type: 'string' },
      'recovery-open': { type: 'boolean', default: false },
      // Enters that a custodian that was left out was destroyed by hand, and ends.
      retire: { type: 'string' },
      // Opens everything, ends what a crash cut off, and ends.
      once: { type: 'boolean', default: false },
    },
  })
  if (values.folder === undefined || values.socket === undefined) {
    throw new KeeperRefusal('malformed', {
      why: 'usage: --folder DIR --socket PATH [--place DIR]… [--custodian file:DIR|ID@SOCKET]…',
    })
  }
  const budgets = {
    readings: wholeNumber(values.readings, '--readings'),
    ownReadings: wholeNumber(values['own-readings'], '--own-readings'),
    fingerprints: wholeNumber(values.fingerprints, '--fingerprints'),
  }
  const socketPath = resolve(values.socket)
  await mkdir(values.folder, { recursive: true, mode: 0o700 })
  const folder = await realpath(values.folder)
  await mkdir(dirname(socketPath), { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  process.chdir(folder)
  const lock = await FolderLock.take()
  const input = await readInput()
  const custodians = await openCustodians(values.custodian, folder, input)
  const places = values.place.map(place => new Place(resolve(place)))
  const { 'recovery-add': added, 'recovery-open': opened } = values
  const keeper = await Keeper.open({
    ...{ folder, custodians, places, now: Date.now, say, fatal: end, restoring: values.restoring },
    ...budgets,
    ...(opened ? { opener: secretIn(input[0]) } : {}),
    witnessed: values.witnessed.map(
      held => JSON.parse(Buffer.from(held, 'base64').toString('utf8')) as HeldNote,
    ),
  })
  if (added !== undefined) await keeper.addRecovery(recoveryOf(JSON.parse(added)))
  if (values.retire !== undefined) await retire(keeper, statementOf(JSON.parse(values.retire)))
  if (added !== undefined || opened || values.retire !== undefined || values.once) {
    if (!keeper.isSettled && values.retire === undefined && !values.once)
      throw new KeeperRefusal('unavailable', { why: `${keeper.unreached.join(', ')} cannot be reached` })
    await keeper.close()
    await lock.release()
    process.stdout.write(`${JSON.stringify({ done: true, organisation: keeper.organisation })}\n`)
    process.exit(0)
  }
  let mends = false
  const mending = setInterval(() => {
    // One that does not answer may take longer than this: whoever needs the keybook must not wait for many of these.
    if (mends) return
    mends = true
    keeper.keybook.turn
      .take(() => keeper.mend())
      .catch(error => error instanceof KeeperRefusal && end(error))
      // One that failed is tried again.
      .then(() => endIntakes(keeper).catch(() => {}))
      .then(() => rollWhatExpired(keeper).catch(() => {}))
      .finally(() => {
        mends = false
      })
  }, everySoOften)
  keeper.intakes.cardNumbers = values['card-numbers']
  const operations = operationsOf(keeper)
  const connections = new Set<() => void>()
  const traffic = new Traffic()
  const server = createServer({ allowHalfOpen: false }, socket => {
    if (connections.size >= mostConnections) return socket.destroy()
    const finish = serveConnection(socket, operations, error => say(lineOf(error)), traffic)
    connections.add(finish)
    socket.on('close', () => connections.delete(finish))
  })
  await listen(server, socketPath)

  let ending = false
  const stop = async () => {
    if (ending) return
    ending = true
    clearInterval(mending)
    const closed = new Promise(done => server.close(done))
    for (const finish of connections) finish()
    await closed
    await keeper.close()
    await lock.release()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop().catch(end))
  process.on('SIGINT', () => void stop().catch(end))
  const ready = {
    ready: true,
    pid: process.pid,
    organisation: keeper.organisation,
    size: keeper.log.size,
    epoch: keeper.keybook.epoch,
  }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
}

process.on('uncaughtException', end)
process.on('unhandledRejection', end)
process.umask(0o077)
await main().catch(end)
