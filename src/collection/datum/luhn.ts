/** Whether a text of ASCII digits ends in its check digit by the formula of Luhn (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place])
    const worth = place % 2 === 1 ? digit * 2 : digit
    sum += worth > 9 ? worth - 9 : worth
  }
  return sum % 10 === 0
}
