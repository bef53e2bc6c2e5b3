import { readFileSync } from 'node:fs'
import { MustChange } from './serving.ts'

/** A setting of this custodian from its own environment. Refuses a start without it, in one line. */
export function settingOf(name: string, unset?: string): string {
  const given = process.env[name]?.trim()
  if (given !== undefined && given !== '') return given
  if (unset === undefined) throw new MustChange(`${name} is not set (see custode config)`)
  return unset
}

/** What a file holds in its one line: a PIN, a token. The name of the setting stands in the refusal, never its value. */
export function readSecretFile(setting: string, path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'an error'
    throw new MustChange(`the file that ${setting} names cannot be read: ${code}`)
  }
  if (text === '' || text.includes('\n'))
    throw new MustChange(`the file that ${setting} names must hold one line`)
  return text
}
