import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page, Section } from '../ui/page.tsx'
import { useStaffSession } from '../ui/staff-session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { PolicyChanges } from './policy-changes.tsx'
import { PolicyFailure } from './policy-failure.tsx'
import { PolicyWriting } from './policy-writing.tsx'

type Policies = Reply<'/api/v1/office/policies'>
type Version = Policies['versions'][number]

/** The rules of the company: those in force in words, the proposal that waits, writing new ones, and who decided what. */
export function PoliciesPage() {
  const { t } = useWording()
  const policies = useQuery({
    queryKey: ['policies'],
    queryFn: () => answer(api.GET('/api/v1/office/policies')),
  })
  return (
    <Page title={t('office.policies.title')} lead={t('office.policies.lead')}>
      <Answered query={policies}>
        {shown => {
          const open = shown.versions.find(version => version.approved === null)
          const decided = shown.versions.filter(version => version.approved !== null)
          return (
            <>
              {shown.closed ? <Closed /> : <InForce policies={shown} />}
              {open === undefined ? null : <Proposal version={open} />}
              <PolicyWriting key={shown.version} inForce={shown} blocked={open !== undefined} />
              <Section title={t('office.policies.history')}>
                {decided.length === 0 ? <Empty title={t('office.policies.none')} /> : null}
                <ul className="lines">
                  {decided.map(version => (
                    <Decided key={version.version} version={version} />
                  ))}
                </ul>
              </Section>
            </>
          )
        }}
      </Answered>
    </Page>
  )
}

function Closed() {
  const { t } = useWording()
  return (
    <div role="alert" className="failure">
      <p className="failure-title">{t('office.policies.closed')}</p>
      <p>{t('office.policies.closedText')}</p>
    </div>
  )
}

function InForce({ policies: { version, rules, text, hash } }: { policies: Policies }) {
  const { t, language } = useWording()
  return (
    <Section
      title={t('office.policies.inForce')}
      aside={
        <span className="caption">
          {version === 0 ? t('office.policies.shipped') : t('office.policies.own', { version })}
        </span>
      }
    >
      <ul className="lines">
        {rules.map(rule => (
          <li key={rule.id}>
            <span>{rule[language]}</span>
            <code className="caption">{rule.id}</code>
          </li>
        ))}
      </ul>
      <Text text={text} hash={hash} />
    </Section>
  )
}

function Text({ text, hash }: { text: string; hash: string }) {
  const { t } = useWording()
  return (
    <details>
      <summary>{t('office.policies.text')}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who uses the keyboard could not scroll it otherwise */}
      <pre className="policy-text" tabIndex={0}>
        {text}
      </pre>
      <p className="caption">
        {t('office.policies.hash')}: <code>{hash}</code>
      </p>
    </details>
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
        api.POST('/api/v1/office/policies/{version}/decisions', {
          params: { path: { version: version.version } },
          body: { approved },
        }),
      ),
    onMutate: () => tell(null),
    onSuccess: async ({ approved }) => {
      tell(t(approved === true ? 'office.policies.approved' : 'office.policies.rejected'))
      setAsking(false)
      await questions.invalidateQueries({ queryKey: ['policies'] })
    },
  })
  return (
    <section className="card" aria-labelledby="proposal">
      <h2 id="proposal">{t('office.policies.proposal')}</h2>
      <p>
        {t('office.policies.proposedBy', { who: version.proposed_by, when: moment(version.proposed_at) })}
      </p>
      <PolicyChanges changes={version.changes ?? []} />
      <Text text={version.text} hash={version.hash} />
      {own ? <p>{t('office.policies.ownProposal')}</p> : null}
      {decide.isError && !asking ? <PolicyFailure error={decide.error} /> : null}
      <div className="row">
        {own ? null : <Button onClick={() => setAsking(true)}>{t('office.policies.approve')}</Button>}
        <Button variant="default" loading={decide.isPending && !asking} onClick={() => decide.mutate(false)}>
          {t(own ? 'office.policies.takeBack' : 'office.policies.reject')}
        </Button>
      </div>
      {asking ? (
        <Dialog title={t('office.policies.question')} onClose={() => setAsking(false)}>
          <p>{t('office.policies.questionText')}</p>
          <PolicyChanges changes={version.changes ?? []} />
          {decide.isError ? <PolicyFailure error={decide.error} /> : null}
          <div className="row row-end">
            <Button variant="default" onClick={() => setAsking(false)} autoFocus>
              {t('cancel')}
            </Button>
            <Button loading={decide.isPending} onClick={() => decide.mutate(true)}>
              {t('office.policies.approve')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </section>
  )
}

function Decided({ version }: { version: Version }) {
  const { t, moment } = useWording()
  const when = version.decided_at === null ? '' : moment(version.decided_at)
  return (
    <li>
      <span>
        {t('office.policies.line', {
          version: version.version,
          who: version.proposed_by,
          when: moment(version.proposed_at),
        })}
        <Text text={version.text} hash={version.hash} />
      </span>
      <span className="caption">
        {t(version.approved === true ? 'office.policies.lineApproved' : 'office.policies.lineRejected', {
          who: version.decided_by ?? '',
          when,
        })}
      </span>
    </li>
  )
}
