import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { type DecidedField, draftOf, emptyDraft } from './field-draft.ts'
import { FieldForm } from './field-form.tsx'
import { useVersions } from './field-versions.tsx'
import { useFieldWording } from './field-wording.ts'

/** Adding a field of the company's own. */
export function NewFieldPage() {
  const { t } = useFieldWording()
  const [begin] = useState(emptyDraft)
  return (
    <Page title={t('office.fields.add')} lead={t('office.fields.told')}>
      <FieldForm decided={null} begin={begin} name="field" />
    </Page>
  )
}

/** Deciding anew about a field, with what is decided now in the form, or an older version of it (`?again=2`). */
export function FieldPage() {
  const { t } = useFieldWording()
  const { code } = useParams({ strict: false }) as { code: string }
  const { again } = useSearch({ strict: false }) as { again?: number }
  const versions = useVersions(code)
  return (
    <Answered query={versions}>
      {([now, ...older]) =>
        now === undefined ? (
          <Page title={t('notFound.title')} lead={t('problem.not_found')}>
            <p>
              <Link to="/fields">{t('office.fields.versions.back')}</Link>
            </p>
          </Page>
        ) : (
          <Deciding
            key={`${code} ${again}`}
            now={now}
            again={older.find(version => version.version === again) ?? null}
          />
        )
      }
    </Answered>
  )
}

function Deciding({ now, again }: { now: DecidedField; again: DecidedField | null }) {
  const { t, language, typeName, compartmentName } = useFieldWording()
  const { code, type, compartment, version } = now
  const [begin] = useState(() => draftOf(again ?? now, version))
  return (
    <Page title={now.label[language]}>
      <p className="standing">
        <code>{code}</code>
        <span>{type === null ? t('office.fields.record') : typeName(type)}</span>
        <span>{compartmentName(compartment)}</span>
        <Link to="/fields/$code/versions" params={{ code }} onClick={() => tell(null)}>
          {t('office.fields.seeVersions', { version })}
        </Link>
      </p>
      <p className="caption">{type === null ? t('office.fields.recordText') : t('office.fields.stays')}</p>
      {again === null ? null : (
        <p className="notice" role="note">
          {t('office.fields.again', { version: again.version })}
        </p>
      )}
      {type === null ? null : (
        <FieldForm decided={now} begin={begin} name={`field ${code} ${again?.version ?? ''}`} />
      )}
    </Page>
  )
}
