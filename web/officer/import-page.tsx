import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { answer, api, asProblem } from '../ui/api.ts'
import { Page, Section } from '../ui/page.tsx'
import { Answered, Empty, Failure, Waiting } from '../ui/states.tsx'
import { ImportFaults } from './import-faults.tsx'
import { ImportUndo } from './import-undo.tsx'
import { useImportWording } from './import-wording.ts'
import { type Import, stateOf, useImports, useWhoBrought } from './imports.tsx'

const counts = ['lines', 'kept', 'known', 'refused', 'disputed'] as const

/** One import: its counts, and what came of its lines. */
export function ImportPage() {
  const { t, moment, number } = useImportWording()
  const { id } = useParams({ strict: false }) as { id: string }
  const imports = useImports()
  const whoBrought = useWhoBrought(imports.data?.runs ?? [])
  return (
    <Answered query={imports}>
      {({ items, undos }) => {
        const one = items.find(item => item.id === id)
        if (one === undefined) return <Unknown />
        return (
          <Page
            title={t('office.imports.page.title', { when: moment(one.started_at) })}
            lead={`${t('office.imports.from', { kind: t(`office.imports.kind.${one.kind}`), source: one.source })}. ${t('office.imports.page.by', { who: whoBrought(one) })}`}
          >
            <p className="standing">
              <span className="state-word">{t(`office.imports.state.${stateOf(one)}`)}</span>
              <Link to="/imports">{t('office.imports.page.back')}</Link>
            </p>
            <dl className="figures figures-small">
              {(one.kind === 'purchases' ? counts.slice(0, 4) : counts).map(count => (
                <div key={count}>
                  <dt>{t(`office.imports.page.counts.${count}`)}</dt>
                  <dd>{number(one[count])}</dd>
                </div>
              ))}
            </dl>
            {one.disputed === 0 ? null : <p className="caption">{t('office.imports.page.disputed')}</p>}
            <Report one={one} />
            <ImportUndo one={one} proposal={undos.find(undo => undo.import === one.id)} />
          </Page>
        )
      }}
    </Answered>
  )
}

function Unknown() {
  const { t } = useImportWording()
  return (
    <Page title={t('notFound.title')} lead={t('problem.not_found')}>
      <p>
        <Link to="/imports">{t('office.imports.page.back')}</Link>
      </p>
    </Page>
  )
}

function Report({ one }: { one: Import }) {
  const { t, day } = useImportWording()
  const report = useQuery({
    queryKey: ['import-report', one.id, one.ended_at],
    queryFn: () =>
      answer(api.GET('/api/v1/office/imports/{id}/report', { params: { path: { id: one.id } } })),
    retry: false,
  })
  const title = t('office.imports.report.title')
  const missing = report.isError && asProblem(report.error).code === 'not_found'
  return (
    <Section title={title}>
      {report.isPending ? <Waiting /> : null}
      {missing ? (
        <Empty title={t('office.imports.report.missing')}>{t('office.imports.report.missingText')}</Empty>
      ) : null}
      {report.isError && !missing ? (
        <Failure error={report.error} again={() => void report.refetch()} />
      ) : null}
      {report.data === undefined ? null : (
        <>
          <p className="caption">{t('office.imports.report.until', { when: day(report.data.until) })}</p>
          {report.data.faults.length === 0 ? (
            <Empty title={t('office.imports.report.none')} />
          ) : (
            <ImportFaults faults={report.data.faults} title={title} />
          )}
        </>
      )}
    </Section>
  )
}
