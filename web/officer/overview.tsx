import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, type Reply } from '../ui/api.ts'
import { Copy } from '../ui/copy.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { Age } from './age.tsx'
import { Agreements } from './agreements.tsx'
import { Duplicates } from './duplicates.tsx'
import { Restorations } from './restorations.tsx'
import { WitnessAlarms, Witnesses } from './witnesses.tsx'

type Overview = Reply<'/api/v1/office/overview'>

/** How the house stands: counts, keys, erasures on their way, and the log's newest checkpoint. */
export function OverviewPage() {
  const { t } = useWording()
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: () => answer(api.GET('/api/v1/office/overview')),
    refetchInterval: 60_000,
  })
  return (
    <Page title={t('office.overview.title')} lead={t('office.overview.lead')}>
      <Answered query={overview}>{data => <Standing overview={data} />}</Answered>
    </Page>
  )
}

function Standing({ overview }: { overview: Overview }) {
  const { t, day } = useWording()
  const { customers, applicants, tasks, keeper, erasures, log } = overview
  return (
    <>
      <WitnessAlarms witnesses={overview.witnesses} />
      {keeper.unreached.length === 0 ? null : (
        <div className="warning" role="note">
          <h2>{t('office.overview.unreached', { who: keeper.unreached.join(', ') })}</h2>
          <p>{t(keeper.settled ? 'office.overview.unreachedText' : 'office.overview.unsettledText')}</p>
        </div>
      )}
      {keeper.left_out.map(({ id, since }) => (
        <div className="warning" role="note" key={id + since}>
          <h2>{t('office.overview.leftOut', { who: id, when: day(since) })}</h2>
          <p>{t('office.overview.leftOutText')}</p>
        </div>
      ))}
      {keeper.places === 1 ? (
        <div className="warning" role="note">
          <h2>{t('office.overview.singlePlace')}</h2>
          <p>{t('office.overview.singlePlaceText')}</p>
        </div>
      ) : null}
      <dl className="figures">
        <Figure name={t('office.overview.customers')} value={customers} />
        <Figure
          name={t('office.overview.applicants')}
          value={applicants}
          note={t('office.overview.applicantsText')}
        />
        <Figure name={t('office.overview.tasksOpen')} value={tasks.open} />
        <Figure name={t('office.overview.tasksTaken')} value={tasks.taken} />
      </dl>
      <div className="two">
        <Section title={t('office.overview.keeper')}>
          <dl className="figures figures-small">
            <Figure name={t('office.overview.epoch')} value={keeper.epoch} />
            <Figure name={t('office.overview.grants')} value={keeper.grants} />
            <Figure name={t('office.overview.waiting')} value={keeper.waiting} />
          </dl>
          <p className="caption">
            {t('office.overview.places', { count: keeper.places })}{' '}
            {t('office.overview.custodians', { who: keeper.custodians.map(one => one.id).join(', ') })}{' '}
            {keeper.recoveries.length === 0
              ? t('office.overview.noRecovery')
              : t('office.overview.recovery', { when: day(keeper.recoveries.at(-1)?.until ?? '') })}
          </p>
        </Section>
        <Section
          title={t('office.overview.erasures')}
          aside={<Link to="/destructions">{t('office.overview.seeDestructions')}</Link>}
        >
          <dl className="figures figures-small">
            <Figure name={t('office.overview.total')} value={erasures.total} />
            <Figure name={t('office.overview.waitingT1')} value={erasures.waiting_t1} />
          </dl>
        </Section>
      </div>
      <Agreements />
      <Duplicates />
      <Age />
      <Restorations />
      <Section title={t('office.overview.log')}>
        <dl className="figures figures-small">
          <Figure name={t('office.overview.size')} value={log.size} />
        </dl>
        <Witnesses witnesses={overview.witnesses} />
        <Document
          name={t('office.overview.checkpoint')}
          text={log.checkpoint}
          note={t('office.overview.checkpointText')}
        />
        <Document name={t('office.overview.vkey')} text={log.vkey} />
      </Section>
    </>
  )
}

function Figure({ name, value, note }: { name: string; value: number; note?: string }) {
  const { number } = useWording()
  return (
    <div>
      <dt>{name}</dt>
      <dd>{number(value)}</dd>
      {note === undefined ? null : <dd className="caption">{note}</dd>}
    </div>
  )
}

function Document({ name, text, note }: { name: string; text: string; note?: string }) {
  return (
    <div className="document">
      <div className="section-head">
        <h3>{name}</h3>
        <Copy text={text} what={name} />
      </div>
      {note === undefined ? null : <p className="caption">{note}</p>}
      <pre className="code-line">{text}</pre>
    </div>
  )
}
