import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { type CatalogueField, useCatalogue } from '../ui/catalogue.ts'
import { Section } from '../ui/page.tsx'
import { Answered, Waiting } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { useHandover } from './handover.ts'
import {
  type Consent,
  fieldsOf,
  isLive,
  isTheirs,
  type OwnData,
  useConsents,
  useReturningFocus,
} from './own-data.ts'
import { useIsDrafted, ValueForm } from './value-form.tsx'

/** What the company would also like to know: asked, agreed to and not given yet; and what it asks without agreement. */
export function WantedValues({ data }: { data: OwnData }) {
  const { t } = useWording()
  const catalogue = useCatalogue()
  const consents = useConsents()
  if (catalogue.data === undefined) return null
  const missing = catalogue.data
    .filter(field => isTheirs(field) && field.level <= data.level)
    .filter(field => !data.values.some(value => value.field === field.code))
  if (missing.length === 0) return null
  return (
    <Section title={t('portal.data.wanted')}>
      <Answered query={consents}>
        {items => <Missing fields={missing} live={items.filter(isLive)} />}
      </Answered>
    </Section>
  )
}

function Missing({ fields, live }: { fields: CatalogueField[]; live: Consent[] }) {
  const { t, words } = useWording()
  const agreed = fieldsOf(live)
  const open = fields.filter(field => agreed.has(field.code))
  const closed = fields.filter(field => !agreed.has(field.code)).map(field => field.code)
  return (
    <>
      {open.length === 0 ? null : (
        <>
          <p className="caption wanted-lead">{t('portal.data.wantedText')}</p>
          <ul className="exhibits">
            {open.map(field => (
              <Wanted key={field.code} field={field} live={live} />
            ))}
          </ul>
        </>
      )}
      {closed.length === 0 ? null : (
        <p className="wanted-closed">
          {t('portal.data.unagreed', { fields: words('field', closed) })}{' '}
          <Link to="/agreements">{t('portal.data.toConsents')}</Link>
        </p>
      )}
    </>
  )
}

function Wanted({ field, live }: { field: CatalogueField; live: Consent[] }) {
  const { t, words, language } = useWording()
  const drafted = useIsDrafted(field.code)
  const handed = useHandover(field.code)
  const [opened, setGiving] = useState(drafted)
  const giving = opened || handed !== undefined
  const button = useReturningFocus(field.code)
  const label = field.label[language]
  const purposes = live.filter(one => one.fields.includes(field.code)).map(one => one.purpose)
  return (
    <li className="exhibit">
      {giving ? (
        <Suspense fallback={<Waiting />}>
          <ValueForm field={field} held={undefined} onDone={() => setGiving(false)} />
        </Suspense>
      ) : (
        <>
          <h3>{label}</h3>
          {field.help === null ? null : <p>{field.help[language]}</p>}
        </>
      )}
      <p className="caption">
        <span className="label">{t('portal.data.usedFor')}</span> {words('purpose', purposes)}
      </p>
      {giving ? null : (
        <div className="exhibit-acts">
          <Button
            ref={button}
            variant="default"
            size="compact-md"
            aria-label={`${t('portal.data.give')}: ${label}`}
            onClick={() => setGiving(true)}
          >
            {t('portal.data.give')}
          </Button>
        </div>
      )}
    </li>
  )
}
