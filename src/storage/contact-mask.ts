/**
 * A value so that whoever has the file recognises it, and a glance over the shoulder or a picture of the screen does not tell
 * it: beginnings, ends and lengths, never the whole. What stands for yes, no or one of a few is not shown at all.
 */
export function maskOf(value: unknown): string {
  if (typeof value === 'string') return value.includes('@') ? maskedAddress(value) : maskedText(value)
  if (Array.isArray(value)) return value.length === 0 ? '' : '•••'
  if (typeof value === 'object' && value !== null)
    return Object.values(value)
      .map(maskOf)
      .filter(part => part !== '')
      .join(', ')
  return '•••'
}

const maskedText = (text: string): string => text.split(/\s+/).map(maskedWord).join(' ')

/** At most a third of a word is shown. */
function maskedWord(word: string): string {
  const signs = [...word]
  const shown = Math.min(3, Math.floor(signs.length / 3))
  const [head, tail] = [Math.ceil(shown / 2), Math.floor(shown / 2)]
  return `${signs.slice(0, head).join('')}•••${tail === 0 ? '' : signs.slice(-tail).join('')}`
}

function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const ending = address.slice(address.lastIndexOf('.'))
  return `${maskedWord(address.slice(0, at))}@${maskedWord(address.slice(at + 1, -ending.length))}${ending}`
}
