import * as z from 'zod'
import { textOr } from './text.ts'

/** An e-mail address, by its syntax alone; that it is the person's own is proved by a code. */
export const emailRule = z
  .string({ error: textOr('email') })
  .transform(text => text.trim())
  .pipe(z.string().min(1, 'required').max(254, 'too_long').pipe(z.email('email')))
