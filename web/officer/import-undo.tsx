import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { useStaffSession } from '../ui/staff-session.ts'
import { Answered } from '../ui/states.tsx'
import { useWhoDecided } from './field-wording.ts'
import { ImportFailure } from './import-failure.tsx'
import { useImportWording } from './import-wording.ts'
import type { Import } from './imports.tsx'

export type UndoProposal = Reply<'/api/v1/office/imports'>['undos'][number]
type Undo = Reply<'/api/v1/office/imports/{id}/undo'>

/** Taking an import back: what it would do, proposed by one officer and decided by another, and what became of it. */
export function ImportUndo({ one, proposal }: { one: Import; proposal: UndoProposal | undefined }) {
  const { t, number, moment } = useImportWording()
  const nameOf = useWhoDecided()
  const ofPurchases = one.kind === 'purchases'
  if (one.ended_at === null) return null
  if (one.undone_at !== null)
    return (
      <Section title={t('office.imports.undo.title')}>
        <p>
          {t(ofPurchases ? 'office.imports.undo.invoices.done' : 'office.imports.undo.done', {
            when: moment(one.undone_at),
            erased: number(one.erased),
            stayed: number(one.stayed),
          })}
        </p>
      </Section>
    )
  return (
    <Section title={t('office.imports.undo.title')}>
      <p className="caption">
        {t(ofPurchases ? 'office.imports.undo.invoices.text' : 'office.imports.undo.text')}
      </p>
      {proposal?.approved === true ? (
        <p role="status">{t('office.imports.undo.running')}</p>
      ) : proposal?.approved === null ? (
        <Open proposal={proposal} ofPurchases={ofPurchases} />
      ) : (
        <>
          {proposal === undefined ? null : (
            <p className="caption">
              {t('office.imports.undo.turnedDown', {
                ...{ who: nameOf(proposal.proposed_by), by: nameOf(proposal.decided_by ?? '') },
                when: moment(proposal.decided_at ?? proposal.proposed_at),
              })}
            </p>
          )}
          <Propose id={one.id} />
        </>
      )}
    </Section>
  )
}

const useUndo = (id: string, enabled = true) =>
  useQuery({
    queryKey: ['import-undo', id],
    queryFn: () => answer(api.GET('/api/v1/office/imports/{id}/undo', { params: { path: { id } } })),
    ...{ enabled, retry: false },
  })

const afterwards = (questions: ReturnType<typeof useQueryClient>) =>
  Promise.all(['imports', 'import-undo'].map(key => questions.invalidateQueries({ queryKey: [key] })))

function Propose({ id }: { id: string }) {
  const { t } = useImportWording()
  const questions = useQueryClient()
  const [looking, setLooking] = useState(false)
  const undo = useUndo(id, looking)
  const propose = useOnce({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/office/imports/{id}/undos', { params: { path: { id } }, body: { confirm: true } }),
      ),
    onMutate: () => tell(null),
    onSuccess: async () => {
      tell(t('office.imports.undo.proposed'))
      await afterwards(questions)
    },
  })
  if (!looking)
    return (
      <div className="row import-acts">
        <Button variant="default" onClick={() => setLooking(true)}>
          {t('office.imports.undo.look')}
        </Button>
      </div>
    )
  return (
    <>
      {undo.isError ? (
        <ImportFailure error={undo.error} />
      ) : (
        <Answered query={undo}>{would => <Would would={would} />}</Answered>
      )}
      {propose.isError ? <ImportFailure error={propose.error} /> : null}
      {undo.data === undefined ? null : (
        <div className="row import-acts">
          <Button
            color="danger"
            variant="outline"
            loading={propose.isPending}
            onClick={() => propose.mutate()}
          >
            {t('office.imports.undo.propose')}
          </Button>
        </div>
      )}
    </>
  )
}

