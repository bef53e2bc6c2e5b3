import {
  type CatalogueField,
  changeField,
  type Deciding,
  getCatalogueField,
  type NewField,
} from '../src/collection/catalogue.ts'
import type { TestHouse } from './house.ts'

/** A field an officer may add: a line the customer writes in the portal, for serving them, unless told otherwise. */
export const newField = (code: string, about: Partial<NewField> = {}): NewField => ({
  ...{ code, type: 'line', compartment: 'preferences', label: { en: code, it: code }, help: null },
  ...{ options: {}, option_labels: {}, sensitive: false, editor: 'customer', level: 0, reconfirm_days: null },
  ...{ retention: 'agreement', asked: 'portal', required: false, purposes: ['service'] },
  ...about,
})

/** What is decided about a field now, and by which version. */
export async function decidedOf(
  { house }: Pick<TestHouse, 'house'>,
  code: string,
): Promise<{ version: number; decided: Deciding }> {
  const now = await getCatalogueField(house.database, code)
  const { code: _code, type: _type, compartment: _in, own: _own, made_at: _at, made_by: _by, ...rest } = now
  const { version, ...decided } = rest
  return { version, decided }
}

/** Decides this about a field anew, and leaves the rest as it is. */
export async function decideAnew(
  test: Pick<TestHouse, 'house'>,
  code: string,
  anew: Partial<Deciding>,
  by = 'st_1',
): Promise<CatalogueField> {
  const { version, decided } = await decidedOf(test, code)
  return changeField(test.house, by, code, version, { ...decided, ...anew })
}
