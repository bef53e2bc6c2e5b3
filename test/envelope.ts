import { randomBytes } from 'node:crypto'
import { hpkeSeal } from '../src/keeper/hpke.ts'
import { intakeData } from '../src/keeper/intake.ts'
import { verifyIntakeKey } from '../src/keeper/intake-note.ts'
import type { IntakeRule } from '../src/keeper/intake-rule.ts'
import { parseVkey } from '../src/keeper/note.ts'

/** What a browser knows of the key it seals to. */
export interface ToldKey {
  note: string
  slot: number
  vkey: string
  trail: number
}

/** What the keeper judges the shipped fields by. */
const shipped: Record<string, IntakeRule> = {
  iban: { type: 'iban' },
  card: { type: 'card_reference' },
  allergies: { type: 'text', most: 500 },
}

/** An envelope as a browser of this customer makes it, by the keeper's own HPKE. */
export function sealEnvelope(
  told: ToldKey,
  alias: string,
  about: {
    compartment: string
    form: number
    values: Record<string, unknown>
    rules?: Record<string, IntakeRule>
  },
) {
  const key = verifyIntakeKey(told.note, parseVkey(told.vkey)!)
  if (key === null) throw new Error('the key is not vouched for')
  const { compartment, form, values, rules = shipped } = about
  const nonce = randomBytes(16).toString('base64url')
  const fields = new Map(Object.keys(values).map(code => [code, rules[code] ?? { type: 'text' }]))
  const aad = intakeData(key.log, alias, { trailSlot: told.trail, compartment, form, nonce, fields })
  const plain = Buffer.from(JSON.stringify(values))
  const sealed = hpkeSeal(Buffer.from(key.publicKey, 'base64'), {
    info: Buffer.from('custode intake 1'),
    aad,
    plain,
  })
  return {
    compartment,
    fields: Object.keys(values),
    nonce,
    key: key.slot,
    envelope: sealed.toString('base64'),
  }
}
