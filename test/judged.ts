import * as fc from 'fast-check'
import type * as z from 'zod'

/** A datum as its rule keeps it, or the codes of what is wrong with it. */
export function judged(rule: z.ZodType, given: unknown): unknown {
  const result = rule.safeParse(given)
  return result.success ? result.data : { refused: result.error.issues.map(issue => issue.message) }
}

/** The same as one refusal: each kind of mistake has one code. */
export const refused = (code: string) => ({ refused: [code] })

const megabyte = 1024 * 1024
const times = (text: string) => text.repeat(megabyte / text.length)

/** What no form sends: too much of everything, halves of characters, names that objects inherit, and no text at all. */
export const hostile: readonly (readonly [what: string, given: unknown])[] = [
  ...[
    'a',
    '0',
    '4',
    '1 ',
    '4111 ',
    '4-',
    '.',
    ' ',
    '\n',
    '@',
    'a@',
    '+',
    '\u200b',
    '\u0661',
    '\ud800',
    '\u{1d7d8}',
  ].map(text => [`a megabyte of ${JSON.stringify(text)}`, times(text)] as const),
  ['a megabyte of digits and one letter', `${times('9')}x`],
  ['a megabyte of letters and one digit', `${times('A')}1`],
  ['a megabyte of accents', `e${times('\u0301')}`],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(name => [name, name] as const),
  ['half a character', 'A\ud83d'],
  ['a zero byte', 'IT\u00000'],
  ['a dotless i', 'ıt'],
  ['nothing', undefined],
  ['null', null],
  ['no number', Number.NaN],
  ['an endless number', Number.POSITIVE_INFINITY],
  ['a number', 4111111111111111],
  ['an empty list', []],
  ['a list with everything in it', [null, 'a', 1, {}, []]],
  ['a long list', new Array(100_000).fill('a')],
  ['an object', {}],
  ['an object with a prototype', JSON.parse('{"__proto__": {"country": "IT"}, "constructor": 1}')],
  ['an object without a prototype', Object.create(null)],
  ['a date', new Date(0)],
  ['a function', () => 'IT'],
]

/** That what a rule keeps is kept as it is when it comes back: there is one spelling of each datum. */
export function expectOneSpelling(rule: z.ZodType, typed: fc.Arbitrary<unknown>): void {
  fc.assert(
    fc.property(typed, given => {
      const first = rule.safeParse(given)
      if (!first.success) return
      const again = rule.parse(structuredClone(first.data))
      if (JSON.stringify(again) !== JSON.stringify(first.data))
        throw new Error(`${JSON.stringify(first.data)} became ${JSON.stringify(again)}`)
    }),
    { numRuns: 2000 },
  )
}
