import type { TestHouse } from './house.ts'
import { issueTo } from './invoice.ts'
import { type Leaver, newLeaver } from './leaver.ts'
import { decidePair, mergeSessions } from './twice.ts'
import type { World } from './world.ts'

let people = 0
const surnames = ['Frangipane', 'Gherardesca', 'Malaspina', 'Visconti']

/** Two records with something in every compartment that were made one, and the document that was issued to the one that rests. */
export async function newMergedLeavers(
  house: TestHouse,
  world: World,
): Promise<{ stays: Leaver; rests: Leaver; document: string }> {
  const name = `Elsa ${surnames[people % surnames.length]}`
  const phone = `+3934755588${String(10 + ++people)}`
  const stays = await newLeaver(house, world, { name, phone })
  const rests = await newLeaver(house, world, { name, phone })
  const { id } = await issueTo(house, world, rests)
  const task = await decidePair(house, [stays, rests], 'same')
  await mergeSessions(house, [stays.session, rests.session], task)
  return { stays, rests, document: id }
}
