import type { ReactNode } from 'react'
import type { ItemOf } from './api.ts'
import { isAddress, plainAddress } from './datum-value.tsx'
import { useWording } from './wording.ts'

export type KeptDocument = ItemOf<'/api/v1/work/tasks/{id}/documents'>
type Content = NonNullable<KeptDocument['content']>

/** How a document is called: by its kind, its number, and whether it corrects another. */
export function useDocumentTitle() {
  const { t, language } = useWording()
  return ({ name, number, part }: Pick<KeptDocument, 'name' | 'number' | 'part'>): string =>
    [name[language], t('document.number', { number }), part === 0 ? null : t('document.correction', { part })]
      .filter(one => one !== null)
      .join(' · ')
}

/** A document that the law makes the company keep: by which law, why, until when, and what it holds. */
export function DocumentCard({ document, children }: { document: KeptDocument; children?: ReactNode }) {
  const { t, language, day, moment } = useWording()
  const title = useDocumentTitle()
  const { reason, law, why, issued_at, until, content } = document
  return (
    <li className="card">
      <h3>{title(document)}</h3>
      <dl className="kept-facts">
        <Fact term={t('document.law')}>{law[language]}</Fact>
        <Fact term={t('document.why')}>{why[language]}</Fact>
        <Fact term={t('document.issued')}>
          {moment(issued_at)}
          {reason === null ? null : ` (${t(`document.reason.${reason}`)})`}
        </Fact>
        <Fact term={t('document.until')}>{day(until)}</Fact>
      </dl>
      <details>
        <summary>{t('document.content')}</summary>
        {content === null ? <p>{t('document.gone')}</p> : <Held content={content} />}
      </details>
      {children}
    </li>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const order = [
  ...(['number', 'issued_on', 'buyer_name', 'buyer_address', 'buyer_tax_code'] as const),
  ...(['buyer_vat_number', 'goods', 'vat_rate'] as const),
]

function Held({ content }: { content: Content }) {
  const { t } = useWording()
  return (
    <dl className="kept-facts">
      {order
        .filter(field => content[field] !== undefined)
        .map(field => (
          <Fact key={field} term={t(`document.field.${field}`)}>
            <Part field={field} content={content} />
          </Fact>
        ))}
    </dl>
  )
}

function Part({ field, content }: { field: (typeof order)[number]; content: Content }) {
  const wording = useWording()
  const { t, date, money, number } = wording
  if (field === 'issued_on') return date(content.issued_on ?? '')
  if (field === 'vat_rate') return t('document.percent', { rate: content.vat_rate })
  if (field === 'buyer_address')
    return isAddress(content.buyer_address) ? (
      <span className="kept-address">{plainAddress(content.buyer_address, wording)}</span>
    ) : (
      String(content.buyer_address)
    )
  if (field !== 'goods') return content[field]
  const goods = content.goods ?? []
  if (goods.length === 0) return t('document.noGoods')
  return (
    <ul className="kept-goods">
      {goods.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a document may hold the same line twice, in a fixed order
        <li key={at}>
          {t('document.good', {
            quantity: number(line.quantity),
            what: line.description,
            price: money(line.unit_price),
          })}
        </li>
      ))}
    </ul>
  )
}
