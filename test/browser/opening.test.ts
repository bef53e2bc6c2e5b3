import { describe, expect, it } from 'vitest'
import { makeSetupToken } from '../../src/identity/setup.ts'
import { codeAt } from '../authenticator.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile({ open: false })

describe('a company that is not open yet', { timeout: 180_000 }, () => {
  it('says so to customers, is opened once by its first officer, and lets her bring in an employee', async () => {
    const { house, visit, url } = rooms()
    const customer = await visit('it')
    for (const room of ['/', '/work', '/office']) {
      await customer.goto(room)
      await customer.getByRole('heading', { level: 1, name: 'Non ancora aperto' }).waitFor()
    }
    await customer.goto('/')

    const officer = await visit('it')
    await officer.goto(`/office/setup#${await makeSetupToken(house.house.database)}`)
    await officer.getByLabel('Nome dell’azienda').fill('Officina Lume')
    await officer.getByLabel('Il tuo nome al lavoro').fill('Rita Galli')
    await officer.getByLabel('La tua e-mail').fill('rita@example.org')
    await officer.getByLabel('Nuova password').fill('corto')
    await officer.getByLabel('La stessa password di nuovo').fill('corto')
    const authenticator = async () => {
      const key = String(await officer.locator('.totp-key').textContent()).replaceAll(/\s/g, '')
      return codeAt(key, house.clock.now())
    }
    await officer.getByLabel('Codice che l’app mostra ora').fill(await authenticator())
    await officer.getByRole('button', { name: 'Apri l’azienda' }).click()
    await officer.getByText('Almeno 12 caratteri.', { exact: true }).waitFor()
    await officer.getByLabel('Nuova password').fill('quattro remi nel canale')
    await officer.getByLabel('La stessa password di nuovo').fill('quattro remi nel canale')
    await officer.getByRole('button', { name: 'Apri l’azienda' }).click()
    await officer.getByRole('heading', { level: 1, name: 'Panoramica' }).waitFor()
    await officer.getByText('Un solo disco custodisce tutte le chiavi').waitFor()

    await customer.reload()
    await customer.getByRole('heading', { level: 1, name: 'I tuoi dati appartengono a te' }).waitFor()

    await officer.getByRole('link', { name: 'Impiegati' }).click()
    await officer.getByRole('button', { name: 'Invita qualcuno' }).click()
    await officer.getByLabel('Nome al lavoro').fill('Dario Villa')
    await officer.getByLabel('E-mail').fill('dario@example.org')
    await officer.getByRole('button', { name: 'Crea l’invito' }).click()
    const link = String(await officer.locator('.handover .code-line').textContent())
    expect(link.startsWith(`${url}/work/invitation#`)).toBe(true)

    const employee = await visit('it')
    await employee.goto(link)
    await employee
      .getByRole('heading', { level: 1, name: 'Ti diamo il benvenuto in Officina Lume' })
      .waitFor()
    await employee.getByLabel('Nuova password').fill('sette barche al molo')
    await employee.getByLabel('La stessa password di nuovo').fill('sette barche al molo')
    const key = String(await employee.locator('.totp-key').textContent()).replaceAll(/\s/g, '')
    await employee.getByLabel('Codice che l’app mostra ora').fill(codeAt(key, house.clock.now()))
    await employee.getByRole('button', { name: 'Accetta l’invito' }).click()
    await employee.getByRole('heading', { level: 1, name: 'Compiti' }).waitFor()

    // The link works once.
    const late = await visit('it')
    await late.goto(link)
    await late.getByRole('heading', { level: 1, name: 'Questo invito non è più valido' }).waitFor()

    // His employment ends, and with it what his browser may do.
    await officer.getByRole('button', { name: 'Concludi il rapporto di Dario Villa' }).click()
    await officer.getByRole('dialog').getByRole('button', { name: 'Concludi il rapporto' }).click()
    await officer.getByText('Dario Villa non lavora più qui.', { exact: false }).waitFor()
    await employee.reload()
    await employee.getByRole('heading', { level: 1, name: 'Accedi' }).waitFor()
  })
})
