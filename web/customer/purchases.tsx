import type { Reply } from '../ui/api.ts'
import { Empty } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

type Purchase = Reply<'/api/v1/portal/data'>['purchases'][number]

/** My purchases, an invoice each, closed until opened since there may be hundreds. */
export function Purchases({ purchases }: { purchases: Purchase[] }) {
  const { t, day, word } = useWording()
  if (purchases.length === 0) return <Empty title={t('portal.data.noPurchases')} />
  return (
    <div className="purchases">
      {purchases.map(purchase => (
        <details key={purchase.id} className="purchase">
          <summary>
            <span>{t('portal.data.invoice', { invoice: purchase.invoice })}</span>
            <span className="caption">
              {day(purchase.made_at)} · {word('source', purchase.source)}
            </span>
          </summary>
          <Lines purchase={purchase} />
        </details>
      ))}
    </div>
  )
}

function Lines({ purchase }: { purchase: Purchase }) {
  const { t, number, money } = useWording()
  return (
    <table className="rows">
      <caption className="hidden">{t('portal.data.invoice', { invoice: purchase.invoice })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('portal.data.line.item')}</th>
          <th scope="col" className="figure">
            {t('portal.data.line.quantity')}
          </th>
          <th scope="col" className="figure">
            {t('portal.data.line.price')}
          </th>
        </tr>
      </thead>
      <tbody>
        {purchase.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an invoice may hold the same line twice, in a fixed order
          <tr key={index}>
            <th scope="row" data-label={t('portal.data.line.item')}>
              {line.description}
            </th>
            <td className="figure" data-label={t('portal.data.line.quantity')}>
              {number(line.quantity)}
            </td>
            <td className="figure" data-label={t('portal.data.line.price')}>
              {money(line.unit_price)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
