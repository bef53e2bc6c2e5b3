import i18next from 'i18next'
import { Suspense, useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import type { CatalogueField } from '../ui/catalogue.ts'
import { DatumField } from '../ui/datum-field.tsx'
import type { Language } from '../ui/languages.ts'
import { Waiting } from '../ui/states.tsx'
import { type Decided, decidedOf, type FieldDraft } from './field-draft.ts'
import { faultsOf } from './field-faults.ts'
import { useFieldWording } from './field-wording.ts'

/**
 * How a customer will meet the field in one language, by the very input they will have. Nothing can be answered here, and
 * the keyboard passes by.
 */
export function Specimen({ draft, language }: { draft: FieldDraft; language: Language }) {
  const { t } = useFieldWording()
  const [spoken] = useState(() => i18next.cloneInstance({ lng: language }))
  const field = fieldOf(draft, language, spoken.t('office.fields.preview.unnamed'))
  return (
    <figure className="specimen">
      <figcaption className="caption">{t(`languages.${language}`)}</figcaption>
      <div lang={language} inert>
        <I18nextProvider i18n={spoken}>
          <Suspense fallback={<Waiting />}>
            <DatumField
              key={draft.type}
              field={field}
              name={`specimen-${language}`}
              value={null}
              faults={{}}
              onChange={() => {}}
            />
          </Suspense>
        </I18nextProvider>
      </div>
    </figure>
  )
}

/** Options without a code yet are left out, and those without words have their code. */
function namedOptions({ options, option_labels }: Decided): Partial<Decided> {
  if (!Array.isArray(options.options)) return {}
  const codes = options.options.filter(code => code !== '')
  const words = codes.map(code => {
    const { it, en } = option_labels[code] ?? { it: code, en: code }
    return [code, { it: it || code, en: en || code }]
  })
  return { options: { options: codes }, option_labels: Object.fromEntries(words) }
}

function fieldOf(draft: FieldDraft, language: Language, unnamed: string): CatalogueField {
  // What is not finished is not shown: a limit that is no number yet.
  const faults = faultsOf(draft)
  const whole = (name: 'least' | 'most') => (faults[name] === undefined ? draft[name] : '')
  const decided = decidedOf({ ...draft, least: whole('least'), most: whole('most') })
  const label = { ...decided.label, [language]: decided.label[language] || `(${unnamed})` }
  const { code, type, compartment, after } = draft
  const shown = { ...decided, label, code, type, compartment, own: true, version: after }
  return { ...shown, ...namedOptions(decided) } as CatalogueField
}
