import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import type { Mapping } from './import-columns.tsx'
import { ImportFailure } from './import-failure.tsx'
import { useImportWording } from './import-wording.ts'

const languages = ['it', 'en'] as const

/** People of the file without evidence: how many could be asked by letter whether they want to join, and asking them. */
export function ImportLeads({ id, mapping }: { id: string; mapping: Mapping }) {
  const { t, number } = useImportWording()
  const [asking, setAsking] = useState(false)
  const params = { path: { id } }
  const preview = useOnce({
    mutationFn: () =>
      answer(api.POST('/api/v1/office/import-uploads/{id}/lead-previews', { params, body: { mapping } })),
  })
  const counts = preview.data
  return (
    <section className="import-leads" aria-labelledby="import-leads">
      <h3 id="import-leads">{t('office.imports.leads.title')}</h3>
      <p className="caption">{t('office.imports.leads.text')}</p>
      {counts === undefined ? (
        <div className="row import-acts">
          <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate()}>
            {t('office.imports.leads.preview')}
          </Button>
        </div>
      ) : (
        <>
          <dl className="figures figures-small import-acts">
            {(['addresses', 'opted_out', 'left'] as const).map(count => (
              <div key={count}>
                <dt>{t(`office.imports.leads.${count}`)}</dt>
                <dd>{number(counts[count])}</dd>
              </div>
            ))}
          </dl>
          <div className="row import-acts">
            {Math.min(counts.addresses, counts.left) > 0 ? (
              <Button variant="default" onClick={() => setAsking(true)}>
                {t('office.imports.leads.ask')}
              </Button>
            ) : (
              <p>
                {t(counts.addresses === 0 ? 'office.imports.leads.nobody' : 'office.imports.leads.tomorrow')}
              </p>
            )}
          </div>
        </>
      )}
      {preview.isError ? <ImportFailure error={preview.error} /> : null}
      {asking && counts !== undefined ? (
        <AskDialog
          {...{ id, mapping, letters: counts.letter, count: Math.min(counts.addresses, counts.left) }}
          onClose={() => setAsking(false)}
          onAsked={() => {
            setAsking(false)
            preview.mutate()
          }}
        />
      ) : null}
    </section>
  )
}

interface Letter {
  subject: string
  text: string
}

function AskDialog({
  id,
  mapping,
  letters,
  count,
  onClose,
  onAsked,
}: {
  id: string
  mapping: Mapping
  letters: Record<'en' | 'it', Letter>
  count: number
  onClose: () => void
  onAsked: () => void
}) {
  const { t, number, language: own } = useImportWording()
  const [language, setLanguage] = useState(own)
  const ask = useOnce({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/office/import-uploads/{id}/leads', {
          params: { path: { id } },
          body: { mapping, language, confirm: true },
        }),
      ),
    onMutate: () => tell(null),
    onSuccess: ({ asked }) => {
      tell(t('office.imports.leads.asked', { lines: number(asked) }))
      onAsked()
    },
  })
  return (
    <Dialog title={t('office.imports.leads.question')} onClose={onClose}>
      <p>{t('office.imports.leads.questionText', { lines: number(count) })}</p>
      <Select
        label={t('office.imports.leads.language')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={languages.map(one => ({ value: one, label: t(`languages.${one}`) }))}
        value={language}
        onChange={chosen => setLanguage(languages.find(one => one === chosen) ?? own)}
      />
      <section className="import-letter" lang={language} aria-label={t('office.imports.leads.letter')}>
        <p className="import-letter-subject">{letters[language].subject}</p>
        <p className="import-letter-text">{letters[language].text}</p>
      </section>
      {ask.isError ? <ImportFailure error={ask.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose} autoFocus>
          {t('cancel')}
        </Button>
        <Button loading={ask.isPending} onClick={() => ask.mutate()}>
          {t('office.imports.leads.send')}
        </Button>
      </div>
    </Dialog>
  )
}
