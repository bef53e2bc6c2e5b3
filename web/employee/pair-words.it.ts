export const pair = {
  title: 'Due clienti, campo per campo',
  lead: 'Confronta ciò che entrambi hanno detto all’azienda. Di loro non vedi nient’altro.',
  field: 'Campo',
  compared: 'Confronto',
  none: 'non noto',
  outcome: { same: 'uguale', different: 'diverso', missing: 'non noto di entrambi' },
  decide: 'Decidi',
  question: 'Questi due clienti sono la stessa persona?',
  decideText:
    'La decisione termina subito il tuo accesso. Nulla dei due clienti viene cambiato o unito, qualunque cosa tu decida; entrambi possono vedere nel proprio registro che li hai confrontati.',
  outcomes: {
    not_same: 'No, sono due persone',
    same: 'Sì, è una persona sola',
    cannot_say: 'Non so dirlo',
  },
  after: {
    not_same: 'Di questi due non verrà più chiesto a nessuno.',
    same: 'La decisione resta, entrambi ne vengono informati e possono dire che non è così, e non verrà più chiesto a nessuno.',
    cannot_say: 'Tra un mese potrà essere chiesto di nuovo a qualcuno.',
  },
  decided: 'Deciso. I due clienti ti sono preclusi.',
}
