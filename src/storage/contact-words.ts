/**
 * Headers by which a column is known, besides codes and labels of the catalogue. Upper case, spaces and marks do not
 * matter. HubSpot exports the labels of its properties (https://knowledge.hubspot.com/properties/hubspots-default-contact-properties);
 * Salesforce exports the names of fields, and reports their labels
 * (https://developer.salesforce.com/docs/platform/field-reference/references/field-reference/salesforce-field-reference-contact.html).
 * A card of vCard has the names of its properties and parts (RFC 6350), as `contact-card.ts` writes them.
 */
export const contactWords: Readonly<Record<string, readonly string[]>> = {
  reference: [
    ...[
      'reference',
      'riferimento',
      'id',
      'codice cliente',
      'numero cliente',
      'customer id',
      'customer number',
    ],
    ...['Record ID', 'Record ID - Contact', 'Contact ID', 'UID'],
  ],
  name: ['full name', 'nome completo', 'nominativo', 'nome e cognome', 'FN', 'Name'],
  given_name: ['given name', 'first name', 'nome', 'nome di battesimo', 'FirstName', 'N.given'],
  family_name: ['family name', 'last name', 'surname', 'cognome', 'LastName', 'N.family'],
  email: [
    ...['email', 'e-mail', 'mail', 'email address', 'indirizzo email', 'posta elettronica'],
    ...['Work email', 'EMAIL'],
  ],
  phone: [
    ...['phone', 'telephone', 'telefono', 'cellulare', 'mobile', 'numero di telefono', 'recapito telefonico'],
    ...['Mobile Phone Number', 'Phone Number', 'MobilePhone', 'Business Phone', 'HomePhone', 'TEL'],
  ],
  birth_date: [
    ...['date of birth', 'birth date', 'birthday', 'birthdate', 'data di nascita', 'nato il', 'BDAY'],
  ],
  codice_fiscale: ['codice fiscale', 'cf', 'tax code', 'fiscal code'],
  partita_iva: ['partita iva', 'p iva', 'piva', 'vat number', 'vat'],
  language: ['language', 'lingua', 'preferred language', 'lingua preferita', 'LANG'],
  'postal_address.street': [
    ...[
      'street',
      'via',
      'address',
      'indirizzo',
      'street address',
      'MailingStreet',
      'Mailing Street',
      'ADR.street',
    ],
  ],
  'postal_address.house_number': ['house number', 'numero civico', 'civico'],
  'postal_address.addition': ['addition', 'address line 2', 'presso', 'ADR.extended'],
  'postal_address.postal_code': [
    ...['postal code', 'zip', 'zip code', 'postcode', 'cap', 'codice postale'],
    ...['MailingPostalCode', 'Mailing Zip/Postal Code', 'ADR.code'],
  ],
  'postal_address.city': ['city', 'town', 'città', 'comune', 'località', 'MailingCity', 'ADR.city'],
  'postal_address.region': [
    ...['region', 'province', 'provincia', 'state', 'regione', 'State/Region', 'MailingState'],
    ...['Mailing State/Province', 'ADR.region'],
  ],
  'postal_address.country': [
    ...[
      'country',
      'paese',
      'nazione',
      'stato',
      'Country/Region',
      'MailingCountry',
      'MailingCountryCode',
      'ADR.country',
    ],
  ],
  purposes: ['purposes', 'scopi', 'finalità', 'consensi', 'X-CONSENT-PURPOSES'],
  consent_date: ['consent date', 'data del consenso', 'data consenso', 'X-CONSENT-DATE'],
  consent_source: ['consent source', 'fonte del consenso', 'origine del consenso', 'X-CONSENT-SOURCE'],
  consent_fields: ['consent fields', 'dati del consenso', 'X-CONSENT-FIELDS'],
}
