import { describe, expect, it } from 'vitest'
import { addField } from '../../src/collection/catalogue.ts'
import { changeOwn } from '../../src/use/own-values.ts'
import { newField } from '../catalogue.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

describe('how long a value is kept', { timeout: 120_000 }, () => {
  it('is decided by Pia, who reads what it is about, and stands beside the value, which its customer keeps by a word', async () => {
    const { world, house, visit } = rooms()
    const label = { en: 'Shoe size', it: 'Numero di scarpe' }
    await addField(house.house, world.pia.pseudonym, newField('own_shoe', { label }))
    const ida = await world.join()
    await changeOwn(house.house, ida.session, { own_shoe: '39' })

    const office = await visit('it', world.pia.cookies)
    await office.goto('/office/fields/own_shoe')
    const months = office.getByLabel('Conservato per tanti mesi', { exact: false })
    await months.fill('0')
    const save = office.getByRole('button', { name: 'Salva', exact: false }).first()
    await save.click()
    await office.getByText('Scrivi un numero intero di mesi da 1 a 120', { exact: false }).first().waitFor()
    await months.fill('1')
    const preview = office.getByRole('region', { name: 'Che cosa succederà' })
    await preview.getByText('Clienti che ce l’hanno: al massimo 1.', { exact: false }).waitFor()
    await preview.getByText('1 mese dopo che è stato dato o confermato').waitFor()
    expect(await faultsOf(office)).toEqual([])
    await save.click()
    await office.getByText('«Numero di scarpe» è salvato.', { exact: false }).waitFor()

    const portal = await visit('en', ida.cookies)
    await portal.goto('/')
    const held = portal.locator('.exhibit').filter({ hasText: 'Shoe size' })
    await held.getByText('unless you say that it is still right', { exact: false }).waitFor()
    expect(await faultsOf(portal)).toEqual([])
    await held.getByRole('button', { name: 'Yes: Shoe size' }).click()
    await portal.getByText('Shoe size', { exact: false }).first().waitFor()
  })
})
