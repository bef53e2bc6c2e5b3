import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HeldNote } from './requests.ts'

/** Where a keeper lives: its own folder, its socket, further places, and its custodians, each by its word. */
export interface KeeperSite {
  folder: string
  socket: string
  places?: readonly string[]
  /** `file:DIR`, or `ID@SOCKET` for a process of its own; a folder in the keeper's own when there is none. */
  custodians?: readonly string[]
  /** By which each custodian that is a process knows its keeper, in their order: given on stdin, never as an argument. */
  tokens?: readonly string[]
  /** How many people one employee may read within an hour under one purpose; 2,000 unless told. */
  readings?: number
  /** How many of their own data all customers together may read within an hour; 500,000 unless told. */
  ownReadings?: number
  /** How many fingerprints may be made within an hour without a grant; 200,000 unless told. */
  fingerprints?: number
  /** Whether whole card numbers are taken in, sealed; not unless told. */
  cardNumbers?: boolean
  /** Started to bring an older database back, with no server beside it. */
  restoring?: boolean
  /** Newest checkpoints of this log that witnesses have shown: it does not start without them. */
  witnessed?: readonly HeldNote[]
}

/** The folders that a keeper of this site writes to, none inside another. They must exist when it starts. */
export function keeperFolders({ folder, socket, places = [], custodians = [] }: KeeperSite): string[] {
  const held = custodians.map(word => /^file:(.+)$/.exec(word)?.[1]).filter(dir => dir !== undefined)
  const sockets = custodians.map(word => /@(.+)$/.exec(word)?.[1]).filter(path => path !== undefined)
  const all = [folder, dirname(socket), ...places, ...held, ...sockets.map(path => dirname(path))]
  const folders = [...new Set(all.map(one => resolve(one)))]
  return folders.filter(one => !folders.some(other => one.startsWith(`${other}/`)))
}

/**
 * The arguments with which Node runs the keeper: its permission model with reading of its own source, package.json
 * and its folders, writing of these alone, and no child process, worker, addon or WASI.
 */
export function keeperArguments(at: KeeperSite): string[] {
  const source = dirname(fileURLToPath(import.meta.url))
  const folders = keeperFolders(at)
  const witnessed = (at.witnessed ?? []).map(held => Buffer.from(JSON.stringify(held)).toString('base64'))
  const readable = [source, join(source, '../../package.json'), ...folders]
  return [
    '--permission',
    ...readable.map(path => `--allow-fs-read=${path}`),
    ...folders.map(path => `--allow-fs-write=${path}`),
    '--disable-warning=ExperimentalWarning',
    join(source, 'main.ts'),
    ...['--folder', resolve(at.folder), '--socket', resolve(at.socket)],
    ...(at.readings === undefined ? [] : ['--readings', String(at.readings)]),
    ...(at.ownReadings === undefined ? [] : ['--own-readings', String(at.ownReadings)]),
    ...(at.fingerprints === undefined ? [] : ['--fingerprints', String(at.fingerprints)]),
    ...(at.cardNumbers === true ? ['--card-numbers'] : []),
    ...(at.restoring === true ? ['--restoring'] : []),
    ...(at.places ?? []).flatMap(place => ['--place', resolve(place)]),
    ...(at.custodians ?? []).flatMap(word => ['--custodian', word]),
    ...witnessed.flatMap(held => ['--witnessed', held]),
  ]
}

/** What the keeper reads on its stdin, which must end then: a line for each token, and what an act takes. */
export const keeperInput = ({ tokens = [] }: KeeperSite, act = ''): string =>
  [...tokens.map(token => `${token}\n`), act].join('')
