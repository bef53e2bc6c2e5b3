import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { verifyKeeper } from '../keeper/checkpoint.ts'

const usage = 'custode log verify [--keeper DIR] [--key VKEY] [--demo]'

/**
 * `custode log verify`: checks every byte of the log, also while the keeper runs. Exit 0 when it is as it was
 * written, 1 when it is not (the line names the entry), 2 when the command cannot be understood.
 */
export async function logVerify(argv: string[]): Promise<number> {
  let asked: { folder: string; key: string | undefined }
  try {
    asked = read(argv)
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : `usage: ${usage}`)
    return 2
  }
  const verdict = await verifyKeeper(asked.folder, asked.key === undefined ? {} : { vkey: asked.key })
  if (!verdict.ok) {
    console.error(`log damaged at entry ${verdict.entry}: ${verdict.what}`)
    return 1
  }
  console.log(`log verified: ${verdict.size} entries, root ${verdict.root}`)
  if (verdict.torn > 0) console.log(`the last ${verdict.torn} bytes are a batch that is not acknowledged yet`)
  if (!verdict.known)
    console.log('no checkpoint is kept elsewhere: that an end was cut off could not be seen')
  return 0
}

function read(argv: string[]): { folder: string; key: string | undefined } {
  const { values } = parseArgs({
    args: argv,
    options: { keeper: { type: 'string' }, key: { type: 'string' }, demo: { type: 'boolean' } },
  })
  const folder = values.keeper ?? readConfig(process.env, { demo: values.demo ?? false }).keeper
  return { folder: resolve(folder), key: values.key }
}
