import { addField, type CatalogueField, type Decided, type NewField } from '../../src/collection/catalogue.ts'
import { decideAnew, newField } from '../catalogue.ts'
import type { Rooms } from './rooms.ts'

type Asked = Pick<NewField, 'code' | 'type' | 'label'> & Partial<NewField>

/** What an officer decides, without the officer's screen: a further field, for serving customers unless told. */
export const ask = ({ house, world }: Rooms, asked: Asked): Promise<CatalogueField> =>
  addField(house.house, world!.pia.pseudonym, newField(asked.code, asked))

/** The same about a field that is there already. */
export const askAnew = (
  { house, world }: Rooms,
  code: string,
  anew: Partial<Decided>,
): Promise<CatalogueField> => decideAnew(house, code, anew, world!.pia.pseudonym)
