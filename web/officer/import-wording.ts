import { asProblem } from '../ui/api.ts'
import { useCatalogue } from '../ui/catalogue.ts'
import { useWording } from '../ui/wording.ts'

/** What is wrong with a line, in words. */
export interface SaidFault {
  field: string
  text: string
}

/** Puts targets of columns, faults of lines and refusals of files into the reader's words. */
export function useImportWording() {
  const wording = useWording()
  // Labels of the company's own fields come with the catalogue.
  useCatalogue()
  const { t, word, sentenceOf, list } = wording
  const named = (path: string, otherwise: string): string =>
    (t as (key: string, options: { defaultValue: string }) => string)(path, { defaultValue: otherwise })

  const targetName = (target: string): string => {
    const [code = '', part] = target.split('.')
    const name = named(`office.imports.target.${code}`, word('field', code))
    return part === undefined
      ? name
      : t('office.imports.target.part', { field: name, part: named(`datum.address.${part}`, part) })
  }

  /** `no_evidence`, `phone.phone` and `postal_address.postal_code.postal_code` are such codes. */
  const faultOf = (code: string): SaidFault => {
    const parts = code.split('.')
    if (parts.length === 1) return { field: '', text: named(`office.imports.fault.${code}`, code) }
    return { field: targetName(parts.slice(0, -1).join('.')), text: word('fault', parts.at(-1)!) }
  }

  /** Why a file, or what was asked of it, was refused. */
  const refusalOf = (error: unknown): string => {
    const { code, detail } = asProblem(error)
    if (code === 'too_large' && typeof detail.limit === 'string')
      return named(`office.imports.tooLarge.${detail.limit}`, sentenceOf(error))
    const conflict = detail.upload ?? detail.import ?? detail.leads ?? detail.reason
    if (code === 'conflict' && typeof conflict === 'string')
      return named(`office.imports.conflict.${conflict}`, sentenceOf(error))
    if (typeof detail.mapping === 'string') {
      const target = typeof detail.target === 'string' ? targetName(detail.target) : ''
      const said = named(`office.imports.mapping.${detail.mapping}`, sentenceOf(error))
      return said.replace('{{target}}', target)
    }
    if (detail.empty === true) return t('office.imports.unreadable.empty')
    if (Array.isArray(detail.repeated))
      return t('office.imports.unreadable.repeated', { columns: list(detail.repeated.map(String)) })
    return typeof detail.cause === 'string'
      ? t('office.imports.unreadable.other', { cause: detail.cause })
      : sentenceOf(error)
  }

  return { ...wording, targetName, faultOf, refusalOf }
}