/** How many would be erased, and who stays because something has happened since: by alias, never more. Of purchases, how many invoices. */
function Would({ would: { erased, stayed, purchases } }: { would: Undo }) {
  const { t, number, list } = useImportWording()
  if (purchases !== undefined)
    return (
      <dl className="figures figures-small import-acts">
        {(['removed', 'left'] as const).map(count => (
          <div key={count}>
            <dt>{t(`office.imports.undo.invoices.${count}`)}</dt>
            <dd>{number(purchases[count])}</dd>
          </div>
        ))}
      </dl>
    )
  return (
    <>
      <dl className="figures figures-small import-acts">
        <div>
          <dt>{t('office.imports.undo.erased')}</dt>
          <dd>{number(erased)}</dd>
        </div>
        <div>
          <dt>{t('office.imports.undo.stayed')}</dt>
          <dd>{number(stayed.length)}</dd>
        </div>
      </dl>
      {stayed.length === 0 ? null : (
        <details className="import-acts">
          <summary>{t('office.imports.undo.who')}</summary>
          <p className="alias">{list(stayed)}</p>
        </details>
      )}
    </>
  )
}

function Open({ proposal, ofPurchases }: { proposal: UndoProposal; ofPurchases: boolean }) {
  const { t, number, moment } = useImportWording()
  const questions = useQueryClient()
  const session = useStaffSession('office')
  const nameOf = useWhoDecided()
  const [asking, setAsking] = useState(false)
  const own = session.data?.employee.pseudonym === proposal.proposed_by
  const undo = useUndo(proposal.import)
  const decide = useOnce({
    mutationFn: (approved: boolean) =>
      answer(
        api.POST('/api/v1/office/imports/{id}/undo-decisions', {
          params: { path: { id: proposal.import } },
          body: { approved },
        }),
      ),
    onMutate: () => tell(null),
    onSuccess: async ({ approved }) => {
      tell(t(approved === true ? 'office.imports.undo.approved' : 'office.imports.undo.rejected'))
      setAsking(false)
      await afterwards(questions)
    },
  })
  return (
    <section className="card import-acts" aria-labelledby="undo-proposal">
      <h3 id="undo-proposal">{t('office.imports.undo.waiting')}</h3>
      <p>
        {t(ofPurchases ? 'office.imports.undo.invoices.proposedBy' : 'office.imports.undo.proposedBy', {
          ...{ who: nameOf(proposal.proposed_by), when: moment(proposal.proposed_at) },
          ...{ erases: number(proposal.erases), stays: number(proposal.stays) },
        })}
      </p>
      {undo.isError ? <ImportFailure error={undo.error} /> : null}
      {undo.data === undefined ? null : <Would would={undo.data} />}
      {own ? <p>{t('office.imports.undo.own')}</p> : null}
      {decide.isError && !asking ? <ImportFailure error={decide.error} /> : null}
      <div className="row">
        {own || undo.data === undefined ? null : (
          <Button color="danger" variant="outline" onClick={() => setAsking(true)}>
            {t('office.imports.undo.approve')}
          </Button>
        )}
        <Button variant="default" loading={decide.isPending && !asking} onClick={() => decide.mutate(false)}>
          {t(own ? 'office.imports.undo.withdraw' : 'office.imports.undo.reject')}
        </Button>
      </div>
      {asking && undo.data !== undefined ? (
        <Dialog title={t('office.imports.undo.question')} onClose={() => setAsking(false)}>
          <p>
            {undo.data.purchases === undefined
              ? t('office.imports.undo.questionText', { erased: number(undo.data.erased) })
              : t('office.imports.undo.invoices.questionText', {
                  removed: number(undo.data.purchases.removed),
                })}
          </p>
          {decide.isError ? <ImportFailure error={decide.error} /> : null}
          <div className="row row-end">
            <Button variant="default" onClick={() => setAsking(false)} autoFocus>
              {t('cancel')}
            </Button>
            <Button color="danger" loading={decide.isPending} onClick={() => decide.mutate(true)}>
              {t('office.imports.undo.approve')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </section>
  )
}
