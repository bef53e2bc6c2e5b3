import { Button, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import { answer, api, asProblem } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page, Section } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { ImportFailure } from './import-failure.tsx'
import { type UploadedFile, UploadedImport } from './import-uploaded.tsx'
import { useImportWording } from './import-wording.ts'

const formats = ['csv', 'hubspot', 'salesforce', 'vcard'] as const
type Format = (typeof formats)[number]

/** Bringing a file in, step by step. Which file it is stands in the address: who leaves finds it again, for an hour. */
export function NewImportPage() {
  const { t } = useImportWording()
  const { upload } = useSearch({ strict: false }) as { upload?: string }
  return (
    <Page title={t('office.imports.add')} lead={t('office.imports.noneText')}>
      <p className="standing">
        <Link to="/imports">{t('office.imports.page.back')}</Link>
      </p>
      {upload === undefined ? <FileForm /> : <Uploaded key={upload} id={upload} />}
    </Page>
  )
}

const queryOf = (id: string) => ['import-upload', id]

function FileForm() {
  const { t } = useImportWording()
  const navigate = useNavigate()
  const questions = useQueryClient()
  const ids = { file: useId(), hint: useId(), fault: useId() }
  const [file, setFile] = useState<File | null>(null)
  const [format, setFormat] = useState<Format>('csv')
  const [missing, setMissing] = useState(false)
  const send = useOnce({
    mutationFn: (chosen: File): Promise<UploadedFile> =>
      answer(
        api.POST('/api/v1/office/import-uploads', {
          params: { query: { format } },
          headers: { 'content-type': 'application/octet-stream' },
          body: chosen as unknown as string,
          bodySerializer: body => body as unknown as File,
        }),
      ),
    onMutate: () => tell(null),
    onSuccess: async uploaded => {
      questions.setQueryData(queryOf(uploaded.id), uploaded)
      await navigate({ to: '/imports/new', search: { upload: uploaded.id } })
    },
  })
  const choose = (chosen: File | null) => {
    send.reset()
    setFile(chosen)
    setMissing(false)
    if (chosen !== null) setFormat(/\.(vcf|vcard)(\.gz)?$/i.test(chosen.name) ? 'vcard' : 'csv')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (file === null) setMissing(true)
    else send.mutate(file)
  }
  return (
    <Section title={t('office.imports.file.title')}>
      <form className="form" noValidate onSubmit={submit}>
        <div className="file-choice">
          <label htmlFor={ids.file}>{t('office.imports.file.label')}</label>
          <p id={ids.hint} className="caption">
            {t('office.imports.file.hint')}
          </p>
          <input
            id={ids.file}
            type="file"
            accept=".csv,.vcf,.vcard,.gz,text/csv,text/vcard,application/gzip"
            aria-describedby={missing ? `${ids.hint} ${ids.fault}` : ids.hint}
            aria-invalid={missing}
            onChange={event => choose(event.currentTarget.files?.[0] ?? null)}
          />
          {missing ? (
            <p id={ids.fault} className="file-fault" role="alert">
              {t('office.imports.file.need')}
            </p>
          ) : null}
        </div>
        <Select
          label={t('office.imports.file.format')}
          allowDeselect={false}
          data={formats.map(one => ({ value: one, label: t(`office.imports.file.formats.${one}`) }))}
          value={format}
          onChange={chosen => setFormat(formats.find(one => one === chosen) ?? 'csv')}
        />
        <p className="caption">{t('office.imports.file.held')}</p>
        {send.isError ? <ImportFailure error={send.error} /> : null}
        <Button type="submit" loading={send.isPending}>
          {t('office.imports.file.send')}
        </Button>
      </form>
    </Section>
  )
}

function Uploaded({ id }: { id: string }) {
  const { t } = useImportWording()
  const navigate = useNavigate()
  const uploaded = useQuery({
    queryKey: queryOf(id),
    queryFn: () => answer(api.GET('/api/v1/office/import-uploads/{id}', { params: { path: { id } } })),
    // What the file is does not change: it is read anew each time it is asked for.
    ...{ staleTime: Number.POSITIVE_INFINITY, retry: false },
  })
  if (uploaded.isError && asProblem(uploaded.error).code === 'not_found')
    return (
      <div className="warning" role="alert">
        <h2>{t('office.imports.file.gone')}</h2>
        <p>{t('office.imports.file.goneText')}</p>
        <Button variant="default" mt="sm" onClick={() => void navigate({ to: '/imports/new', search: {} })}>
          {t('office.imports.file.other')}
        </Button>
      </div>
    )
  return <Answered query={uploaded}>{file => <UploadedImport file={file} />}</Answered>
}
