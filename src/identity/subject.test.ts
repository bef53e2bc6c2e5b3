import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newCustomer, openCompany } from '../../test/people.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await openCompany(house)
})
afterAll(() => house.close())

test('an alias that somebody has already is drawn again', async () => {
  const first = await newCustomer(house, { name: 'Ana Moretti', email: 'ana@example.org' })
  // Whatever is drawn next is hers, once.
  await house.owner.query(`create sequence drawn`)
  await house.owner.query(`grant usage on sequence drawn to custode_server`)
  await house.owner.query(
    `create function draw_hers() returns trigger language plpgsql as $$
     begin
       if nextval('drawn') = 1 then new.alias := '${first.alias}'; end if;
       return new;
     end $$`,
  )
  await house.owner.query(
    'create trigger draw_hers before insert on subject for each row execute function draw_hers()',
  )
  const second = await newCustomer(house, { name: 'Bea Conti', email: 'bea@example.org' })
  const { drawn } = await house.owner.one<{ drawn: number }>('select last_value::int as drawn from drawn')
  expect(drawn).toBe(2)
  expect(second.alias).not.toBe(first.alias)
})
