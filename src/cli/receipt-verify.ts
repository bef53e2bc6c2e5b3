import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { checkReceipt, type KnownKeys } from '../disposal/receipt-check.ts'
import { type ConsentVerdict, checkConsentReceipt } from '../use/consent-receipt-check.ts'
import { type Help, usageOf } from './help.ts'

export const help = {
  command: 'custode receipt verify',
  operands: 'FILE',
  options: {
    key: {
      type: 'string',
      value: 'VKEY',
      about: 'the log’s key as the company publishes it; without it the one in the receipt is believed',
    },
    'receipt-key': {
      type: 'string',
      value: 'KEY',
      about: 'the receipts’ key as the company publishes it; without it the one in the receipt is believed',
    },
  },
  examples: ['npx custode receipt verify receipt.json'],
  ends: '0 when the receipt is genuine; 1 when it is not',
  more: ['It needs no connection and no running Custode. A FILE that cannot be read ends with 2.'],
} as const satisfies Help

/**
 * `custode receipt verify FILE`: checks the receipt of a withdrawal or of an agreement without any connection. Exit 0 when it is genuine, 1
 * when it is not, 2 when the command cannot be understood or the file not read.
 */
export async function receiptVerify(argv: string[]): Promise<number> {
  const asked = read(argv)
  if (asked === null) {
    console.error(`usage: ${usageOf(help)}`)
    return 2
  }
  const text = await readFile(asked.file, 'utf8').catch(() => null)
  if (text === null) {
    console.error(`${asked.file} cannot be read`)
    return 2
  }
  const receipt = parsed(text)
  if (isOfAgreement(receipt)) return tellAgreement(checkConsentReceipt(receipt, asked.known.vkey))
  const verdict = checkReceipt(receipt, asked.known)
  if (!verdict.ok) {
    console.error(`receipt not genuine: ${verdict.what}`)
    return 1
  }
  console.log(
    `receipt verified: withdrawal ${verdict.act} of ${verdict.at}, slots ${verdict.slots.join(', ')}`,
  )
  console.log(`it is entry ${verdict.index} of the log ${verdict.vkey}`)
  console.log(`signed with the receipt key ${verdict.key}`)
  console.log('compare both keys with those that the company publishes')
  return 0
}

const isOfAgreement = (receipt: unknown): boolean =>
  typeof receipt === 'object' && receipt !== null && '@type' in receipt

function tellAgreement(verdict: ConsentVerdict): number {
  if (!verdict.ok) {
    console.error(`receipt not genuine: ${verdict.what}`)
    return 1
  }
  const { consent, purpose, fields, given, ended, index, vkey, signed } = verdict
  console.log(`receipt verified: agreement ${consent} to ${purpose}, over ${fields.join(', ')}, of ${given}`)
  console.log(ended === null ? 'no later entry is in it: the newest receipt tells' : `it ended ${ended}`)
  console.log(
    signed.by === 'passkey'
      ? `signed on ${signed.origin} by passkey ${signed.key}, which this customer’s account had since ${signed.since}`
      : `signed by nobody but the server, for a verified channel${signed.declined ? ': the customer had a passkey, which did not sign' : ''}`,
  )
  console.log(`it is entry ${index} of the log ${vkey}`)
  console.log('compare this key with the one that the company publishes')
  return 0
}

function read(argv: string[]): { file: string; known: KnownKeys } | null {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: help.options })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) return null
  const { key, 'receipt-key': receiptKey } = values
  return {
    file,
    known: {
      ...(key === undefined ? {} : { vkey: key }),
      ...(receiptKey === undefined ? {} : { receiptKey }),
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
