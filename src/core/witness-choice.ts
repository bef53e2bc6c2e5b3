import { parseWitnessKey } from '../keeper/checkpoint.ts'

/** A witness whom this installation asks to sign its log: the verifier key it printed, and where it listens. */
export interface WitnessChoice {
  key: string
  /** Without a slash at the end. */
  url: string
}

/** More would make every start and every minute wait for the slowest. */
const most = 8
// It stands in the log as a code.
const namePattern = /^[!-*\-.-?A-~]{1,100}$/

/**
 * Reads a list of `KEY URL`, with commas or blanks between all of them. Answers in one sentence what is wrong with it,
 * such as is put after the name of the setting.
 */
export function readWitnesses(text: string): WitnessChoice[] | string {
  const words = text.split(/[\s,]+/).filter(word => word !== '')
  const choices: WitnessChoice[] = []
  for (let at = 0; at < words.length; at += 2) {
    const [key = '', url = ''] = words.slice(at, at + 2)
    const witness = parseWitnessKey(key)
    if (witness === null || !namePattern.test(witness.name))
      return 'must be a list of KEY URL, each KEY the line that the witness printed'
    const address = addressOf(url)
    if (address === null)
      return `must name after the key of ${witness.name} where it listens, such as https://witness.example`
    choices.push({ key, url: address })
  }
  const names = choices.map(choice => parseWitnessKey(choice.key)?.name)
  if (new Set(names).size < names.length) return 'must name each witness once'
  if (choices.length > most) return `must name ${most} witnesses at most`
  return choices
}

function addressOf(text: string): string | null {
  const url = URL.parse(text)
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return null
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null
  return url.href.replace(/\/+$/, '')
}
