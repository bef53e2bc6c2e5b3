import * as z from 'zod'
import type { Queryable } from '../core/database.ts'

/**
 * Why data is used. `service` carries all the others; whoever takes it back leaves. `payment` and `care` stand alone: what
 * is sealed for them serves nothing else, and a consent to `care` is the explicit one that data of health need (GDPR 9(2)(a)).
 */
export const purposeCodes = ['service', 'offers', 'payment', 'care'] as const
export type PurposeCode = (typeof purposeCodes)[number]
export const purposeSchema = z.enum(purposeCodes)

export interface Purpose {
  code: PurposeCode
  needed: boolean
  /** Advertising, or handing data on for it: what Global Privacy Control speaks against. */
  advertising: boolean
  /** What it uses now, by code: what forms ask, and the records that come of it. */
  fields: string[]
}

/** Every purpose with the fields that the catalogue asks for it now: what a notice that is published now tells. */
export function listPurposes(database: Queryable): Promise<Purpose[]> {
  return database.query<Purpose>(
    `select p.code, p.needed, p.advertising, array_agg(f.code order by f.code) as fields
       from purpose p join field_now f on p.code = any (f.purposes)
      where f.asked <> 'no' or f.type is null
      group by p.code, p.needed, p.advertising order by p.needed desc, p.code`,
  )
}
