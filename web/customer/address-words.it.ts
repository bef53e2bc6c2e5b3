import type { AddressWords } from './address-words.en.ts'

export const address: AddressWords = {
  change: 'Cambia l’indirizzo',
  title: 'Un altro indirizzo per accedere',
  lead: 'Mandiamo un codice al nuovo indirizzo. Quando l’hai scritto qui, accedi con quello e non più con l’attuale.',
  told: 'Scriviamo subito all’indirizzo attuale. Chi lo legge può annullare il cambio per sette giorni. Ovunque tu sia entrato altrove, vieni messo fuori.',
  email: 'Nuovo indirizzo e-mail',
  send: 'Mandagli il codice',
  sent: 'Abbiamo mandato un codice a {{email}}. Vale fino alle {{hour}}.',
  confirm: 'Cambialo',
  other: 'Un altro indirizzo',
  taken:
    'Con questo indirizzo qualcuno è già cliente qui. Se sei sempre tu, accedi con quello; non può aprire tutti e due.',
  changed: 'Da ora accedi con {{email}}. L’indirizzo di prima può annullare il cambio fino a {{when}}.',
  former: 'Fino a {{when}} l’indirizzo di prima, {{what}}, può annullare il cambio. Poi lo dimentichiamo.',
  back: 'Ai miei dati',
  check: {
    send: 'Manda un codice per provarlo',
    sent: 'Abbiamo mandato un codice a questo indirizzo. Vale fino alle {{hour}}.',
    code: 'Il codice che gli è stato mandato',
    confirm: 'Provalo',
    done: 'Provato: {{what}}.',
  },
  reversal: {
    title: 'Annulla il cambio',
    lead: 'L’indirizzo di un account è stato cambiato dal tuo a un altro. Se non sei stato tu, premi il pulsante: il tuo indirizzo ti fa entrare di nuovo, chiunque sia entrato viene messo fuori e tutte le passkey vengono tolte.',
    act: 'Non sono stato io: annulla',
    done: 'Fatto: il tuo indirizzo ti fa entrare di nuovo. Accedi, guarda che cosa è conservato su di te e chi ha guardato.',
    signIn: 'Accedi',
    taken:
      'Con il tuo indirizzo ora qualcuno è cliente qui, quindi non può tornare all’account di prima. Parlaci, per favore.',
  },
}
