import type { ProofWords } from './proof-words.en.ts'

export const proof: ProofWords = {
  until: 'fino al {{when}}',
  by: 'da {{who}}',
  document: '{{kind}}, {{country}}, valido fino alla fine del {{year}}',
  documents: {
    passport: 'passaporto',
    identity_card: 'carta d’identità',
    driving_licence: 'patente di guida',
    residence_permit: 'permesso di soggiorno',
  },
  awaiting: 'Un dipendente l’ha visto su un documento. Vale quando un secondo lo conferma.',
  sendLink: 'Invia un link per provarlo',
  sent: 'Abbiamo inviato un link a questo indirizzo. Vale fino al {{when}}.',
  doubt: {
    mark: 'È in dubbio',
    markTitle: 'Mettere in dubbio: {{what}}?',
    markText:
      'Finché non dici che cosa è giusto, nessun compito di un dipendente lo apre, e quelli che lo hanno aperto vengono chiusi subito. Nulla viene cancellato.',
    markNow: 'Metti in dubbio',
    marked: 'In dubbio, e chiuso ai compiti: {{what}}.',
    title: 'In dubbio dal {{when}}',
    text: 'Nessun compito di un dipendente lo apre finché non dici che cosa è giusto.',
    otherText:
      'Un’altra fonte dice diversamente. Nessun compito di un dipendente lo apre finché non dici che cosa è giusto.',
    held: 'Noi abbiamo',
    claim: 'Un’altra fonte dice',
    brought: 'È arrivato con un’acquisizione, dai registri «{{source}}». La sua prova: «{{proof}}», {{day}}.',
    right: 'Questo è giusto',
    rightOf: 'Questo è giusto: {{what}}',
    third: 'Se nessuno dei due è giusto, modifica il valore.',
    settled: 'Chiarito: {{what}}. I compiti che ne hanno bisogno possono aprirlo di nuovo.',
    address:
      'L’altro indirizzo non può essere scelto: accedi con il tuo. Se è cambiato, cambialo: un codice va al nuovo.',
  },
  identity: {
    title: 'Quanto siamo sicuri che sia tu',
    level0: 'Abbiamo i tuoi dati da altrove, e nulla di tuo è ancora provato.',
    level1: 'Hai provato un tuo indirizzo.',
    level2: 'La tua identità è provata.',
    level3: 'La tua identità è provata da un fornitore forte.',
    document: 'Mostraci un documento',
    documentText:
      'Lo guardano due dipendenti, uno dopo l’altro. Annotiamo di che tipo è, il paese e l’ultimo anno; mai il numero, e non ne facciamo immagini.',
    documentAsk: 'Chiedilo',
    documentAsked: 'L’hai chiesto. Un dipendente si metterà in contatto con te.',
    provider: 'Provala con {{host}}',
    providerText:
      'Accedi là. Non gli diciamo nulla di ciò che abbiamo; ciò che dicono di te viene confrontato, e nient’altro viene conservato.',
    providerGo: 'Vai a {{host}}',
  },
  confirm: {
    title: 'È il tuo indirizzo?',
    lead: 'Un cliente ci ha dato l’indirizzo a cui è stato inviato questo link. Se è il tuo, premi il pulsante.',
    act: 'Sì, è il mio indirizzo',
    done: 'Grazie: l’indirizzo è provato. Puoi chiudere questa pagina.',
    none: 'Questo link non vale',
    noneText:
      'È stato usato, è troppo vecchio, o l’indirizzo è stato cambiato nel frattempo. Se ne può chiedere uno nuovo.',
  },
  proved: {
    title: 'Di ritorno dal fornitore',
    waiting: 'Stiamo chiedendo al fornitore…',
    agreed: 'Il fornitore dice lo stesso di ciò che abbiamo: {{fields}}.',
    contradicted:
      'Il fornitore dice diversamente: {{fields}}. Nulla è stato sovrascritto. Guarda in «I miei dati» e di’ che cosa è giusto.',
    nothing: 'Il fornitore non dice nulla di ciò che abbiamo. Nulla è stato cambiato.',
    cancelled: 'Non hai effettuato l’accesso presso il fornitore. Nulla è stato cambiato.',
    back: 'Ai miei dati',
  },
}
