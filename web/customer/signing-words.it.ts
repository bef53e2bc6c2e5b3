/** Le parole per la passkey che firma un consenso. */
export const signingWords = {
  title: 'Non firmato',
  text: 'La tua passkey non ha firmato. Un consenso senza firma vale lo stesso: poggia sul tuo accesso, e la ricevuta lo dice. In un caso e nell’altro non perdi nulla.',
  without: 'Acconsento senza firma',
  again: 'Firma con una passkey',
  signed: 'firmato con la tua passkey',
  declined: 'senza la firma della tua passkey',
}
