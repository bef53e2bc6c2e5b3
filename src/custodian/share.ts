import { createHash, timingSafeEqual } from 'node:crypto'
import { KeeperRefusal } from '../keeper/client.ts'

/** One share of a secret, as it is written on paper (docs/formats.md, "Recovery shares"). */
export interface Share {
  /** Seven random bytes that all shares of one secret have in common. */
  set: Buffer
  /** Counted from 1. */
  number: number
  threshold: number
  of: number
  /** The day after which the secret is to be of no use: `2027-01-31`. */
  expires: string
  /** Tells whether what was joined is the secret. */
  check: Buffer
  /** The 33 bytes of the library's share. */
  part: Buffer
}

const version = 1
const setLength = 7
const checkLength = 8
const partLength = 33
const sumLength = 4
const headLength = 1 + setLength + 3 + 4
const length = headLength + checkLength + partLength + sumLength

/** Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O, U; case and hyphens mean nothing. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupLength = 4
const groupsInLine = 8

export const setName = (set: Buffer): string => spell(set).slice(0, 8)

/** A head that a person reads, then 24 groups of four letters in three lines. */
export function writeShare(share: Share): string {
  const head = Buffer.alloc(headLength)
  head[0] = version
  share.set.copy(head, 1)
  head.set([share.number, share.threshold, share.of], 1 + setLength)
  head.writeUInt32BE(dayOf(share.expires), headLength - 4)
  const body = Buffer.concat([head, share.check, share.part])
  const bytes = Buffer.concat([body, sumOf(body)])
  const groups = spell(bytes).match(new RegExp(`.{1,${groupLength}}`, 'g')) ?? []
  const lines: string[] = []
  for (let at = 0; at < groups.length; at += groupsInLine)
    lines.push(groups.slice(at, at + groupsInLine).join(' '))
  body.fill(0)
  bytes.fill(0)
  const { number, of, threshold, set, expires } = share
  const said = `CUSTODE RECOVERY SHARE ${number} of ${of}, any ${threshold} open, set ${setName(set)}, until ${expires}`
  return [said, ...lines].join('\n')
}

/** Reads what was typed from paper; `place` names it in the refusal: `the 2nd share given`. */
export function readShare(text: string, place: string): Share {
  const typed = text
    .split('\n')
    .filter(line => !/^\s*CUSTODE/i.test(line))
    .join('')
    .replace(/[\s-]/g, '')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  const wrong = [...typed].find(letter => !letters.includes(letter))
  if (wrong !== undefined) throw refused(`${place} holds a character that no share has`)
  const letterCount = Math.ceil((length * 8) / 5)
  if (typed.length !== letterCount)
    throw refused(`${place} has ${typed.length} letters, and a share has ${letterCount}`)
  const bytes = unspell(typed)
  const body = bytes.subarray(0, length - sumLength)
  if (!timingSafeEqual(sumOf(body), bytes.subarray(length - sumLength)))
    throw refused(`${place} is mistyped: its checksum does not fit`)
  if (body[0] !== version) throw refused(`${place} is of a version that is not known here`)
  const [number = 0, threshold = 0, of = 0] = body.subarray(1 + setLength)
  return {
    set: body.subarray(1, 1 + setLength),
    number,
    threshold,
    of,
    expires: dateOf(body.readUInt32BE(headLength - 4)),
    check: body.subarray(headLength, headLength + checkLength),
    part: body.subarray(headLength + checkLength),
  }
}

/** What tells the secret from any other: it says nothing of 32 random bytes. */
export function checkOf(secret: Uint8Array, share: Omit<Share, 'check' | 'part' | 'number'>): Buffer {
  const { set, threshold, of, expires } = share
  const about = Buffer.from(`custode recovery 1\n${set.toString('hex')}\n${threshold}\n${of}\n${expires}\n`)
  return createHash('sha256').update(about).update(secret).digest().subarray(0, checkLength)
}

export const refused = (why: string) => new KeeperRefusal('malformed', { why })

const sumOf = (body: Buffer): Buffer =>
  createHash('sha256').update('custode share 1\n').update(body).digest().subarray(0, sumLength)

const day = 86_400_000

/** Days since 1970. */
function dayOf(date: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(at) || dateOf(at / day) !== date) throw refused('expires must be a day such as 2027-01-31')
  return at / day
}

const dateOf = (days: number): string => new Date(days * day).toISOString().slice(0, 10)

function spell(bytes: Buffer): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{1,5}/g) ?? []).map(five => letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

function unspell(text: string): Buffer {
  const bits = [...text].map(letter => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const whole = bits.match(/.{8}/g) ?? []
  return Buffer.from(whole.map(byte => Number.parseInt(byte, 2)))
}
