import { expect, test } from 'vitest'
import { hostile } from '../../../test/judged.ts'
import { looksLikeSecurityCode } from './security-code.ts'

// The networks' names are those of PCI DSS 4.0.1, glossary: CAV2 (JCB), CVC2 (Mastercard), CVV2 (Visa), CID (Amex, Discover).
test.each([
  ...[
    'cvv',
    'CVV2',
    'cvc',
    'CVC2',
    'CID',
    'cav2',
    'CSC',
    'cvn',
    'card_cvv',
    'cvvCode',
    'myCvv',
    'card-cvc',
    'C.V.V.',
  ],
  ...[
    'c v v',
    'ＣＶＶ',
    'cv\u200bv',
    'Security code',
    'security_code',
    'securityCode',
    'Card verification value',
  ],
  ...['Codice di sicurezza', 'codice sicurezza carta', 'CODICE_DI_SICUREZZA', 'Ultime tre cifre sul retro'],
  ...[
    '3 digits on the back of the card',
    'Code de sécurité',
    'Código de seguridad',
    'Kartenprüfnummer',
    'Cryptogramme visuel',
  ],
])('%s names a security code', name => expect(looksLikeSecurityCode(name)).toBe(true))

test.each([
  ...[
    'name',
    'last4',
    'Customer id',
    'customer_id',
    'placid',
    'acid',
    'incident',
    'Titolo (Cav., Dott.)',
    'Doc vCard',
  ],
  ...[
    'Codice fiscale',
    'Postal code',
    'codice cliente',
    'Sicurezza',
    'security question',
    'Curriculum vitae (CV)',
  ],
  ...['C V', 'Piano di sicurezza', '__proto__', ''],
])('%s names none', name => expect(looksLikeSecurityCode(name)).toBe(false))

test.each(hostile.filter(([, given]) => typeof given === 'string'))(
  '%s is judged at once',
  (_what, given) => {
    expect(looksLikeSecurityCode(given as string)).toBe(false)
  },
  10_000,
)
