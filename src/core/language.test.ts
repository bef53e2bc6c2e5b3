import { expect, test } from 'vitest'
import { languageOf } from './language.ts'

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['it', 'it'],
  ['it-IT,it;q=0.9,en;q=0.8', 'it'],
  ['de-DE,de;q=0.9,it;q=0.5,en;q=0.4', 'it'],
  ['en;q=0.4, IT-ch;q=0.5', 'it'],
  ['en,it', 'en'],
  ['it;q=0, en;q=0.1', 'en'],
  ['it;q=0', 'en'],
  ['de, *;q=0.5', 'en'],
  ['it;q=nonsense, en;q=0.9', 'it'],
  ['italian', 'en'],
])('a browser that asks for “%s” is answered in %s', (header, language) => {
  expect(languageOf(header)).toBe(language)
})
