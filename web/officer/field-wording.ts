import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { useWording } from '../ui/wording.ts'
import type { Aspect } from './field-aspects.ts'
import { type Decided, levelOf, monthsOf, usualLongest } from './field-draft.ts'

/** Puts a field, and whatever is decided about it, into the reader's words. */
export function useFieldWording() {
  const wording = useWording()
  const { t, word, words, number, decimal, nameOf } = wording
  const named = (path: string, otherwise: string): string =>
    (t as (key: string, options: { defaultValue: string }) => string)(`office.fields.${path}`, {
      defaultValue: otherwise,
    })
  const places = (options: Decided['options']) =>
    t('office.fields.said.places', { count: Number(options.places ?? 2) })

  const limits = ({ least, most }: Decided['options']): string => {
    const said = { least: decimal(String(least)), most: decimal(String(most)) }
    if (least !== undefined && most !== undefined) return t('office.fields.said.between', said)
    if (least !== undefined) return t('office.fields.said.atLeast', said)
    return most === undefined ? t('office.fields.said.unlimited') : t('office.fields.said.atMost', said)
  }

  const optionsText = (type: string, { options, option_labels }: Decided): string => {
    if (type === 'line' || type === 'text')
      return t('office.fields.said.upTo', { most: number(Number(options.most ?? usualLongest[type])) })
    if (type === 'integer') return limits(options)
    if (type === 'decimal') return `${limits(options)}, ${places(options)}`
    if (typeof options.country === 'string') return nameOf('country', options.country)
    const codes = (options.options ?? []) as string[]
    return codes
      .map(code => `${option_labels[code]?.it ?? code} / ${option_labels[code]?.en ?? code} (${code})`)
      .join(', ')
  }

  const askedText = ({ asked, required }: Pick<Decided, 'asked' | 'required'>): string =>
    [t(`office.fields.short.asked.${asked}`), ...(required ? [t('office.fields.short.required')] : [])].join(
      ', ',
    )

  const both = ({ it, en }: { it: string; en: string }): string =>
    t('office.fields.said.both', { it: it || '–', en: en || '–' })

  const texts: Record<Aspect, (decided: Decided, type: string) => string> = {
    label: ({ label }) => both(label),
    help: ({ help }) => (help === null ? t('office.fields.said.none') : both(help)),
    options: (decided, type) => optionsText(type, decided),
    purposes: ({ purposes }) => words('purpose', purposes),
    asked: askedText,
    editor: ({ editor }) => t(`office.fields.short.editor.${editor}`),
    level: ({ level }) => t(`office.fields.short.level.${levelOf(level)}`),
    sensitive: ({ sensitive }) => t(sensitive ? 'office.fields.yes' : 'office.fields.no'),
    sealed: ({ sealed }) => t(sealed === true ? 'office.fields.mark.yes' : 'office.fields.mark.no'),
    reconfirm: ({ reconfirm_days: days }) =>
      days === null ? t('office.fields.said.never') : t('office.fields.said.days', { count: days }),
    retention: ({ retention }) => {
      const months = monthsOf(retention)
      return months === null
        ? t('office.fields.retention.agreement')
        : t('office.fields.retention.said', { count: months })
    },
  }

  return {
    ...wording,
    askedText,
    typeName: (type: string): string => named(`type.${type}.name`, type),
    typeText: (type: string): string => named(`type.${type}.text`, ''),
    compartmentName: (code: string): string => named(`compartment.${code}`, word('compartment', code)),
    /** What is wrong, in a sentence that says how to mend it. */
    faultText: (name: string, code: string): string =>
      named(`fault.${name}_${code}`, named(`fault.${code}`, word('fault', code))),
    /** What one aspect of a decision says. */
    aspectText: (aspect: Aspect, type: string | null, decided: Decided): string =>
      texts[aspect](decided, type ?? ''),
  }
}

/** Who decided, by name: versions know the pseudonym, as the log does. */
export function useWhoDecided(): (pseudonym: string) => string {
  const { t } = useWording()
  const employees = useQuery({
    queryKey: ['employees'],
    queryFn: () => answer(api.GET('/api/v1/office/employees')),
  })
  return pseudonym => {
    const found = employees.data?.items.find(employee => employee.pseudonym === pseudonym)
    return found?.name ?? t('office.fields.versions.unknown', { pseudonym })
  }
}
