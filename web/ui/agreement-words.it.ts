/** Le parole per chi acconsente per un minore, e per ciò che si firma: kinds of entries. */
export const agreementKinds = {
  guardian_request: 'chiesto a chi ha la responsabilità genitoriale',
  guardian_sent: 'lettera sulla responsabilità genitoriale inviata',
  guardian_expired: 'lettera sulla responsabilità genitoriale non inviata',
  guardian_of_age: 'età raggiunta: chi acconsentiva non ha più accesso',
  guardian_end: 'dati di chi acconsentiva cancellati',
}

export const agreementProblems = {
  guardian_apart:
    'Per una di queste due schede risponde, o ha risposto fino a poco fa, chi ha la responsabilità genitoriale: per ora restano due. Per averne una sola, lascia una delle due.',
  age_in_doubt:
    'In una di queste due schede la data di nascita è in dubbio. Prima stabilisci lì quale è giusta.',
  too_young:
    'Con questa data di nascita deve acconsentire per te chi ha la responsabilità genitoriale, perciò non è stata presa. Lascia e iscriviti di nuovo con chi ha questa responsabilità. Se è giusta un’altra data, chiedici di verificare un documento.',
  guardian_needed: 'A questa età acconsente chi ha la responsabilità genitoriale, e nessun altro.',
  signing_other:
    'Ciò che si doveva firmare non è ciò che mostra questa pagina: nulla è stato firmato e non hai dato alcun consenso. Ricarica la pagina.',
  wrong_passkey: 'Questa passkey non va bene, o qui non è più conosciuta.',
  passkey_stopped:
    'La passkey non è stata usata: annullata, troppo tempo, o nessuna trovata per questa pagina.',
  passkey_known: 'Questo dispositivo ha già una tua passkey per questa pagina.',
  passkey_unable: 'Questo browser non conosce le passkey.',
  privacy_signal:
    'Il tuo browser dice che non vuoi questo uso. Se lo vuoi, acconsenti malgrado ciò che dice.',
}

export const roleWords = {
  you: 'Tu',
  guardian: 'Chi ne ha la responsabilità',
  employee: 'Impiegato',
  officer: 'Responsabile della privacy',
  system: 'Il sistema',
}
