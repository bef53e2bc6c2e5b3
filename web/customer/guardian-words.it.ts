/** Le parole per chi acconsente al posto di un minore. */
export const guardianWords = {
  way: 'Con un genitore o tutore puoi iscriverti',
  ask: {
    title: 'Chiedi a un genitore o tutore',
    lead: 'Alla tua età decide chi ha la responsabilità genitoriale. Gli scriviamo una volta; senza il suo sì nessuno si iscrive.',
    proveFirst: 'Prima dimostra un indirizzo e-mail che leggi tu. Sarà quello con cui accedi.',
    text: 'A chi scriviamo? Conserviamo questo indirizzo e il tuo per un giorno al massimo, a meno che tu non ti iscriva.',
    email: 'E-mail del genitore o tutore',
    send: 'Invia la lettera',
    sent: 'La lettera è in viaggio',
    sentText:
      'Dice che chi legge il tuo indirizzo vuole iscriversi, e ha un link valido fino a {{when}}. Quando avrà acconsentito, accedi qui con il tuo indirizzo.',
    own: 'È il tuo indirizzo. Dev’essere uno che legge il tuo genitore o tutore.',
  },
  join: {
    title: 'Acconsenti per un minore',
    lead: 'Una persona che ha meno di {{least}} anni vuole iscriversi e ti ha indicato. Leggi di che cosa si tratta, poi acconsenti o no.',
    dead: 'Questo link non vale più',
    deadText: 'È stato usato, o ha più di un giorno. La persona minorenne può chiederlo di nuovo.',
    who: 'Chi è il minore',
    name: 'Nome del minore',
    born: 'Data di nascita del minore',
    bornHelp: 'Serve una volta, per calcolare quando potrà decidere da sé. Non viene conservata.',
    responsible: 'Ho la responsabilità genitoriale su questo minore',
    responsibleHelp:
      'Controlliamo che tu legga questa casella; per il resto ci fidiamo della tua parola. Dichiarare il falso può essere reato.',
    missing: 'Dichiaralo, se è vero.',
    agree: 'Acconsento per il minore',
    done: 'Il minore è iscritto. Annota questo numero, con cui potrai tornare: {{alias}}.',
  },
  enter: {
    title: 'Per genitori e tutori',
    lead: 'Vedi, correggi, scarica o ritira i dati di un minore per cui hai acconsentito.',
    alias: 'Numero del minore',
    aliasHelp: 'Come CE-99A8: l’hai visto quando hai acconsentito, e il minore lo vede quando accede.',
    send: 'Inviami un codice',
    sent: 'Se esiste e hai acconsentito tu, un codice è in viaggio verso il tuo indirizzo. Vale fino alle {{hour}}.',
    code: 'Codice di 6 cifre',
    enter: 'Accedi',
  },
  acting:
    'Agisci come genitore o tutore di {{alias}}. Ciò che fai è scritto nel registro del minore come fatto da te in quel ruolo.',
  minor:
    'Un genitore o tutore ha acconsentito per te. Qui puoi vedere e correggere tutto e ritirare i consensi; darli spetta a lui.',
  ofAge: 'Ora decidi tu',
  ofAgeText:
    'I consensi dati dal tuo genitore o tutore valgono fino a {{when}}. Acconsenti tu a ciò che deve restare; il resto allora finisce. Senza il servizio stesso tutti i tuoi dati vengono distrutti. Lui non può più entrare.',
  toAgreements: 'Ai miei consensi',
  takeOver: 'Acconsento io: {{title}}',
  given: 'dal tuo genitore o tutore',
  tookOver: 'Hai acconsentito tu: {{title}}.',
}
