export const duplicates = {
  title: 'Clienti che forse sono registrati due volte',
  text: 'Una ricerca confronta i clienti che acconsentono a essere serviti, e fa di ogni coppia probabile un compito per un solo impiegato. Chi è stato confrontato lo vede nel proprio registro. Qui ci sono numeri, mai persone.',
  waiting: 'In attesa di una decisione',
  same: 'Una persona sola',
  not_same: 'Due persone',
  cannot_say: 'Non si è potuto dire',
  merged: 'Unite dalla persona stessa, per ora',
  search: 'Cerca i doppioni',
  asked: 'La ricerca è iniziata. Le coppie probabili appaiono tra i compiti.',
}
