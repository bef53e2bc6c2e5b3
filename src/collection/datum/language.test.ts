import { expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { languageRule } from './language.ts'

// Among them the examples of simple subtags in RFC 5646, appendix A.
test.each([
  ['it', 'it'],
  ['IT', 'it'],
  ['de-ch', 'de-CH'],
  ['de_CH', 'de-CH'],
  ['zh-hant', 'zh-Hant'],
  ['SR-LATN-RS', 'sr-Latn-RS'],
  ['es-419', 'es-419'],
  ['fur', 'fur'],
  ['ita', 'it'],
  ['iw', 'he'],
])('%s is kept as %s', (given, kept) => expect(judged(languageRule, given)).toBe(kept))

test.each([
  ...[
    'xx',
    'italiano',
    'it-',
    'i',
    'it-ITA',
    'it-ZZ',
    'und',
    'mul',
    'zxx',
    'qaa',
    'x-private',
    '12',
    'sl-rozaj',
  ],
  ...['de-DE-u-co-phonebk', 'en-US-x-twain', 'a-DE', '__proto__', 'ıt'],
])('%s is none that we keep', given => expect(judged(languageRule, given)).toEqual(refused('language')))

test('a language is required', () => expect(judged(languageRule, '')).toEqual(refused('required')))
