import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const pin = '27182818'

/** A SoftHSM token of its own. */
export interface SoftHsm {
  /** The settings of a custodian on it. */
  environment: Record<string, string>
  pin: string
  /** The files that hold the token's objects. */
  objects(): Promise<string[]>
  remove(): Promise<void>
}

/** Makes a token with Debian's SoftHSM. Where that or pkcs11js is missing, `reason` says so in one line. */
export async function makeSoftHsm(): Promise<SoftHsm | { reason: string }> {
  const module = globSync('/usr/lib/{,*/}softhsm/libsofthsm2.so')[0]
  if (module === undefined || !existsSync('/usr/bin/softhsm2-util'))
    return { reason: 'no SoftHSM here (Debian: softhsm2)' }
  if (!isCompiled()) return { reason: 'pkcs11js is not installed or was not compiled here' }
  const folder = await mkdtemp(join(tmpdir(), 'custode-softhsm-'))
  const tokens = join(folder, 'tokens')
  const configuration = join(folder, 'softhsm2.conf')
  const pinFile = join(folder, 'pin')
  await mkdir(tokens)
  await writeFile(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\n`)
  await writeFile(pinFile, `${pin}\n`, { mode: 0o600 })
  const words = ['--init-token', '--free', '--label', 'custode test', '--pin', pin, '--so-pin', pin]
  await run('/usr/bin/softhsm2-util', words, { env: { SOFTHSM2_CONF: configuration } })
  return {
    environment: {
      SOFTHSM2_CONF: configuration,
      CUSTODE_PKCS11_MODULE: module,
      CUSTODE_PKCS11_TOKEN: 'custode test',
      CUSTODE_PKCS11_PIN_FILE: pinFile,
    },
    pin,
    objects: async () =>
      (await readdir(tokens, { recursive: true })).filter(
        file => file.endsWith('.object') && !file.endsWith('token.object'),
      ),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function isCompiled(): boolean {
  try {
    createRequire(import.meta.url)('pkcs11js')
    return true
  } catch {
    return false
  }
}
