import type { Reply } from '../ui/api.ts'
import { ImportFaults } from './import-faults.tsx'
import { useImportWording } from './import-wording.ts'

type Previewed = Reply<'/api/v1/office/import-uploads/{id}/previews', 'post'>['lines'][number]
type Rehearsal = Reply<'/api/v1/office/import-uploads/{id}/rehearsals', 'post'>

/** The first lines, as they would be kept, masked; or what is wrong with them. */
export function PreviewedLines({ lines }: { lines: Previewed[] }) {
  const { t, number } = useImportWording()
  return (
    <section className="import-outcome" aria-labelledby="import-preview">
      <h3 id="import-preview">{t('office.imports.preview.title')}</h3>
      <p className="caption">{t('office.imports.preview.masked')}</p>
      <ul className="cards import-lines">
        {lines.map(one => (
          <li key={one.line} className="card">
            <h4>{t('office.imports.preview.line', { line: number(one.line) })}</h4>
            {one.fault === null ? <Kept line={one} /> : <Refused fault={one.fault} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Kept({ line }: { line: Previewed }) {
  const { t, words, date, targetName } = useImportWording()
  return (
    <>
      <dl className="import-values">
        {line.values.map(({ field, value }) => (
          <div key={field}>
            <dt>{targetName(field)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="caption">
        {t('office.imports.preview.agreed', {
          purposes: words('purpose', line.purposes),
          day: line.agreed_at === null ? '' : date(line.agreed_at),
          proof: line.proof ?? '',
        })}
      </p>
    </>
  )
}

function Refused({ fault }: { fault: string }) {
  const { faultOf } = useImportWording()
  const { field, text } = faultOf(fault)
  return (
    <p className="late">
      {field === '' ? '' : `${field}: `}
      {text}
    </p>
  )
}

/** What bringing the file in would come to, and which lines it would refuse. */
export function Rehearsed({ rehearsal }: { rehearsal: Rehearsal }) {
  const { t, number } = useImportWording()
  return (
    <section className="import-outcome" aria-labelledby="import-rehearsal">
      <h3 id="import-rehearsal">{t('office.imports.rehearsal.title')}</h3>
      <dl className="figures figures-small" aria-live="polite">
        {(['kept', 'known', 'refused'] as const).map(count => (
          <div key={count}>
            <dt>{t(`office.imports.rehearsal.${count}`)}</dt>
            <dd>{number(rehearsal[count])}</dd>
          </div>
        ))}
      </dl>
      {rehearsal.faults.length === 0 ? null : (
        <ImportFaults faults={rehearsal.faults} title={t('office.imports.report.title')} />
      )}
    </section>
  )
}
