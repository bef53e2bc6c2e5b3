import { useWording } from '../ui/wording.ts'
import type { OwnValue } from './own-data.ts'

type Verification = NonNullable<OwnValue['verified']>

/** Where a value is from, how it was shown to be right and until when, and what it is for. */
export function Provenance({ value }: { value: OwnValue }) {
  const { source, at, verified, awaiting, purposes, kept_until: until } = value
  const { t, word, words, moment, day } = useWording()
  return (
    <>
      <dd className="caption">
        <span className="label">{t('portal.data.from')}</span>{' '}
        {t('portal.data.fromText', { source: word('source', source), when: moment(at) })}
      </dd>
      <dd className="caption">
        <span className="label">{t('portal.data.verified')}</span>{' '}
        {verified === null ? t('portal.data.notVerified') : <Verified {...verified} />}
      </dd>
      {awaiting === null ? null : <dd className="caption awaiting">{t('portal.proof.awaiting')}</dd>}
      <dd className="caption">
        <span className="label">{t('portal.data.usedFor')}</span> {words('purpose', purposes)}
      </dd>
      {until === null ? null : (
        <dd className="caption">
          <span className="label">{t('portal.documents.keptUntil')}</span>{' '}
          {t('portal.documents.keptUntilText', { when: day(until) })}
        </dd>
      )}
    </>
  )
}

function Verified({ method, at, by, second, until, document }: Verification) {
  const { t, word, moment, day, nameOf } = useWording()
  const who = [by, second].filter(one => one !== null && one !== 'customer')
  const parts = [
    t('portal.data.verifiedText', { method: word('verified', method), when: moment(at) }),
    ...(who.length === 0 ? [] : [t('portal.proof.by', { who: who.join(', ') })]),
    ...(document === null
      ? []
      : [
          t('portal.proof.document', {
            kind: documentName(t, document.kind),
            country: nameOf('country', document.country),
            year: document.expires,
          }),
        ]),
    ...(until === null ? [] : [t('portal.proof.until', { when: day(until) })]),
  ]
  return <>{parts.join(' · ')}</>
}

const kinds = ['passport', 'identity_card', 'driving_licence', 'residence_permit'] as const

/** The name of a kind of document, or its code where it has no word. */
function documentName(t: ReturnType<typeof useWording>['t'], kind: string): string {
  const known = kinds.find(one => one === kind)
  return known === undefined ? kind : t(`portal.proof.documents.${known}`)
}
