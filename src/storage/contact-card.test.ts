import { expect, test } from 'vitest'
import { readCards } from './contact-card.ts'

const card = (...rows: string[]) => ['BEGIN:VCARD', ...rows, 'END:VCARD'].join('\r\n')

test('a card of version 3.0 gives names, preferred address, day of birth and evidence', () => {
  const [line] = readCards(
    card(
      ...['VERSION:3.0', 'N:Corvo;Ada;;;', 'FN:Ada Corvo', 'EMAIL;TYPE=INTERNET:old@example.org'],
      ...['EMAIL;TYPE=INTERNET,PREF:ada@example.org', 'TEL;TYPE=CELL:+39 333 1234567', 'BDAY:19850412'],
      ...[
        'ADR;TYPE=HOME:;;Via Roma 1;Torino;TO;10100;Italia',
        'X-CONSENT-DATE:2025-05-31',
        'NOTE:fol',
        ' ded',
      ],
    ),
  )
  expect(line).toMatchObject({
    line: 13,
    columns: {
      ...{ FN: 'Ada Corvo', 'N.given': 'Ada', 'N.family': 'Corvo', EMAIL: 'ada@example.org' },
      ...{ TEL: '+39 333 1234567', BDAY: '1985-04-12', 'ADR.street': 'Via Roma 1', 'ADR.city': 'Torino' },
      ...{ 'ADR.region': 'TO', 'ADR.code': '10100', 'ADR.country': 'Italia', 'X-CONSENT-DATE': '2025-05-31' },
    },
  })
  expect(line).not.toHaveProperty('fault')
})

test('a card of version 4.0 gives its UID and a telephone number that is an address', () => {
  const rows = ['VERSION:4.0', 'FN:Ada', 'UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1']
  const [line] = readCards(card(...rows, 'TEL;VALUE=uri;PREF=1:tel:+39-333-1234567', 'TEL:+39 011'))
  expect(line?.columns).toMatchObject({ UID: '4fbe8971-0bc3-424c-9c26-36c3e1eff6b1', TEL: '+39-333-1234567' })
})

test('a card that cannot be read is a fault of its own line, and the rest is read', () => {
  const good = card('VERSION:3.0', 'FN:Ada', 'EMAIL:ada@example.org')
  const text = [
    card('VERSION:2.1', 'FN:Old'),
    card('VERSION:3.0', 'garbage'),
    'BEGIN:VCARD',
    good,
    'BEGIN:VCARD',
  ].join('\n')
  expect(readCards(text).map(({ line, fault }) => `${line} ${fault ?? 'read'}`)).toEqual([
    ...['4 malformed', '8 malformed', '9 malformed', '14 read', '15 malformed'],
  ])
})
