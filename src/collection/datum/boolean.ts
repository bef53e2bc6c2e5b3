import * as z from 'zod'
import { textOr } from './text.ts'

/** Yes or no, kept as true or false; from a file the two words `true` and `false` are taken too, and nothing else. */
export const booleanRule = z
  .union([z.boolean(), z.enum(['true', 'false'])], { error: textOr('boolean') })
  .transform(given => given === true || given === 'true')
