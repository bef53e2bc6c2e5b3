import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from '../core/config.ts'
import { parseVkey, parseWitnessKey, type Verifier } from '../keeper/checkpoint.ts'
import type { HeldNote } from '../keeper/client.ts'
import { findNewest } from '../use/witness-client.ts'

/** A start waits no longer for those who may know a newer log. */
const patience = 3000

/**
 * The newest checkpoints of this keeper's log that witnesses show, each signed by the log and by its witness: a keeper
 * whose log lacks one has gone back in time. Whoever cannot be reached is named in one line and passed over; whoever
 * shows nothing of this log, as one does that has never signed it, is told of to `sayNothingShown`. Throws `ConfigError` where a keybook lies without its log.
 */
export async function findWitnessed(
  { keeper, witnesses }: Pick<Config, 'keeper' | 'witnesses'>,
  say: (line: string) => void,
  sayNothingShown: (line: string) => void = () => {},
): Promise<HeldNote[]> {
  if (witnesses.length === 0) return []
  const log = await findLog(keeper)
  if (log === null && existsSync(join(keeper, 'book')))
    throw new ConfigError(
      `${join(keeper, 'log')} is gone, and without its key no witness can be asked whether it is the newest: bring it back, from a place with custode keeper recover PLACE`,
    )
  if (log === null) return []
  const found = await Promise.all(
    witnesses.map(async choice => {
      const by = `the witness ${parseWitnessKey(choice.key)?.name}`
      const newest = await findNewest(choice, log, patience)
      if (newest === undefined) say(`${by} cannot be reached: whether it knows a newer log is not known`)
      if (newest === null) sayNothingShown(`${by} shows nothing that the key of this log has signed`)
      return newest == null ? null : { by, note: newest.note }
    }),
  )
  return found.filter(held => held !== null)
}

/** Null where no keeper has been yet. */
async function findLog(keeper: string): Promise<Verifier | null> {
  const text = await readFile(join(keeper, 'log', 'vkey'), 'utf8').catch(() => '')
  return parseVkey(text.trim())
}
