export const twice = {
  title: 'Sei qui due volte?',
  text: 'Il {{when}} un impiegato ha confrontato la tua scheda con un’altra e pensa che siano entrambe tue. Nulla è stato unito e nessuno vede di più per questo. Se sono entrambe tue, solo tu puoi unirle.',
  one: 'Sì, uniscile',
  notMe: 'No, l’altra persona non sono io',
  thanks: 'Annotato. Siete due persone, e non verrà più chiesto a nessuno.',
  objected: 'Il {{when}} tu o l’altra persona avete detto che un’altra scheda qui non è tua.',
}
