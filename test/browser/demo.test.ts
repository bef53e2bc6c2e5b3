import { describe, it } from 'vitest'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile({ open: true, demo: true })

describe('the sample company', { timeout: 120_000 }, () => {
  it.each([
    ['/', 'Ana, cliente', 'I miei dati'],
    ['/work', 'Ben, impiegato', 'Compiti'],
    ['/office', 'Pia, responsabile della privacy', 'Panoramica'],
    ['/work', 'Ana, cliente', 'I miei dati'],
  ])(
    'opens from %s with one click for %s, and says on the page that it is a demo',
    async (path, person, title) => {
      const page = await rooms().visit('it')
      await page.goto(path)
      await page.getByRole('button', { name: person }).click()
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
      await page.getByText('Questa è una demo. Persone e acquisti sono tutti inventati.').waitFor()
    },
  )
})
