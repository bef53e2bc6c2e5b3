import { randomBytes, timingSafeEqual } from 'node:crypto'
import { combine, split } from 'shamir-secret-sharing'
import { KeeperRefusal } from '../keeper/client.ts'
import { framesOf } from '../supervisor/frames.ts'
import { checkOf, readShare, refused, type Share, setName, writeShare } from './share.ts'

const secretLength = 32
const mostShares = 20
const longestRequest = 64 * 1024

type Fields = Record<string, unknown>

/**
 * The splitter's process: one JSON request on stdin, one answer on stdout, and it ends. Splitting is Shamir's scheme
 * over GF(2^8) by `shamir-secret-sharing` (audited by Cure53 and Zellic). Writes nothing to disk.
 *   {"act":"split","secret":B64,"shares":5,"threshold":3,"expires":"2027-01-31"}  ->  {"ok":{"set":…,"shares":[…]}}
 *   {"act":"join","shares":[…]}  ->  {"ok":{"secret":B64,"set":…,"threshold":3,"of":5,"expires":…}}
 *   {"refused":"malformed","why":"the 2nd share given is mistyped: its checksum does not fit"}
 */
async function answer(request: Fields): Promise<object> {
  if (request.act === 'split') return { ok: await splitSecret(request) }
  if (request.act === 'join') return { ok: await joinShares(request) }
  throw refused('act must be split or join')
}

async function splitSecret({ secret, shares, threshold, expires }: Fields): Promise<object> {
  const bytes = Buffer.from(typeof secret === 'string' ? secret : '', 'base64')
  if (bytes.length !== secretLength) throw refused('secret must be 32 bytes')
  const of = wholeNumber(shares, 'shares')
  const least = wholeNumber(threshold, 'threshold')
  if (least > of) throw refused('threshold must be no more than shares')
  if (typeof expires !== 'string') throw refused('expires must be a day such as 2027-01-31')
  const about = { set: randomBytes(7), threshold: least, of, expires }
  const check = checkOf(bytes, about)
  const parts = await split(new Uint8Array(bytes), of, least)
  const texts = parts.map((part, at) =>
    writeShare({ ...about, check, number: at + 1, part: Buffer.from(part) }),
  )
  for (const part of parts) part.fill(0)
  bytes.fill(0)
  return { set: setName(about.set), shares: texts }
}

async function joinShares({ shares }: Fields): Promise<object> {
  if (!Array.isArray(shares) || !shares.every(text => typeof text === 'string') || shares.length < 1)
    throw refused('shares must be a list of texts')
  const read = shares.map((text, at) => readShare(text, `the ${ordinal(at + 1)} share given`))
  const first = requireOneSet(read)
  if (read.length < first.threshold)
    throw refused(`${read.length} of ${first.threshold} shares were given: that is too few`)
  const secret = Buffer.from(await combine(read.map(share => new Uint8Array(share.part))))
  for (const share of read) share.part.fill(0)
  if (!timingSafeEqual(checkOf(secret, first), first.check))
    throw refused('the shares do not give back what was split')
  const { threshold, of, expires } = first
  const told = { secret: secret.toString('base64'), set: setName(first.set), threshold, of, expires }
  secret.fill(0)
  return told
}

/** All of one set and each but once; says which is not. */
function requireOneSet(shares: Share[]): Share {
  const first = shares[0]!
  for (const [at, share] of shares.entries()) {
    const name = `the ${ordinal(at + 1)} share given (number ${share.number})`
    if (!share.set.equals(first.set))
      throw refused(`${name} is of set ${setName(share.set)}, the 1st is of set ${setName(first.set)}`)
    if (!share.check.equals(first.check) || share.threshold !== first.threshold)
      throw refused(`${name} does not belong to the 1st`)
    if (shares.findIndex(other => other.number === share.number) !== at)
      throw refused(`${name} was given twice`)
  }
  return first
}

function wholeNumber(given: unknown, name: string): number {
  if (!Number.isSafeInteger(given) || Number(given) < 2 || Number(given) > mostShares)
    throw refused(`${name} must be from 2 to ${mostShares}`)
  return given as number
}

function ordinal(number: number): string {
  const ending = ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th'
  return `${number}${number > 10 && number < 20 ? 'th' : ending}`
}

async function readRequest(): Promise<Fields> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk
    if (text.length > longestRequest) throw refused('the request is too long')
  }
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    throw refused('the request is no JSON')
  }
  if (typeof said !== 'object' || said === null) throw refused('the request is no object')
  return said as Fields
}

if (import.meta.main) {
  let said: object
  try {
    said = await answer(await readRequest())
  } catch (error) {
    if (!(error instanceof KeeperRefusal)) process.stderr.write(`${framesOf(error).join('; ')}\n`)
    const why = error instanceof KeeperRefusal ? error.why : 'a fault in the splitter'
    said = { refused: error instanceof KeeperRefusal ? 'malformed' : 'unavailable', why }
  }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
