import * as z from 'zod'
import type { DatumFault } from './fault.ts'
import { lineRule, textOr } from './text.ts'

/** What a reading of a text came to: the one spelling that is kept, or the code of what is wrong with it. */
export type Spelling = { kept: string } | { fault: DatumFault }

export const kept = (text: string): Spelling => ({ kept: text })
export const faulty = (fault: DatumFault): Spelling => ({ fault })

/** No datum of one spelling is longer; a text that is gets no further than this. */
const longest = 200

/**
 * The rule for a datum that has one spelling, however it was typed. `read` is given one clean line, as `lineRule`
 * promises it, and must answer its own spelling unchanged.
 */
export const spelled = (read: (line: string) => Spelling) =>
  lineRule(longest).transform((line, context) => {
    const spelling = read(line)
    if ('kept' in spelling) return spelling.kept
    context.issues.push({ code: 'custom', message: spelling.fault, input: line })
    return z.NEVER
  })

/** Without the blanks that people put in for reading, and in capitals: of a-z only, since `ß` would become two letters. */
export const closedUp = (line: string): string =>
  line.replace(/\s+/g, '').replace(/[a-z]+/g, letters => letters.toUpperCase())

/** The word about an object that is none, or that holds a part nobody asked for. */
export const partsOr = (code: DatumFault) => (issue: { code?: string; input?: unknown }) =>
  issue.code === 'unrecognized_keys' ? 'unknown' : textOr(code)(issue)
