import { parseArgs } from 'node:util'
import { checkIntakePage, type ServedIntake } from '../use/intake-page-check.ts'
import { type Help, usageOf } from './help.ts'

export const help = {
  command: 'custode intake verify',
  operands: 'URL',
  options: {
    key: {
      type: 'string',
      value: 'VKEY',
      about:
        'the log’s key as the company publishes it; without it the one that the server tells is believed',
    },
  },
  examples: ['npx custode intake verify https://crm.example'],
  ends: '0 when the page for sealed forms is the one that the log holds; 1 when it is not',
  more: [
    'It fetches the page for sealed forms as a browser does, hashes it, and compares it with the entry of the log.',
    'It proves what was sent to you now. A server may send others another page: ask from where they are, by their way.',
    'What the page does is told by its sources: the same sources make the same page, byte for byte.',
  ],
} as const satisfies Help

/**
 * `custode intake verify URL`: fetches the page for sealed forms and checks it against the log. Exit 0 when it is the one
 * that the log holds, 1 when it is not, 2 when the command cannot be understood or nothing fetched.
 */
export async function intakeVerify(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: help.options })
  const origin = originOf(positionals)
  if (origin === null) {
    console.error(`usage: ${usageOf(help)}`)
    return 2
  }
  const served = await fetchIntake(origin)
  if (typeof served === 'string') {
    console.error(served)
    return 2
  }
  const verdict = checkIntakePage(served, values.key)
  if (!verdict.ok) {
    console.error(`not the page that the log holds: ${verdict.what}`)
    return 1
  }
  const { sha256, page, bytes, entered, index, vkey } = verdict
  console.log(`page verified: ${bytes} bytes, sha256 ${page}, sent with the headers of its manifest`)
  console.log(`manifest sha256 ${sha256}: served since ${entered}, entry ${index} of the log ${vkey}`)
  console.log('compare this key with the one that the company publishes')
  console.log('this says nothing of what the server sends to others, and not what the page does:')
  console.log('build it from its sources and compare the manifest (docs/verification.md)')
  return 0
}

function originOf([given, ...others]: string[]): string | null {
  if (given === undefined || others.length > 0 || !URL.canParse(given)) return null
  const { protocol, origin } = new URL(given)
  return protocol === 'https:' || protocol === 'http:' ? origin : null
}

/** What the server sends, or why there is nothing to check, in one line. */
async function fetchIntake(origin: string): Promise<ServedIntake | string> {
  const addresses = ['/intake/', '/intake/manifest.txt', '/api/v1/intake-proof']
  try {
    const replies = await Promise.all(addresses.map(path => fetch(`${origin}${path}`, { redirect: 'error' })))
    const missing = replies.findIndex(reply => !reply.ok)
    if (missing !== -1) return `${origin}${addresses[missing]} answers ${replies[missing]?.status}`
    const [page, manifest, proof] = replies as [Response, Response, Response]
    return {
      ...{ origin, headers: Object.fromEntries(page.headers) },
      page: new Uint8Array(await page.arrayBuffer()),
      ...{ manifest: await manifest.text(), proof: await proof.json() },
    }
  } catch {
    return `${origin} cannot be reached, or does not answer as Custode does`
  }
}
