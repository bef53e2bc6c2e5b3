/** The networks' names for the digits that prove a card is at hand (PCI DSS glossary, "Card Verification Code"). */
const names = /cvv|cvc|^cv2$|^(?:cid|cid2|cav2|csc|csc2|cvn|cvn2|cvd|cvd2)$/

/** The same in words, as forms of several countries call it: without blanks and accents. */
const phrases = [
  ...[
    'securitynumber',
    'verificationcodeofthecard',
    'numberonthebackofyourcard',
    'codicedicontrollodellacarta',
    'codicedicontrollo',
  ],
  ...['securitycode', 'cardverification', 'verificationvalue', 'digitsontheback'],
  ...['codicedisicurezza', 'codicesicurezza', 'codicediverificadellacarta', 'cifresulretro'],
  ...['codedesecurite', 'cryptogramme', 'codigodeseguridad', 'codigodeseguranca'],
  ...['sicherheitscode', 'kartenprufnummer', 'kartenprufziffer', 'veiligheidscode'],
]

/**
 * Whether the code or the label of a field names a card's security code, in whatever case and spelling. Nobody may keep it
 * once a payment was authorised, sealed or not (PCI DSS 3.3.1), so the catalogue refuses such a field.
 */
export function looksLikeSecurityCode(codeOrLabel: string): boolean {
  const words = wordsOf(codeOrLabel)
  const together = words.join('')
  return words.some(word => names.test(word)) || phrases.some(phrase => together.includes(phrase))
}

/** In small letters without accents, apart at blanks, signs and new capitals; letters that stand alone are one word. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    // Letters of other scripts that look like those of the names.
    .replace(/[сϲ]/giu, 'c')
    .replace(/[ѵν]/giu, 'v')
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}]+/gu, ' ')
    .replace(/(?<=(?:^| )\p{L}) (?=\p{L}(?: |$))/gu, '')
    .trim()
    .split(' ')
