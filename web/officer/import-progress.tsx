import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useWhoDecided } from './field-wording.ts'
import { useImportWording } from './import-wording.ts'

export type ImportRun = Reply<'/api/v1/office/imports'>['runs'][number]

/** How far the file has come that is being brought in, or why the last one did not come to its end. */
export function ImportProgress({ run }: { run: ImportRun | undefined }) {
  const questions = useQueryClient()
  const { t } = useImportWording()
  const seen = useRef<string | null>(null)
  useEffect(() => {
    if (run === undefined) return
    if (run.ended_at === null) seen.current = run.id
    else if (seen.current === run.id) {
      seen.current = null
      if (run.failure === null) tell(t('office.imports.running.done'))
      void questions.invalidateQueries({ queryKey: ['imports'] })
    }
  }, [run, questions, t])
  if (run === undefined) return null
  if (run.ended_at === null) return <Running run={run} />
  return run.failure === null ? null : <Stopped failure={run.failure} />
}

function Running({ run }: { run: ImportRun }) {
  const { t, number, moment } = useImportWording()
  const nameOf = useWhoDecided()
  const share = run.total === 0 ? 0 : Math.floor((run.done / run.total) * 100)
  return (
    <section className="card" aria-labelledby="import-running">
      <h2 id="import-running">{t('office.imports.running.title')}</h2>
      <progress
        className="import-progress"
        aria-label={t('office.imports.running.label')}
        max={100}
        {...(run.total === 0 ? {} : { value: share })}
      />
      <p className="import-at">
        {run.total === 0
          ? t('office.imports.running.reading')
          : t('office.imports.running.at', { done: number(run.done), total: number(run.total), share })}
      </p>
      <p className="caption">
        {t('office.imports.running.text', { who: nameOf(run.begun_by), when: moment(run.begun_at) })}
      </p>
    </section>
  )
}

function Stopped({ failure }: { failure: NonNullable<ImportRun['failure']> }) {
  const { t } = useImportWording()
  return (
    <div className="warning" role="note">
      <h2>{t('office.imports.stopped.title')}</h2>
      <p>
        {t(`office.imports.stopped.${failure}`)} {t('office.imports.stopped.again')}
      </p>
    </div>
  )
}
