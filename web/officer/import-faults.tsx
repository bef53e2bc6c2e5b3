import { Button } from '@mantine/core'
import { downloadText } from '../ui/download.ts'
import { csvOf } from './import-csv.ts'
import { useImportWording } from './import-wording.ts'

interface Fault {
  code: string
  lines: number[]
}

const mostShown = 200

/** Which line was refused, for which field, why, and how to mend it; and all of it as a file. */
export function ImportFaults({ faults, title }: { faults: readonly Fault[]; title: string }) {
  const { t, number, faultOf } = useImportWording()
  const rows = faults
    .flatMap(({ code, lines }) => lines.map(line => ({ line, code })))
    .sort((a, b) => a.line - b.line)
  const save = () => {
    const head = [
      t('office.imports.report.line'),
      t('office.imports.report.field'),
      t('office.imports.report.what'),
    ]
    const body = rows.map(({ line, code }) => {
      const { field, text } = faultOf(code)
      return [String(line), field, text]
    })
    downloadText(t('office.imports.report.file'), csvOf([head, ...body]), 'text/csv;charset=utf-8')
  }
  return (
    <>
      <table className="rows import-faults">
        <caption className="hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('office.imports.report.line')}</th>
            <th scope="col">{t('office.imports.report.field')}</th>
            <th scope="col">{t('office.imports.report.what')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostShown).map(({ line, code }) => {
            const { field, text } = faultOf(code)
            return (
              <tr key={`${line} ${code}`}>
                <th scope="row" data-label={t('office.imports.report.line')}>
                  {number(line)}
                </th>
                <td data-label={t('office.imports.report.field')}>{field === '' ? '–' : field}</td>
                <td data-label={t('office.imports.report.what')}>{text}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <div className="row import-faults-end">
        <Button variant="default" onClick={save}>
          {t('office.imports.report.csv')}
        </Button>
        {rows.length > mostShown ? (
          <span className="caption">
            {t('office.imports.report.more', { count: rows.length - mostShown })}
          </span>
        ) : null}
      </div>
    </>
  )
}
