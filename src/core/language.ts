export type PageLanguage = 'en' | 'it'

/**
 * The language of a page the server writes itself: the one of ours that an `Accept-Language` header (RFC 9110, 12.5.4)
 * likes best, the earlier where two are liked alike, and English where it names neither.
 */
export function languageOf(header: string | undefined): PageLanguage {
  const liked = (header ?? '').split(',').flatMap((part): { code: PageLanguage; quality: number }[] => {
    const [tag = '', ...parameters] = part.toLowerCase().split(';')
    const [code] = tag.trim().split('-')
    const quality = Number(/^\s*q=([\d.]+)\s*$/.exec(parameters.join(';'))?.[1] ?? '1')
    return (code === 'en' || code === 'it') && quality > 0 ? [{ code, quality }] : []
  })
  liked.sort((one, other) => other.quality - one.quality)
  return liked[0]?.code ?? 'en'
}
