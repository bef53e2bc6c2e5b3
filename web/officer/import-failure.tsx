import { useImportWording } from './import-wording.ts'

/** Why a file, or what was asked of it, was refused. */
export function ImportFailure({ error }: { error: unknown }) {
  const { t, refusalOf } = useImportWording()
  return (
    <div role="alert" className="failure">
      <p className="failure-title">{t('problem.title')}</p>
      <p>{refusalOf(error)}</p>
    </div>
  )
}
