import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, ConfigError, readConfig } from '../core/config.ts'
import {
  type CheckpointFolder,
  type HeldCheckpoint,
  type KeeperVerdict,
  verifyKeeper,
} from '../keeper/checkpoint.ts'
import { findWitnessed } from '../supervisor/witnessed.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode log verify',
  options: {
    keeper: { type: 'string', value: 'DIR', about: 'the keeper’s folder, where it is not CUSTODE_KEEPER' },
    key: {
      type: 'string',
      value: 'VKEY',
      about: 'the log’s key, known from elsewhere; without it the one in the folder is tried',
    },
    from: {
      type: 'string',
      value: 'FILE',
      about:
        'a checkpoint held from earlier, or a receipt, bundle or export with one: the log must extend it',
    },
    demo: { type: 'boolean', default: false, about: 'the log of the sample company' },
  },
  examples: [
    'npx custode log verify',
    'npx custode log verify --from receipt.json',
    'npx custode log verify --keeper /mnt/copy/custode-keeper',
  ],
  ends: '0 when every byte is as it was written and nobody who was asked knows more or other entries; 1 otherwise, and the line names the entry',
  more: [
    'It may run while Custode does. It compares the log with what the custodian file and every place of the settings',
    'and every witness know, and says whom it could not ask. A folder without a log, or one that cannot be read, ends with 2.',
  ],
} as const satisfies Help

/**
 * `custode log verify`: checks every byte of the log, also while the keeper runs, and that it extends what every `file`
 * custodian and every place of the settings knows. Exit 0 when it does, 1 when it does not or something of theirs is
 * damaged (the line names the entry), 2 when there is no log or the command cannot be understood.
 */
export async function logVerify(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: help.options })
  const config = findConfig(values.demo)
  if (config === null) return 2
  const folder = resolve(values.keeper ?? config.keeper)
  const from = values.from === undefined ? [] : await heldIn(values.from)
  if (from === null) return 2
  const silent: string[] = []
  const say = (line: string) => void silent.push(line)
  const witnessed = await findWitnessed({ ...config, keeper: folder }, say, say).catch(error => {
    if (!(error instanceof ConfigError)) throw error
    say(error.message)
    return []
  })
  const verdict = await verifyKeeper(folder, {
    ...(values.key === undefined ? {} : { vkey: values.key }),
    others: checkpointFolders(config, folder),
    held: [...from, ...witnessed.map(({ by, note }) => ({ name: by, note }))],
  })
  // Where somebody knows entries, an empty folder is no empty log.
  const nothing = verdict.disagreements.length > 0 ? null : await whyNothing(folder)
  if (nothing !== null) {
    console.error(nothing)
    return 2
  }
  const unasked = [...verdict.unasked, ...farAway(config)]
  for (const line of faultsOf(verdict)) console.error(line)
  for (const line of [...findings({ ...verdict, unasked }, values.key !== undefined), ...silent])
    console.log(line)
  return verdict.ok ? 0 : 1
}

/** Null when the settings cannot be used, which it has said. */
function findConfig(demo: boolean): Config | null {
  try {
    return readConfig(process.env, { demo })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return null
  }
}

/** The checkpoint in a file: the note itself, or JSON that has one. Null when there is none, which it has said. */
async function heldIn(path: string): Promise<HeldCheckpoint[] | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) {
    console.error(`${path} cannot be read: --from names a file with a checkpoint`)
    return null
  }
  const note = text.trimStart().startsWith('{') ? noteIn(text) : text
  if (note !== null) return [{ name: path, note }]
  console.error(`${path} holds no checkpoint: --from names a signed note, or a receipt, bundle or export`)
  return null
}

function noteIn(text: string): string | null {
  try {
    const { checkpoint, note, proof } = JSON.parse(text) as Record<string, unknown>
    const inProof = (proof as { checkpoint?: unknown } | undefined)?.checkpoint
    return [checkpoint, note, inProof].find(one => typeof one === 'string') ?? null
  } catch {
    return null
  }
}

/** Who keeps the newest checkpoint in a folder of this machine. */
function checkpointFolders({ custodians, places }: Config, keeper: string): CheckpointFolder[] {
  const files = custodians
    .filter(({ kind }) => kind === 'file')
    .map(custodian => custodian.folder ?? join(keeper, 'custodian'))
  return [
    ...files.map(folder => ({ name: `the custodian file (${folder})`, folder })),
    ...places.map(folder => ({ name: `the place ${folder}`, folder })),
  ]
}

const farAway = ({ custodians }: Config) =>
  custodians
    .filter(({ kind }) => kind !== 'file')
    .map(({ kind }) => ({ name: `the custodian ${kind}`, why: 'only a running keeper can ask it' }))

function faultsOf({ log, disagreements, damaged }: KeeperVerdict): string[] {
  return [
    ...disagreements.map(({ how, entry, what }) => `log ${how} at entry ${entry}: ${what}`),
    ...(log.ok || disagreements.length > 0 ? [] : [`log damaged at entry ${log.entry}: ${log.what}`]),
    ...damaged.map(({ name, what }) => `${name} is damaged: ${what}`),
  ]
}

function findings(verdict: KeeperVerdict, keyGiven: boolean): string[] {
  const { log, compared, disagreements, unasked } = verdict
  const lines = unasked.map(({ name, why }) => `${name} was not asked: ${why}`)
  if (!log.ok || disagreements.length > 0) return lines
  lines.unshift(...compared.map(({ name, size }) => `it extends what ${name} knows: ${size} entries`))
  if (log.torn > 0) lines.unshift(`the last ${log.torn} bytes are a batch that is not acknowledged yet`)
  lines.unshift(`log verified: ${log.size} entries, root ${log.root}`)
  if (compared.length === 0)
    lines.push('nobody who was asked knows the log: that an end was cut off could not be seen')
  return [...lines, whoseKey(compared, keyGiven)]
}

function whoseKey(compared: KeeperVerdict['compared'], given: boolean): string {
  if (given) return 'the key is the one that --key names'
  const names = compared.filter(({ elsewhere }) => elsewhere).map(({ name }) => name)
  return names.length > 0
    ? `the key is the one that is known to ${names.join(' and ')}`
    : 'the key came from the folder that was verified: this proves only that the folder agrees with itself (--key names a key known from elsewhere)'
}

/** Whatever a keeper makes in its folder: where one of these is and the log is not, the log was taken away. */
const ofKeeper = ['log', 'book', 'custodian']

/** Why there is nothing to verify, in one line; null when a keeper has been at work here. */
async function whyNothing(folder: string): Promise<string | null> {
  try {
    const names = await readdir(folder)
    if (names.some(name => ofKeeper.includes(name))) return null
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code)
    if (!['ENOENT', 'ENOTDIR'].includes(code)) return `the log at ${folder} cannot be read (${code})`
  }
  return `there is no log at ${folder}: --keeper names the keeper’s folder`
}
