import type { StaffWords } from './staff-words.en.ts'

export const words: StaffWords = {
  staff: {
    signIn: 'Accedi',
    signInText: { work: 'Per gli impiegati.', office: 'Per il responsabile della privacy.' },
    email: 'E-mail',
    password: 'Password',
    code: 'Codice dall’app di autenticazione',
    codeHelp: '6 cifre, nuove ogni 30 secondi.',
    newPassword: 'Nuova password',
    repeat: 'La stessa password di nuovo',
    rules: 'Almeno 12 caratteri. Una frase va bene; non ci sono altre regole.',
    invitation: {
      title: 'Ti diamo il benvenuto in {{organisation}}',
      text: '{{name}}, hai ricevuto un invito come {{role}}. Scegli una password e collega un’app di autenticazione.',
      role: { employee: 'impiegato', officer: 'responsabile della privacy' },
      over: 'Questo invito non è più valido',
      overText:
        'È già stato usato, è scaduto o è stato sostituito. Chiedi un nuovo link al tuo responsabile della privacy.',
      accept: 'Accetta l’invito',
      done: 'Fatto: hai effettuato l’accesso.',
    },
    totp: {
      title: 'Collega un’app di autenticazione',
      text: 'Inquadra questa immagine con un’app di autenticazione sul telefono, o digita la chiave nell’app.',
      picture: 'Codice QR che contiene la chiave qui sotto',
      key: 'Chiave',
      code: 'Codice che l’app mostra ora',
    },
  },
}
