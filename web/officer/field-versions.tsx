import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { answer, api } from '../ui/api.ts'
import { Moment } from '../ui/moment.tsx'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { aspects, decisionOf, differences } from './field-aspects.ts'
import type { DecidedField } from './field-draft.ts'
import { Changes } from './field-preview.tsx'
import { useFieldWording, useWhoDecided } from './field-wording.ts'

/** Every version of a field, the newest first: read anew by each page, since a decision builds on the newest one. */
export function useVersions(code: string) {
  return useQuery({
    queryKey: ['field-versions', code],
    queryFn: async () => {
      const path = '/api/v1/office/fields/{code}/versions'
      const { items } = await answer(api.GET(path, { params: { path: { code } } }))
      return items
    },
    gcTime: 0,
  })
}

/** Who decided what about a field and when, and the way back to any of it. */
export function FieldVersionsPage() {
  const { t, language } = useFieldWording()
  const { code } = useParams({ strict: false }) as { code: string }
  const versions = useVersions(code)
  return (
    <Answered query={versions}>
      {items => {
        const [now] = items
        if (now === undefined)
          return (
            <Page title={t('notFound.title')} lead={t('problem.not_found')}>
              <p>
                <Link to="/fields">{t('office.fields.versions.back')}</Link>
              </p>
            </Page>
          )
        return (
          <Page
            title={t('office.fields.versions.title', { label: now.label[language] })}
            lead={t('office.fields.versions.lead')}
            actions={
              now.type === null ? undefined : (
                <Link to="/fields/$code" params={{ code }} onClick={() => tell(null)}>
                  {t('office.fields.versions.decide')}
                </Link>
              )
            }
          >
            <ol className="cards versions" reversed>
              {items.map((version, index) => (
                <Version
                  key={version.version}
                  field={version}
                  before={items[index + 1] ?? null}
                  current={index === 0}
                />
              ))}
            </ol>
            <p>
              <Link to="/fields">{t('office.fields.versions.back')}</Link>
            </p>
          </Page>
        )
      }}
    </Answered>
  )
}

function Version({
  field,
  before,
  current,
}: {
  field: DecidedField
  before: DecidedField | null
  current: boolean
}) {
  const { t } = useFieldWording()
  const nameOf = useWhoDecided()
  const { code, version, type, made_by, made_at } = field
  return (
    <li className="card version">
      <div className="section-head">
        <h2>
          {t('office.fields.versions.version', { version })}{' '}
          {current ? (
            <span className="state-word state-active">{t('office.fields.versions.current')}</span>
          ) : null}
        </h2>
        {current || type === null ? null : (
          <Link to="/fields/$code" params={{ code }} search={{ again: version }} onClick={() => tell(null)}>
            {t('office.fields.versions.again')}
            <span className="hidden">: {t('office.fields.versions.version', { version })}</span>
          </Link>
        )}
      </div>
      <p className="caption">
        {made_by === shipped
          ? t('office.fields.versions.shipped')
          : t('office.fields.versions.by', { who: nameOf(made_by) })}
        {' · '}
        <Moment at={made_at} />
      </p>
      <Differences field={field} before={before} />
    </li>
  )
}

/** Who stands as the author of what came with the program. */
const shipped = 'custode'

function Differences({ field, before }: { field: DecidedField; before: DecidedField | null }) {
  const { t, aspectText } = useFieldWording()
  const decided = decisionOf(field)
  if (before !== null) {
    const changed = differences(decisionOf(before), decided)
    if (changed.length === 0) return <p>{t('office.fields.versions.same')}</p>
    return <Changes type={field.type} before={decisionOf(before)} after={decided} aspects={changed} />
  }
  const told = aspects.map(aspect => ({ aspect, text: aspectText(aspect, field.type, decided) }))
  return (
    <dl className="changes" aria-label={t('office.fields.versions.first')}>
      {told
        .filter(({ text }) => text !== '')
        .map(({ aspect, text }) => (
          <div key={aspect}>
            <dt>{t(`office.fields.aspect.${aspect}`)}</dt>
            <dd className="said">{text}</dd>
          </div>
        ))}
    </dl>
  )
}
