import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { ImportColumns, type Mapping } from './import-columns.tsx'
import { ImportFailure } from './import-failure.tsx'
import { ImportLeads } from './import-leads.tsx'
import { PreviewedLines, Rehearsed } from './import-outcome.tsx'
import { useImportWording } from './import-wording.ts'

export type UploadedFile = Reply<'/api/v1/office/import-uploads', 'post'>

const sourceRule = /^[a-z0-9][a-z0-9_.-]{0,39}$/

/** A file that lies in the server's memory: its columns, its first lines, trying it out, and bringing it in. */
export function UploadedImport({ file }: { file: UploadedFile }) {
  const { t, number } = useImportWording()
  const [mapping, setMapping] = useState<Mapping>(() =>
    file.columns.map(({ header, target }) => ({ header, target })),
  )
  const [source, setSource] = useState('contacts')
  const sourceWrong = !sourceRule.test(source)
  const size = `${number(Math.max(1, Math.round(file.bytes / 1024)))} kB`
  return (
    <>
      <Section title={t('office.imports.file.title')} aside={<LetGo id={file.id} />}>
        <p>
          {t('office.imports.file.what', {
            ...{ format: t(`office.imports.file.formats.${file.format}`), lines: number(file.lines), size },
          })}
        </p>
        <p className="caption">{t('office.imports.file.held')}</p>
      </Section>
      <Section title={t('office.imports.columns.title')}>
        <p className="caption">{t('office.imports.columns.text')}</p>
        <ImportColumns file={file} mapping={mapping} onChange={setMapping} />
        <div className="form">
          <TextInput
            label={t('office.imports.columns.source')}
            description={t('office.imports.columns.sourceHint')}
            value={source}
            onChange={event => setSource(event.currentTarget.value)}
            error={sourceWrong ? t('office.imports.columns.sourceWrong') : null}
            spellCheck={false}
            autoCapitalize="off"
          />
        </div>
      </Section>
      <Check file={file} asked={{ mapping, source }} wrong={sourceWrong} />
    </>
  )
}

function LetGo({ id }: { id: string }) {
  const { t } = useImportWording()
  const navigate = useNavigate()
  const letGo = useOnce({
    mutationFn: () => answer(api.DELETE('/api/v1/office/import-uploads/{id}', { params: { path: { id } } })),
    onMutate: () => tell(null),
    // It may be gone already.
    onSettled: () => navigate({ to: '/imports/new', search: {} }),
  })
  return (
    <Button variant="subtle" loading={letGo.isPending} onClick={() => letGo.mutate()}>
      {t('office.imports.file.other')}
    </Button>
  )
}

interface Asked {
  mapping: Mapping
  source: string
}

function Check({ file, asked, wrong }: { file: UploadedFile; asked: Asked; wrong: boolean }) {
  const { t, number } = useImportWording()
  const navigate = useNavigate()
  const questions = useQueryClient()
  const now = JSON.stringify(asked)
  const params = { path: { id: file.id } }
  const preview = useOnce({
    mutationFn: (columns: Mapping) =>
      answer(api.POST('/api/v1/office/import-uploads/{id}/previews', { params, body: { mapping: columns } })),
    onMutate: () => tell(null),
  })
  const rehearse = useOnce({
    mutationFn: (body: Asked) =>
      answer(api.POST('/api/v1/office/import-uploads/{id}/rehearsals', { params, body })),
    onMutate: () => tell(null),
  })
  const begin = useOnce({
    mutationFn: (body: Asked) =>
      answer(api.POST('/api/v1/office/import-uploads/{id}/imports', { params, body })),
    onMutate: () => tell(null),
    onSuccess: async () => {
      await questions.invalidateQueries({ queryKey: ['imports'] })
      await navigate({ to: '/imports' })
    },
  })
  // What was found out counts for the very columns it was asked with.
  const previewed = JSON.stringify(preview.variables) === JSON.stringify(asked.mapping)
  const rehearsed = rehearse.data !== undefined && JSON.stringify(rehearse.variables) === now
  const failed = [begin, rehearse, preview].find(one => one.isError)
  return (
    <Section title={t('office.imports.check.title')}>
      <p className="caption">{t('office.imports.check.text')}</p>
      <div className="row import-acts">
        <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate(asked.mapping)}>
          {t('office.imports.check.preview')}
        </Button>
        <Button
          variant={rehearsed ? 'default' : 'filled'}
          loading={rehearse.isPending}
          disabled={wrong}
          onClick={() => rehearse.mutate(asked)}
        >
          {t('office.imports.check.rehearse')}
        </Button>
      </div>
      {failed === undefined ? null : <ImportFailure error={failed.error} />}
      {preview.data !== undefined && previewed ? <PreviewedLines lines={preview.data.lines} /> : null}
      {rehearsed ? <Rehearsed rehearsal={rehearse.data} /> : null}
      {rehearsed && rehearse.data.faults.some(({ code }) => code === 'no_evidence') ? (
        <ImportLeads key={now} id={file.id} mapping={asked.mapping} />
      ) : null}
      {rehearsed && rehearse.data.kept > 0 ? (
        <div className="row import-acts">
          <Button loading={begin.isPending} onClick={() => begin.mutate(asked)}>
            {t('office.imports.check.begin', { lines: number(rehearse.data.kept) })}
          </Button>
        </div>
      ) : (
        <p className="caption import-acts">
          {t(
            rehearsed
              ? 'office.imports.check.nobody'
              : rehearse.data === undefined
                ? 'office.imports.check.needed'
                : 'office.imports.check.changed',
          )}
        </p>
      )}
    </Section>
  )
}
