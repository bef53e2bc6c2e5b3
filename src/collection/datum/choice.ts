import * as z from 'zod'
import { faulty, kept, spelled } from './spelling.ts'

/** The codes that may be chosen, in the order in which people see them. Their words belong to the field. */
export const choiceOptions = z.strictObject({
  options: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'invalid'))
    .min(1, 'required')
    .max(200, 'too_long')
    .refine(codes => new Set(codes).size === codes.length, 'invalid'),
})

/** The code of one option. Refuses as `not_an_option` any other. */
export const choiceRule = ({ options }: z.output<typeof choiceOptions>) =>
  spelled(line => (options.includes(line) ? kept(line) : faulty('not_an_option')))
