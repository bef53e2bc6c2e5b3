import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  findFile,
  unfinished,
  type WitnessSigner,
  witnessSigner,
  writeDurably,
} from '../keeper/checkpoint.ts'
import { WitnessRefused } from './refusal.ts'

/** What a witness may be called: it stands in keys, signatures, settings and the vendor's log. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._~/-]{0,99}$/

/** Where a witness keeps for each log what it has cosigned. */
export const heldFolder = (folder: string): string => join(folder, 'held')

/**
 * Who this folder's witness is: made at the first start under this name, and the same ever after. Throws `WitnessRefused`
 * for a name that cannot be one or is not this witness's, and where the key is left and what it has signed is lost: such
 * a witness could sign a second history.
 */
export async function openIdentity(folder: string, name: string | undefined): Promise<WitnessSigner> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  await removeUnfinished(folder)
  const file = join(folder, 'key')
  const known = await findFile(file)
  if (known !== null) {
    const names = await readdir(heldFolder(folder)).catch(() => null)
    if (names === null)
      throw new WitnessRefused(
        `what the witness of ${folder} has signed is lost: begin anew in another folder, under another name`,
      )
    return read(known.toString('utf8'), folder, name)
  }
  if (name === undefined) throw new WitnessRefused('a new witness needs a name: give --name')
  if (!namePattern.test(name))
    throw new WitnessRefused('a name is like witness.example/pia: letters, digits and . _ ~ / - alone')
  await mkdir(heldFolder(folder), { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
  await writeDurably(file, Buffer.from(`${name}\n${pem}`))
  return witnessSigner(name, privateKey)
}

function read(text: string, folder: string, asked: string | undefined): WitnessSigner {
  const end = text.indexOf('\n')
  const name = text.slice(0, end)
  if (asked !== undefined && asked !== name && namePattern.test(name))
    throw new WitnessRefused(`the witness of ${folder} is ${name}: leave --name out, or use another folder`)
  try {
    return witnessSigner(name, createPrivateKey(text.slice(end + 1)))
  } catch {
    throw new WitnessRefused(`${join(folder, 'key')} is damaged: put its copy back, or begin anew elsewhere`)
  }
}

/** What a crash has cut off. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const place of [folder, heldFolder(folder)]) {
    const names = await readdir(place).catch(() => [])
    for (const name of names) if (name.endsWith(unfinished)) await rm(join(place, name))
  }
}
