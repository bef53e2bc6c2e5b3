import { Select } from '@mantine/core'
import { useState } from 'react'
import type { UploadedFile } from './import-uploaded.tsx'
import { useImportWording } from './import-wording.ts'

export type Mapping = { header: string; target: string | null }[]

const nothing = 'nothing'

/** What each column of the file is kept as, and why it was proposed so. What a column is given, another one loses. */
export function ImportColumns({
  file,
  mapping,
  onChange,
}: {
  file: UploadedFile
  mapping: Mapping
  onChange: (mapping: Mapping) => void
}) {
  const { t, targetName } = useImportWording()
  const [chosen, setChosen] = useState<Record<string, 'chosen' | 'taken'>>({})
  const options = [
    { value: nothing, label: t('office.imports.columns.nothing') },
    ...file.targets.map(value => ({ value, label: targetName(value) })),
  ]
  const choose = (header: string, picked: string | null) => {
    const target = picked === nothing ? null : picked
    const loses = mapping.find(one => one.header !== header && target !== null && one.target === target)
    setChosen({ ...chosen, [header]: 'chosen', ...(loses === undefined ? {} : { [loses.header]: 'taken' }) })
    onChange(
      mapping.map(one =>
        one.header === header ? { header, target } : one === loses ? { ...one, target: null } : one,
      ),
    )
  }
  return (
    <table className="rows import-columns">
      <caption className="hidden">{t('office.imports.columns.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('office.imports.columns.column')}</th>
          <th scope="col">{t('office.imports.columns.target')}</th>
          <th scope="col">{t('office.imports.columns.why')}</th>
        </tr>
      </thead>
      <tbody>
        {file.columns.map(({ header, reason }, at) => (
          <tr key={header}>
            <th scope="row" data-label={t('office.imports.columns.column')}>
              {header}
            </th>
            <td data-label={t('office.imports.columns.target')}>
              <Select
                aria-label={t('office.imports.columns.targetOf', { header })}
                searchable
                selectFirstOptionOnChange
                openOnFocus={false}
                allowDeselect={false}
                withScrollArea={false}
                data={options}
                value={mapping[at]?.target ?? nothing}
                onChange={picked => choose(header, picked)}
              />
            </td>
            <td data-label={t('office.imports.columns.why')}>
              {t(`office.imports.columns.reason.${chosen[header] ?? reason}`)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
