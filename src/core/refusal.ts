/** Every "no" the system says on purpose: its HTTP status and the one sentence the caller may read. */
export const refusals = {
  invalid: { status: 400, sentence: 'Something in the request is not as it should be.' },
  unauthenticated: { status: 401, sentence: 'Please sign in first.' },
  wrong_credentials: { status: 401, sentence: 'These sign-in details do not fit together.' },
  wrong_code: { status: 401, sentence: 'This code is not right or is no longer valid.' },
  wrong_passkey: { status: 401, sentence: 'This passkey does not fit, or is not known here any more.' },
  wrong_origin: { status: 403, sentence: 'This request comes from a page that is not ours.' },
  wrong_role: { status: 403, sentence: 'Your role does not include this.' },
  no_consent: { status: 403, sentence: 'The customer has not agreed to this use.' },
  no_grant: { status: 403, sentence: 'No task of yours opens this.' },
  outside_grant: { status: 403, sentence: 'Your task does not open this field.' },
  second_person: { status: 403, sentence: 'Somebody else must confirm what you have seen.' },
  unproven: { status: 403, sentence: 'The provider did not prove who you are. Nothing was changed.' },
  guardian_needed: { status: 403, sentence: 'At this age a guardian agrees, and only a guardian.' },
  too_young: {
    status: 403,
    sentence: 'At this age a guardian agrees. Leave, and join again together with one.',
  },
  level_needed: { status: 403, sentence: 'For this we must first be surer that it is you.' },
  caller_unproven: { status: 403, sentence: 'Whoever calls must first say the code that was sent to them.' },
  not_found: { status: 404, sentence: 'Not found.' },
  conflict: { status: 409, sentence: 'This has changed or exists already.' },
  privacy_signal: {
    status: 409,
    sentence: 'Your browser says that you do not want this use. If you do, agree to it in spite of that.',
  },
  guardian_apart: {
    status: 409,
    sentence: 'A guardian answers for one of these two records, so they stay two.',
  },
  age_in_doubt: { status: 409, sentence: 'First settle which date of birth is right.' },
  fixed: { status: 409, sentence: 'The program needs this as it is.' },
  intake_changed: {
    status: 409,
    sentence: 'What was sealed for us cannot be opened any more. Please send it again.',
  },
  no_address: { status: 409, sentence: 'There is no address to which a letter could be sent.' },
  already_open: { status: 409, sentence: 'The company has been set up already.' },
  taken: { status: 409, sentence: 'Somebody else has taken this task.' },
  withdraw_whole: {
    status: 409,
    sentence: 'This agreement carries all the others: to withdraw it is to leave, which has its own page.',
  },
  erased: { status: 410, sentence: 'This has been erased.' },
  too_large: { status: 413, sentence: 'This is larger than allowed.' },
  rate_limited: { status: 429, sentence: 'Too many attempts. Please wait a little.' },
  budget: { status: 429, sentence: 'The number of readings for this hour is used up.' },
  search_budget: { status: 429, sentence: 'The number of searches for today is used up.' },
  not_open: { status: 503, sentence: 'The company is not open yet.' },
  search_rebuilding: {
    status: 503,
    sentence: 'The address index is being rebuilt. Please try again shortly.',
  },
  unavailable: { status: 503, sentence: 'A part of the system is not reachable. Please try again shortly.' },
} as const

export type RefusalCode = keyof typeof refusals

/** Facts that may be told to the caller: codes, counts, field names; never a personal value. */
export type RefusalDetail = Record<string, string | number | boolean | string[]>

/** What is wrong with one field of a form: its name and a short code that the page puts into words. */
export interface FieldFault {
  field: string
  code: string
}

/** Whether what a schema says of a fault is such a code: words of a library have capitals and blanks. */
export const isFaultCode = (message: string): boolean => /^[a-z][a-z0-9_]{2,39}$/.test(message)

/**
 * The one error class for an intended "no". `why` is for our own log and never leaves the server; `detail` is
 * told to the caller and must never hold a personal value. Anything else that is thrown is a bug: 500.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly status: number
  readonly sentence: string
  readonly why: string | undefined
  readonly detail: RefusalDetail | undefined
  readonly fields: FieldFault[] | undefined

  constructor(
    code: RefusalCode,
    about: { why?: string; cause?: unknown; detail?: RefusalDetail; fields?: FieldFault[] } = {},
  ) {
    super(code, about.cause === undefined ? undefined : { cause: about.cause })
    this.code = code
    this.status = refusals[code].status
    this.sentence = refusals[code].sentence
    this.why = about.why
    this.detail = about.detail
    this.fields = about.fields
  }
}
