import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Refusal } from '../core/refusal.ts'
import type { Isolation } from './isolation.ts'

/** Of a secret that was split: what its shares have in common. */
export interface Joined {
  /** 32 bytes; whoever asked zeroes them. */
  secret: Buffer
  /** Eight letters that stand on every share. */
  set: string
  threshold: number
  of: number
  /** The last day on which the secret is to be of use: `2027-01-31`. It opens later too; to refuse it is the caller's. */
  expires: string
}

/**
 * Splits 32 bytes so that any `threshold` of `shares` give them back. Answers the texts to print, number 1 first. The
 * splitting is done in a process of its own without network, disk or children. Throws `Refusal('invalid')` with its
 * reason in `why` for numbers out of 2 to 20 or a day that is none.
 */
export async function splitSecret(
  secret: Buffer,
  into: { shares: number; threshold: number; expires: string },
  isolation: Isolation,
): Promise<{ set: string; shares: string[] }> {
  const told = await ask({ act: 'split', secret: secret.toString('base64'), ...into }, isolation)
  return told as { set: string; shares: string[] }
}

/** Joins the texts of shares. Throws `Refusal('invalid')` whose `why` names the share that is wrong, never its letters. */
export async function joinShares(shares: string[], isolation: Isolation): Promise<Joined> {
  const told = (await ask({ act: 'join', shares }, isolation)) as Omit<Joined, 'secret'> & { secret: string }
  return { ...told, secret: Buffer.from(told.secret, 'base64') }
}

async function ask(request: object, isolation: Isolation): Promise<object> {
  const root = join(import.meta.dirname, '..', '..')
  const door = join(root, 'src', 'custodian', 'splitter.ts')
  const readable = ['src', 'node_modules', 'package.json'].map(name => `--allow-fs-read=${join(root, name)}`)
  const { coreless, offline, dying } = isolation
  const confined = ['--permission', ...readable, '--disable-warning=ExperimentalWarning', door]
  const [program = process.execPath, ...args] = [
    ...[...coreless, ...offline, ...dying],
    ...[process.execPath, ...confined],
  ]
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TZ: 'UTC' },
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(request))
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk
  if (text === '') throw new Refusal('unavailable', { why: 'the splitter did not answer' })
  const told = JSON.parse(text) as { ok?: object; why?: string }
  if (told.ok !== undefined) return told.ok
  throw new Refusal('invalid', { why: told.why ?? 'the splitter refused' })
}
