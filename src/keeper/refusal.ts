/** The codes with which the keeper says no. They travel over the socket; the words stay behind. */
export const keeperRefusals = [
  'no_grant',
  'grant_ended',
  'outside_grant',
  'superseded',
  'gone',
  'erased',
  'budget',
  'change_gap',
  'malformed',
  'bad_box',
  'intake_key',
  'subject_slot',
  'unknown_slot',
  'unavailable',
] as const

export type KeeperRefusalCode = (typeof keeperRefusals)[number]

/**
 * An intended "no" of the keeper. `why` is for the log of whoever asked and names places, never values; `expected`
 * is the change number that would have been accepted; `at` is the position of the item that was refused.
 */
export class KeeperRefusal extends Error {
  override readonly name = 'KeeperRefusal'
  readonly code: KeeperRefusalCode
  readonly why: string | undefined
  readonly expected: number | undefined
  readonly at: number | undefined

  constructor(code: KeeperRefusalCode, about: { why?: string; expected?: number; at?: number } = {}) {
    super(about.why === undefined ? code : `${code}: ${about.why}`)
    this.code = code
    this.why = about.why
    this.expected = about.expected
    this.at = about.at
  }
}

/** The refusal as it was told over the socket; `unavailable` when it cannot be understood. */
export function refusalTold(json: unknown): KeeperRefusal {
  const told = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const code: KeeperRefusalCode = keeperRefusals.find(known => known === told.code) ?? 'unavailable'
  return new KeeperRefusal(code, {
    ...(typeof told.why === 'string' ? { why: told.why } : {}),
    ...(typeof told.expected === 'number' ? { expected: told.expected } : {}),
    ...(typeof told.at === 'number' ? { at: told.at } : {}),
  })
}
