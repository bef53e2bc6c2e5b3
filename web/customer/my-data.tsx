import { useEffect } from 'react'
import { forgetOffer } from '../ui/notice.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Purchases } from '../ui/purchases.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { WithCardForm } from './card-form.tsx'
import { StaysByLaw } from './documents.tsx'
import { HeldValue } from './held-value.tsx'
import { Identity } from './identity.tsx'
import { Merged } from './merged.tsx'
import { type OwnData, ShownAsOf, useOwnData } from './own-data.ts'
import { SeenTwice } from './seen-twice.tsx'
import { WantedValues } from './wanted-values.tsx'

/**
 * Everything held about me, each value with its label: where it is from, how it was verified, what it is for, and what I
 * can do with it.
 */
export function MyDataPage() {
  const { t } = useWording()
  const data = useOwnData()
  // What could be undone is a value of mine, which outlives this page no more than the others do.
  useEffect(() => forgetOffer, [])
  return (
    <Page title={t('portal.data.title')} lead={t('portal.data.lead')}>
      <ShownAsOf value={Math.max(data.dataUpdatedAt, data.errorUpdatedAt)}>
        <Answered query={data}>{held => <Held data={held} />}</Answered>
      </ShownAsOf>
    </Page>
  )
}

function Held({ data }: { data: OwnData }) {
  const { t, word, day, moment } = useWording()
  const compartments = [...new Set(data.values.map(value => value.compartment))]
  return (
    <WithCardForm level={data.level}>
      <p className="caption">
        {t('portal.data.joined', { when: day(data.joined_at) })}.{' '}
        {t('portal.data.alias', { alias: data.alias })}
      </p>
      <SeenTwice />
      <Merged data={data} />
      {data.lost.length === 0 ? null : (
        <div className="warning" role="note">
          <h2>{t('portal.data.lost')}</h2>
          <p>
            {t('portal.data.lostText', {
              what: [...new Set(data.lost.map(one => word('compartment', one.compartment)))].join(', '),
              when: day(data.lost.at(-1)?.lost_at ?? ''),
            })}
          </p>
        </div>
      )}
      {compartments.length === 0 ? <Empty title={t('portal.data.none')} /> : null}
      {compartments.map(compartment => (
        <Section key={compartment} title={word('compartment', compartment)}>
          <dl className="exhibits">
            {data.values
              .filter(value => value.compartment === compartment)
              .map(value => (
                <HeldValue key={value.field} value={value} level={data.level} />
              ))}
          </dl>
        </Section>
      ))}
      <WantedValues data={data} />
      <Identity data={data} />
      <Section title={t('portal.data.purchases')}>
        <Purchases purchases={allPurchases(data)} />
      </Section>
      <Section title={t('portal.data.letters')}>
        {data.letters.length === 0 ? (
          <Empty title={t('portal.data.noLetters')} />
        ) : (
          <ul className="lines">
            {data.letters.map(letter => (
              <li key={letter.id}>
                <span>{letter.subject ?? letterKind(t, letter.kind)}</span>
                <span className="caption">
                  {letter.sent_at === null
                    ? t('portal.data.letterWaiting')
                    : t('portal.data.letterSent', { when: moment(letter.sent_at) })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {data.kept.length === 0 ? null : (
        <Section title={t('portal.data.kept')}>
          <ul className="lines">
            {data.kept.map(kept => (
              <li key={kept.what}>
                {t('portal.data.keptText', {
                  what: keptWhat(t, kept.what),
                  months: kept.until_months,
                  why: word('why', kept.why),
                })}
              </li>
            ))}
            {data.documents.map(document => (
              <StaysByLaw key={document.id} document={document} />
            ))}
          </ul>
        </Section>
      )}
    </WithCardForm>
  )
}

/** With those of a record of mine that rests, the newest first. */
const allPurchases = ({ purchases, resting }: OwnData): OwnData['purchases'] =>
  [...purchases, ...(resting?.purchases ?? [])].sort((a, b) => (a.made_at < b.made_at ? 1 : -1))

const letterKind = (t: ReturnType<typeof useWording>['t'], kind: string): string =>
  kind === 'address' ||
  kind === 'code' ||
  kind === 'duplicate' ||
  kind === 'link' ||
  kind === 'reminder' ||
  kind === 'merge'
    ? t(`portal.letterKind.${kind}`)
    : kind

/** The name of what is kept, or its code where it has no word yet. */
export const keptWhat = (t: ReturnType<typeof useWording>['t'], what: string): string =>
  what === 'trail' ? t('portal.keptWhat.trail') : what
