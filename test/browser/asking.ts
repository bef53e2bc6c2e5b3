import {
  addField,
  type CatalogueField,
  changeField,
  type Decided,
  getCatalogueField,
  type NewField,
} from '../../src/collection/catalogue.ts'
import type { Rooms } from './rooms.ts'

type Asked = Pick<NewField, 'code' | 'type' | 'label'> & Partial<NewField>

/** What an officer decides, without the officer's screen: a further field, for serving customers unless told. */
export const ask = ({ house, world }: Rooms, asked: Asked): Promise<CatalogueField> =>
  addField(house.house, world!.pia.pseudonym, {
    ...{ compartment: 'preferences', help: null, options: {}, option_labels: {}, sensitive: false },
    ...{ editor: 'customer', level: 0, reconfirm_days: null, retention: 'agreement', asked: 'portal' },
    ...{ required: false, purposes: ['service'] },
    ...asked,
  })

/** The same about a field that is there already. */
export async function askAnew(
  { house, world }: Rooms,
  code: string,
  anew: Partial<Decided>,
): Promise<CatalogueField> {
  const now = await getCatalogueField(house.house.database, code)
  const { code: _code, type: _type, compartment: _in, own: _own, made_at: _at, made_by: _by, ...rest } = now
  const { version, ...decided } = rest
  return changeField(house.house, world!.pia.pseudonym, code, version, { ...decided, ...anew })
}
