import { Empty } from './states.tsx'
import { useWording } from './wording.ts'

/** An invoice as it is kept; the customer's own page knows its id and source besides. */
export interface Purchase {
  /** Where it can be named: in a task. */
  id?: string
  invoice: string
  made_at: string
  source?: string
  lines: {
    code: string
    description: string
    quantity: number
    unit_price: { amount: number; currency: string; exponent?: number | undefined }
  }[]
}

/** True when a value that was read is purchases. */
export const arePurchases = (value: unknown): value is Purchase[] =>
  Array.isArray(value) && value.every(one => Array.isArray((one as { lines?: unknown } | null)?.lines))

/** Purchases, an invoice each, closed until opened since there may be hundreds. */
export function Purchases({ purchases }: { purchases: Purchase[] }) {
  const { t, day, word } = useWording()
  if (purchases.length === 0) return <Empty title={t('purchases.none')} />
  return (
    <div className="purchases">
      {purchases.map(purchase => (
        <details key={`${purchase.source} ${purchase.invoice}`} className="purchase">
          <summary>
            <span>{t('purchases.invoice', { invoice: purchase.invoice })}</span>
            <span className="caption">
              {day(purchase.made_at)}
              {purchase.source === undefined ? null : ` · ${word('source', purchase.source)}`}
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
      <caption className="hidden">{t('purchases.invoice', { invoice: purchase.invoice })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('purchases.item')}</th>
          <th scope="col" className="figure">
            {t('purchases.quantity')}
          </th>
          <th scope="col" className="figure">
            {t('purchases.price')}
          </th>
        </tr>
      </thead>
      <tbody>
        {purchase.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an invoice may hold the same line twice, in a fixed order
          <tr key={index}>
            <th scope="row" data-label={t('purchases.item')}>
              {line.description}
            </th>
            <td className="figure" data-label={t('purchases.quantity')}>
              {number(line.quantity)}
            </td>
            <td className="figure" data-label={t('purchases.price')}>
              {money(line.unit_price)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
