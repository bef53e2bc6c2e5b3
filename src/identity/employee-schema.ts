import * as z from 'zod'
import type { Employee } from './employee.ts'

export const roleSchema = z.enum(['employee', 'officer'])
export const languageOfEmployee = z.enum(['en', 'it'])

/** An employee as the API shows them to colleagues. */
export const employeeSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  language: languageOfEmployee,
  pseudonym: z.string(),
})

/** Only what the schema names. */
export const shownEmployee = ({ id, name, role, language, pseudonym }: Employee): Employee => ({
  ...{ id, name, role, language, pseudonym },
})
