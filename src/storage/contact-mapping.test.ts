import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { type CatalogueField, listCatalogue } from '../collection/catalogue.ts'
import { Refusal } from '../core/refusal.ts'
import { type ContactMapping, proposeMapping, requireMapping } from './contact-mapping.ts'

let house: TestHouse
let catalogue: CatalogueField[]
beforeAll(async () => {
  house = await openHouse()
  catalogue = await listCatalogue(house.house.database)
})
afterAll(() => house.close())

test('an export of HubSpot, by the labels of its default properties, is mapped by itself', () => {
  const headers = [
    ...['Record ID', 'First Name', 'Last Name', 'Email', 'Phone Number', 'Date of birth', 'Street Address'],
    ...['City', 'State/Region', 'Postal Code', 'Country/Region', 'Preferred language', 'Lead Status'],
  ]
  expect(proposeMapping(headers, catalogue)).toEqual({
    'Record ID': 'reference',
    'First Name': 'given_name',
    'Last Name': 'family_name',
    Email: 'email',
    'Phone Number': 'phone',
    'Date of birth': 'birth_date',
    'Street Address': 'postal_address.street',
    City: 'postal_address.city',
    'State/Region': 'postal_address.region',
    'Postal Code': 'postal_address.postal_code',
    'Country/Region': 'postal_address.country',
    'Preferred language': catalogue.some(field => field.code === 'language') ? 'language' : null,
    'Lead Status': null,
  })
})

test('an export of Salesforce, by the names of the fields of its contacts, is mapped by itself', () => {
  const headers = [
    ...['Id', 'AccountId', 'LastName', 'FirstName', 'MailingStreet', 'MailingCity', 'MailingState'],
    ...['MailingPostalCode', 'MailingCountry', 'MobilePhone', 'Phone', 'Email', 'Birthdate'],
  ]
  expect(proposeMapping(headers, catalogue)).toEqual({
    Id: 'reference',
    AccountId: null,
    LastName: 'family_name',
    FirstName: 'given_name',
    MailingStreet: 'postal_address.street',
    MailingCity: 'postal_address.city',
    MailingState: 'postal_address.region',
    MailingPostalCode: 'postal_address.postal_code',
    MailingCountry: 'postal_address.country',
    MobilePhone: 'phone',
    // Two columns never become one field.
    Phone: null,
    Email: 'email',
    Birthdate: 'birth_date',
  })
})

test('Italian headers, codes and labels of the catalogue are known, however they are written', () => {
  expect(
    proposeMapping(['COGNOME', 'nome', 'E-Mail', 'data_di_nascita', 'CAP', 'codice_fiscale'], catalogue),
  ).toEqual({
    COGNOME: 'family_name',
    // The label of the field `name` in Italian is `Nome`: what stands beside a family name is the given one.
    nome: 'given_name',
    'E-Mail': 'email',
    data_di_nascita: 'birth_date',
    CAP: 'postal_address.postal_code',
    codice_fiscale: 'codice_fiscale',
  })
  expect(proposeMapping(['Nome', 'Email'], catalogue)).toEqual({ Nome: 'name', Email: 'email' })
})

const refusalOf = (mapping: ContactMapping): unknown => {
  try {
    requireMapping(mapping, ['a', 'b', 'c'], catalogue)
  } catch (error) {
    return error instanceof Refusal ? error.detail : error
  }
  return null
}

test.each([
  [{ a: 'name', b: 'email', c: null }, null],
  [{ a: 'name' }, { field: 'mapping', mapping: 'required', target: 'email' }],
  [{ b: 'email' }, { field: 'mapping', mapping: 'required', target: 'name' }],
  [
    { a: 'name', b: 'email', c: 'name' },
    { field: 'mapping', mapping: 'repeated', target: 'name' },
  ],
  [
    { a: 'name', b: 'email', c: 'iban' },
    { field: 'mapping', mapping: 'sealed_only', target: 'iban' },
  ],
  [
    { a: 'name', b: 'email', c: 'purchase' },
    { field: 'mapping', mapping: 'unknown' },
  ],
  [
    { a: 'name', b: 'email', d: 'phone' },
    { field: 'mapping', mapping: 'unknown' },
  ],
])('the mapping %j is judged', (mapping, refusal) => {
  expect(refusalOf(mapping as ContactMapping)).toEqual(refusal)
})
