import { lineRule } from './text.ts'

/** A person's or a company's name as they write it: 1 to 120 characters in one line. */
export const nameRule = lineRule(120)
