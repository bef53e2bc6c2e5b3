import { countries } from './country.ts'
import { faulty, kept, spelled } from './spelling.ts'

/** The codes of ISO 639-1, as the Library of Congress lists them. */
const languages = new Set(
  `
  aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
  et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki
  kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no
  nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te
  tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
`
    .trim()
    .split(/\s+/),
)

/** Codes of ISO 639-3 that name no language, and those for private use. */
const noLanguage = /^(?:und|mul|mis|zxx|q[a-t][a-z])$/

const form = /^([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?$/i

/**
 * A language as BCP 47 writes it (RFC 5646), kept in its canonical spelling: language, then script and region where they
 * matter (`it`, `de-CH`, `sr-Latn`). Two letters must be assigned by ISO 639-1; three are taken by their form, since
 * regional languages (Friulian is `fur`) have no two. Refuses as `language` everything else: names, variants, extensions.
 */
export const languageRule = spelled(line => {
  const given = line.replaceAll('_', '-')
  if (!form.test(given)) return faulty('language')
  const [canonical = ''] = Intl.getCanonicalLocales(given)
  const [, language = '', , region] = form.exec(canonical) ?? []
  const known =
    language.length === 2 ? languages.has(language) : language !== '' && !noLanguage.test(language)
  return known && isRegion(region) ? kept(canonical) : faulty('language')
})

/** A country, or one of the larger areas that the United Nations number (`es-419` is the Spanish of Latin America). */
const isRegion = (region: string | undefined): boolean =>
  region === undefined || region.length === 3 || countries.includes(region)
