import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, asProblem, type ItemOf } from '../ui/api.ts'
import { DocumentCard, useDocumentTitle } from '../ui/kept-document.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

type Document = ItemOf<'/api/v1/portal/documents'>

/** What the law makes the company keep of me: by which law, until when, and who has read it. */
export function DocumentsPage() {
  const { t } = useWording()
  const documents = useQuery({
    queryKey: ['portal-documents'],
    queryFn: () => answer(api.GET('/api/v1/portal/documents')),
    // Each look is an entry in the document's record.
    staleTime: 60_000,
  })
  return (
    <Page title={t('portal.documents.title')} lead={t('portal.documents.lead')}>
      <p>
        {t('portal.documents.ask')} <Link to="/questions">{t('portal.pages.questions')}</Link>
      </p>
      <Answered query={documents}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('portal.documents.none')}>{t('portal.documents.noneText')}</Empty>
          ) : (
            <Documents items={items} />
          )
        }
      </Answered>
    </Page>
  )
}

function Documents({ items }: { items: Document[] }) {
  const { t, word, moment } = useWording()
  return (
    <ul className="cards">
      {items.map(document => (
        <DocumentCard key={document.id} document={document}>
          <h4>{t('portal.documents.looked')}</h4>
          {document.readings.length === 0 ? <p className="caption">{t('portal.documents.nobody')}</p> : null}
          <ul className="lines">
            {document.readings.map(({ index, time, actor: { name, role } }) => (
              <li key={index}>
                {t('portal.documents.line', {
                  who: name === null ? word('role', role) : name,
                  when: moment(time),
                })}
              </li>
            ))}
          </ul>
        </DocumentCard>
      ))}
    </ul>
  )
}

/** What stays when somebody leaves, in a sentence. */
export function StaysByLaw({
  document,
}: {
  document: Pick<Document, 'name' | 'number' | 'part' | 'until' | 'law'>
}) {
  const { t, day, language } = useWording()
  const title = useDocumentTitle()
  return (
    <li>
      {t('portal.documents.stays', {
        title: title(document),
        until: day(document.until),
        law: document.law[language],
      })}
    </li>
  )
}

/** For who has left: the documents that the link of their receipt opens. Nothing where there are none. */
export function DocumentsByLink({ link }: { link: string }) {
  const { t } = useWording()
  const documents = useQuery({
    queryKey: ['documents-by-link', link],
    queryFn: () => answer(api.POST('/api/v1/document-views', { body: { link } })),
    staleTime: 60_000,
  })
  // Who has no such link hears of it beside.
  if (documents.isError && asProblem(documents.error).status === 404) return null
  if (documents.data?.items.length === 0) return null
  return (
    <Section title={t('portal.documents.left')}>
      <p>{t('portal.documents.leftText')}</p>
      <Answered query={documents}>{({ items }) => <Documents items={items} />}</Answered>
    </Section>
  )
}
