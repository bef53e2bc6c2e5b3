import * as z from 'zod'

/** What may be wrong with the signs of a text. The pages have a sentence for each. */
export const textFaults = ['control', 'direction', 'invisible', 'broken'] as const
export type TextFault = (typeof textFaults)[number]

/** The first word about a text that is no text at all: left out, or something else. */
export const textOr = (code: string) => (issue: { input?: unknown }) =>
  issue.input === undefined ? 'required' : code

interface Allowed {
  /** Line breaks. */
  lines?: boolean
  /** Nothing at all. */
  empty?: boolean
}

/**
 * One line that people write and read, of `most` characters: composed (NFC), without the blanks around it. Refuses as
 * `required` what shows nothing, as `too_long` what has more characters, and by its fault what does not show all that it
 * holds.
 */
export const lineRule = (most: number, allowed: { empty?: boolean } = {}) => ruleOf(most, allowed)

/** The same in several lines, which end in `\n` however they were typed; a tab becomes a blank. */
export const linesRule = (most: number) => ruleOf(most, { lines: true })

const ruleOf = (most: number, allowed: Allowed) =>
  z
    .string({ error: textOr('invalid') })
    .transform(text => (allowed.lines ? plainLines(text) : text).trim().normalize('NFC'))
    .pipe(
      z
        .string()
        .max(most, 'too_long')
        .superRefine((text, context) => {
          const fault = faultOf(text, allowed)
          if (fault !== null) context.addIssue({ code: 'custom', message: fault })
        }),
    )

const plainLines = (text: string): string => text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replaceAll('\t', ' ')

// The sets have the names of the Unicode Character Database (UAX #44).
const half = /\p{Cs}/u
const nothingShown = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]*$/u
// U+FFF9 to U+FFFB mark annotations, which are meant for programs alone.
const control = /[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb\p{Noncharacter_Code_Point}]/u
const direction = /\p{Bidi_Control}/u
const invisible = /\p{Default_Ignorable_Code_Point}/u
const sign = String.raw`[^\p{White_Space}\p{Default_Ignorable_Code_Point}]`

/**
 * What nobody sees and yet is needed: one joiner or non-joiner between two signs (Persian, the scripts of India, emoji)
 * and one variation of the sign before it (emoji, Japanese names).
 */
const needed = new RegExp(
  String.raw`(?<=${sign}|\p{Variation_Selector})[\u200c\u200d](?=${sign})|(?<=${sign})\p{Variation_Selector}`,
  'gu',
)

function faultOf(text: string, { lines = false, empty = false }: Allowed): 'required' | TextFault | null {
  if (half.test(text)) return 'broken'
  if (!empty && nothingShown.test(text)) return 'required'
  if (control.test(lines ? text.replaceAll('\n', ' ') : text)) return 'control'
  if (direction.test(text)) return 'direction'
  if (!invisible.test(text)) return null
  return invisible.test(text.replaceAll(needed, '')) ? 'invisible' : null
}
