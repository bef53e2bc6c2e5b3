import * as z from 'zod'
import type { Queryable } from '../core/database.ts'

/** Why data is used. `service` carries all the others; whoever takes it back leaves. */
export const purposeCodes = ['service', 'offers'] as const
export type PurposeCode = (typeof purposeCodes)[number]
export const purposeSchema = z.enum(purposeCodes)

export interface Purpose {
  code: PurposeCode
  needed: boolean
  /** What the purpose uses, in the order of the catalogue. */
  fields: string[]
}

/** Every purpose with the fields that a consent to it names. */
export function listPurposes(database: Queryable): Promise<Purpose[]> {
  return database.query<Purpose>(
    `select p.code, p.needed, array_agg(pf.field order by pf.field) as fields
       from purpose p join purpose_field pf on pf.purpose = p.code
      group by p.code, p.needed order by p.needed desc, p.code`,
  )
}
