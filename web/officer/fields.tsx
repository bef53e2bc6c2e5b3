import { Button } from '@mantine/core'
import { Link, useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { type CatalogueField, useCatalogue } from '../ui/catalogue.ts'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { useFieldWording } from './field-wording.ts'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The code of the field that was just saved. */
    saved?: string
  }
}

type Shown = 'all' | 'asked'

/** The catalogue of fields: what is asked of customers, by compartment. */
export function FieldsPage() {
  const { t } = useFieldWording()
  const navigate = useNavigate()
  const { show = 'all' } = useSearch({ strict: false }) as { show?: Shown }
  const catalogue = useCatalogue()
  const saved = useRouterState({ select: state => state.location.state.saved })
  const rows = catalogue.data?.length ?? 0
  // After the page has given the focus to its heading: here, since it comes after the page's own.
  useEffect(() => {
    if (saved !== undefined && rows > 0) document.getElementById(`field-${saved}`)?.focus()
  }, [saved, rows])
  return (
    <Page
      title={t('office.fields.title')}
      lead={t('office.fields.lead')}
      actions={
        <Button
          onClick={() => {
            tell(null)
            void navigate({ to: '/fields/new' })
          }}
        >
          {t('office.fields.add')}
        </Button>
      }
    >
      <p className="caption">{t('office.fields.told')}</p>
      <Answered query={catalogue}>
        {fields => <Catalogue fields={fields} show={show} saved={saved} />}
      </Answered>
    </Page>
  )
}

interface Listed {
  fields: CatalogueField[]
  /** The field that was just saved. */
  saved: string | undefined
}

function Catalogue({ fields, show, saved }: Listed & { show: Shown }) {
  const { t } = useFieldWording()
  const asked = fields.filter(field => field.asked !== 'no')
  const shown = show === 'asked' ? asked : fields
  return (
    <div className="catalogue">
      <Filter show={show} counts={{ all: fields.length, asked: asked.length }} />
      {shown.length === 0 ? (
        <Empty title={t('office.fields.none')} />
      ) : (
        <FieldTable fields={shown} saved={saved} />
      )}
    </div>
  )
}

function Filter({ show, counts }: { show: Shown; counts: Record<Shown, number> }) {
  const { t, number } = useFieldWording()
  const navigate = useNavigate()
  return (
    <fieldset className="spans">
      <legend className="hidden">{t('office.fields.filter.label')}</legend>
      {(['all', 'asked'] as const).map(one => (
        <button
          key={one}
          type="button"
          aria-pressed={one === show}
          onClick={() =>
            void navigate({ to: '/fields', search: one === 'all' ? {} : { show: one }, replace: true })
          }
        >
          {t(`office.fields.filter.${one}`, { number: number(counts[one]) })}
        </button>
      ))}
    </fieldset>
  )
}

/** In the order in which a customer meets them. */
const compartmentOrder = ['identity', 'contact', 'preferences', 'payment', 'health']

function byCompartment(fields: CatalogueField[]): [string, CatalogueField[]][] {
  const codes = [...new Set([...compartmentOrder, ...fields.map(field => field.compartment)])]
  return codes
    .map((code): [string, CatalogueField[]] => [code, fields.filter(field => field.compartment === code)])
    .filter(([, group]) => group.length > 0)
}

const columns = ['field', 'type', 'purposes', 'asked', 'editor', 'level', 'sensitive', 'versions'] as const

function FieldTable({ fields, saved }: Listed) {
  const { t, compartmentName } = useFieldWording()
  return (
    <table className="rows field-rows">
      <caption className="hidden">{t('office.fields.title')}</caption>
      <thead>
        <tr>
          {columns.map(column => (
            <th key={column} scope="col">
              {t(`office.fields.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      {byCompartment(fields).map(([compartment, group]) => (
        <tbody key={compartment}>
          <tr className="group">
            <th scope="rowgroup" colSpan={columns.length}>
              {compartmentName(compartment)}
            </th>
          </tr>
          {group.map(field => (
            <FieldRow key={field.code} field={field} saved={field.code === saved} />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function FieldRow({ field, saved }: { field: CatalogueField; saved: boolean }) {
  const { t, words, language, typeName, askedText } = useFieldWording()
  const { code, type, version } = field
  const label = field.label[language]
  const said = (column: (typeof columns)[number]) => t(`office.fields.column.${column}`)
  return (
    <tr className={field.asked === 'no' ? 'unasked' : undefined}>
      <th scope="row" data-label={said('field')}>
        {type === null ? (
          label
        ) : (
          <Link to="/fields/$code" params={{ code }} id={`field-${code}`} onClick={() => tell(null)}>
            {label}
          </Link>
        )}{' '}
        {saved ? <span className="state-word state-active">{t('office.fields.justSaved')}</span> : null}
        <code className="field-code">{code}</code>
      </th>
      <td data-label={said('type')}>{type === null ? t('office.fields.record') : typeName(type)}</td>
      <td data-label={said('purposes')}>{words('purpose', field.purposes)}</td>
      <td data-label={said('asked')} className={type === null ? 'nothing' : undefined}>
        {type === null ? '–' : askedText(field)}
      </td>
      <td data-label={said('editor')}>{t(`office.fields.short.editor.${field.editor}`)}</td>
      <td data-label={said('level')} className={type === null ? 'nothing' : undefined}>
        {type === null ? '–' : t(`office.fields.short.level.${field.level === 1 ? '1' : '0'}`)}
      </td>
      <td data-label={said('sensitive')} className={field.sensitive || field.sealed ? undefined : 'nothing'}>
        {field.sensitive ? <span className="state-word">{t('office.fields.yes')}</span> : null}{' '}
        {field.sealed ? <span className="state-word">{t('office.fields.mark.yes')}</span> : null}
        {field.sensitive || field.sealed ? null : '–'}
      </td>
      <td data-label={said('versions')}>
        <Link
          to="/fields/$code/versions"
          params={{ code }}
          aria-label={`${version}: ${t('office.fields.versionsOf', { label })}`}
          onClick={() => tell(null)}
        >
          {version}
        </Link>
      </td>
    </tr>
  )
}
