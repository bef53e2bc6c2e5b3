import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { PortalWords } from '../customer/words.en.ts'
import type { WorkWords } from '../employee/words.en.ts'
import type { OfficeWords } from '../officer/words.en.ts'
import type { StaffWords } from './staff-words.en.ts'
import type { Words } from './words.en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Words & StaffWords & PortalWords & WorkWords & OfficeWords }
  }
}

export type Language = 'en' | 'it'

const key = 'custode-language'

/** Starts the room's words in the language chosen here before, else the browser's, else English. */
export function startLanguages(words: Record<Language, object>): i18n {
  void i18next.use(initReactI18next).init({
    lng: preferred(),
    fallbackLng: 'en',
    resources: { en: { translation: words.en }, it: { translation: words.it } },
    interpolation: { escapeValue: false },
    initAsync: false,
    // The catalogue brings words of its own, while pages are shown.
    react: { bindI18nStore: 'added' },
  })
  document.documentElement.lang = languageNow()
  i18next.on('languageChanged', language => {
    document.documentElement.lang = language
    remember(language)
  })
  return i18next
}

export const languageNow = (): Language => (i18next.language === 'it' ? 'it' : 'en')

function preferred(): Language {
  const kept = recall()
  if (kept === 'en' || kept === 'it') return kept
  const first = navigator.languages.find(one => /^(en|it)\b/.test(one))
  return first?.startsWith('it') ? 'it' : 'en'
}

// Storage may be forbidden by the browser; the page then forgets the choice, and works.
function recall(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function remember(language: string): void {
  try {
    localStorage.setItem(key, language)
  } catch {
    // Nothing is lost but the choice.
  }
}
