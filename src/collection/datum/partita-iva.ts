import { passesLuhn } from './luhn.ts'
import { closedUp, faulty, kept, spelled } from './spelling.ts'

/**
 * The Italian VAT number, kept as its 11 digits without the country: seven of the owner, three of the office, and the check
 * digit of the decree of the minister of finance of 23 December 1976, n. 13813, which is Luhn's. Refuses as `partita_iva`
 * what is no 11 digits or has no owner, and as `check_character` a wrong last digit. Offices are not looked up: new ones
 * are opened, and none is a reason to turn a company away.
 */
export const partitaIvaRule = spelled(line => {
  const digits = closedUp(line).replace(/^IT(?=\d)/, '')
  if (!/^\d{11}$/.test(digits) || digits.startsWith('0000000')) return faulty('partita_iva')
  return passesLuhn(digits) ? kept(digits) : faulty('check_character')
})
