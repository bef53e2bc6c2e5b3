import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type ItemOf } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page, Section } from '../ui/page.tsx'
import { useStaffSession } from '../ui/staff-session.ts'
import { Answered, Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { IssuedDocuments } from './issued-documents.tsx'
import { LawWriting } from './law-writing.tsx'

export type Basis = ItemOf<'/api/v1/office/bases'>
type Version = Basis['versions'][number]

/** By which laws documents are kept without consent, proposals that wait, and the documents themselves by number. */
export function LawPage() {
  const { t } = useWording()
  const [adding, setAdding] = useState(false)
  const bases = useQuery({
    queryKey: ['bases'],
    queryFn: () => answer(api.GET('/api/v1/office/bases')),
  })
  return (
    <Page
      title={t('office.law.title')}
      lead={t('office.law.lead')}
      actions={
        <Button variant="default" onClick={() => setAdding(true)}>
          {t('office.law.add')}
        </Button>
      }
    >
      {adding ? <LawWriting basis={null} onDone={() => setAdding(false)} /> : null}
      <Answered query={bases}>
        {({ items }) => items.map(basis => <Declared key={basis.code} basis={basis} />)}
      </Answered>
      <IssuedDocuments />
    </Page>
  )
}

function Declared({ basis }: { basis: Basis }) {
  const { t, language } = useWording()
  const [changing, setChanging] = useState(false)
  const { code, closed, now, versions } = basis
  const open = versions.find(version => version.approved === null)
  const shown = now ?? versions[0]
  return (
    <Section
      title={shown?.name[language] ?? code}
      aside={
        <span className="caption">
          {now === null
            ? null
            : now.proposed_by === null
              ? t('office.law.shipped')
              : t('office.law.version', { version: now.version })}
        </span>
      }
    >
      {closed ? (
        <div role="alert" className="failure">
          <p>{t('office.law.closed')}</p>
        </div>
      ) : null}
      {now === null ? <p>{t('office.law.none')}</p> : <Said version={now} />}
      {open === undefined ? null : <Proposal version={open} />}
      {changing ? <LawWriting basis={basis} onDone={() => setChanging(false)} /> : null}
      {open !== undefined || changing ? null : (
        <Button variant="default" mt="md" onClick={() => setChanging(true)}>
          {t('office.law.change')}
        </Button>
      )}
    </Section>
  )
}

/** A word that begins with a capital, as it stands within a sentence: abbreviations in it stay as they are. */
const withinSentence = (word: string): string => word.charAt(0).toLocaleLowerCase() + word.slice(1)

/** What a version says, in words. */
function Said({ version }: { version: Version }) {
  const { t, language, list, words } = useWording()
  const { law, why, fields, years, counts_from, readers } = version
  const facts = [
    [t('office.law.law'), law[language]],
    [t('office.law.why'), why[language]],
    [
      t('office.law.fields'),
      list(fields.map(field => withinSentence(t(`document.field.${field as 'number'}`)))),
    ],
    [t('office.law.time'), t('office.law.years', { years, from: t(`office.law.from.${counts_from}`) })],
    [t('office.law.readers'), t('office.law.readersText', { types: words('taskType', readers) })],
  ] as const
  return (
    <dl className="kept-facts">
      {facts.map(([term, said]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{said}</dd>
        </div>
      ))}
    </dl>
  )
}

function Proposal({ version }: { version: Version }) {
  const { t, moment } = useWording()
  const session = useStaffSession('office')
  const questions = useQueryClient()
  const [asking, setAsking] = useState(false)
  const own = session.data?.employee.pseudonym === version.proposed_by
  const decide = useOnce({
    mutationFn: (approved: boolean) =>
      answer(
        api.POST('/api/v1/office/bases/{code}/decisions', {
          params: { path: { code: version.basis } },
          body: { version: version.version, approved },
        }),
      ),
    onMutate: () => tell(null),
    onSuccess: async ({ approved }) => {
      tell(t(approved === true ? 'office.law.confirmed' : 'office.law.rejected'))
      setAsking(false)
      await questions.invalidateQueries({ queryKey: ['bases'] })
    },
  })
  const heading = `proposal-${version.basis}`
  return (
    <section className="card law-card" aria-labelledby={heading}>
      <h3 id={heading}>{t('office.law.proposal', { version: version.version })}</h3>
      {version.proposed_at === null ? null : (
        <p>
          {t('office.law.proposedBy', { who: version.proposed_by ?? '', when: moment(version.proposed_at) })}
        </p>
      )}
      <Said version={version} />
      {own ? <p>{t('office.law.own')}</p> : null}
      {decide.isError && !asking ? <Failure error={decide.error} /> : null}
      <div className="row">
        {own ? null : <Button onClick={() => setAsking(true)}>{t('office.law.confirm')}</Button>}
        <Button variant="default" loading={decide.isPending && !asking} onClick={() => decide.mutate(false)}>
          {t(own ? 'office.law.takeBack' : 'office.law.reject')}
        </Button>
      </div>
      {asking ? (
        <Dialog title={t('office.law.question')} onClose={() => setAsking(false)}>
          <p>{t('office.law.questionText')}</p>
          {decide.isError ? <Failure error={decide.error} /> : null}
          <div className="row row-end">
            <Button variant="default" onClick={() => setAsking(false)} autoFocus>
              {t('cancel')}
            </Button>
            <Button loading={decide.isPending} onClick={() => decide.mutate(true)}>
              {t('office.law.confirm')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </section>
  )
}
