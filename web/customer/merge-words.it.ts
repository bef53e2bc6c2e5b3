import type { MergeWords } from './merge-words.en.ts'

export const merging: MergeWords = {
  title: 'Unisci le tue due schede',
  lead: 'Una delle due resta, e scegli tu quale. Per 30 giorni puoi annullare, ed entrambe tornano com’erano. Poi l’altra viene cancellata.',
  how: 'Perché possa farlo solo tu, entri in entrambe, una dopo l’altra.',
  goes: 'Questa scheda se ne va',
  goesText: 'Ti mostriamo una parola. Entra con l’altro tuo indirizzo e scrivila lì.',
  showWord: 'Mostrami la parola',
  word: 'La tua parola',
  wordText:
    'Esci, entra con l’altro tuo indirizzo, premi lì «Sì, uniscile» e scrivi questa parola. Vale fino alle {{hour}}.',
  wordWarning:
    'Non dirla a nessuno: chi l’ha e ha l’altra tua scheda entra in questa. Noi non la chiediamo mai.',
  stays: 'Questa scheda resta',
  staysText: 'Nell’altra tua scheda ti è stata mostrata una parola. Scrivila qui.',
  staysWarning:
    'Scrivi solo una parola che hai visto tu. Chi può entrare nell’altra scheda entrerà anche in questa.',
  typed: 'La parola dell’altra scheda',
  make: 'Uniscile',
  made: 'Le tue due schede sono una sola. Puoi annullare fino al {{until}}.',
  linkTitle: 'Conserva questo link',
  linkText: 'Con questo potrai vedere come è stata distrutta l’altra scheda. Viene mostrato solo ora.',
  linkName: 'Link alla distruzione',
  since: 'Le tue due schede sono una sola dal {{when}}',
  sinceText:
    'L’altra scheda, {{alias}}, riposa: nessun impiegato la apre. Fino al {{until}} puoi annullare; poi quella scheda viene cancellata con il suo indirizzo, ed entri solo con l’indirizzo di questa.',
  passkeys: 'Ora con entrambi gli indirizzi si entra qui. Le passkey dell’altra scheda riposano.',
  tasks:
    'Ciò che hai chiesto dall’altra scheda aspetta, e non riceve risposta. Chiedilo di nuovo qui se vuoi ancora saperlo.',
  purposes:
    'A questo hai acconsentito qui e non là, perciò riposa: {{what}}. Il {{until}} viene revocato del tutto. Per riprenderlo, revocalo e acconsenti di nuovo nella pagina dei consensi.',
  both: 'Che cosa dice l’altra scheda',
  bothText:
    'Dove le due sono diverse vale il valore di questa scheda. Puoi far valere l’altro; il tuo resta da parte e torna se annulli.',
  here: 'Qui',
  there: 'Altra scheda',
  nothing: 'niente',
  take: 'Usa l’altro',
  takeOf: 'Usa l’altro: {{what}}',
  taken: 'Da ora vale: {{what}}.',
  counts: 'dall’altra scheda',
  same: 'Entrambe dicono lo stesso.',
  notTaken: 'Con questo entri; non si prende dall’altra.',
  undo: 'Annulla: di nuovo due schede',
  undoTitle: 'Separarle di nuovo?',
  undoText:
    'L’altra scheda torna com’era, e il suo indirizzo apre solo quella. I valori presi da lì tornano indietro, salvo quelli che hai cambiato dopo. Tutto il resto accaduto nel frattempo resta qui. Vieni fatto uscire ovunque ed entri di nuovo; le passkey aggiunte nel frattempo vengono rimosse.',
  undoNow: 'Separale di nuovo',
  undone: 'Le tue schede sono di nuovo due, ciascuna com’era. Entra di nuovo.',
  otherReceipt: 'Scarica la ricevuta dell’altra tua scheda',
  close: 'Chiudi',
  keep: 'Lasciale unite',
}
