import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../ui/api.ts'
import { Copy } from '../ui/copy.tsx'
import { download } from '../ui/download.ts'
import { tell } from '../ui/notice.tsx'
import { Page, Section } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'
import { DestructionSteps } from './destruction.tsx'
import { StaysByLaw } from './documents.tsx'
import { forgetHeldLog } from './held-log.ts'
import { keptWhat } from './my-data.tsx'
import { KeySection } from './public-keys.tsx'

type Receipts = Reply<'/api/v1/portal/withdrawals', 'post'>
type Receipt = Receipts['receipt']

const key = 'custode-receipt'

/** Keeps the receipts, of a record that rested too, for this tab alone: the server gives it once, and a reload must not lose it. */
export function rememberReceipts(receipts: Receipts): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(receipts))
  } catch {
    // Without storage it lives in the page below, until that is left.
  }
  given = receipts
  forgetHeldLog((JSON.parse(receipts.receipt.entry.body) as { subject: string }).subject)
}

let given: Receipts | null = null

function recallReceipts(): Receipts | null {
  if (given !== null) return given
  try {
    const kept = sessionStorage.getItem(key)
    return kept === null ? null : (JSON.parse(kept) as Receipts)
  } catch {
    return null
  }
}

/** After leaving: the receipt, how far the destruction is, and the link to look it up later. */
export function LeftPage() {
  const { t, word, day } = useWording()
  const [receipts] = useState(recallReceipts)
  if (receipts === null) {
    return (
      <Page title={t('portal.left.none')} lead={t('portal.left.noneText')} narrow>
        <Link to="/">{t('portal.left.again')}</Link>
      </Page>
    )
  }
  const { receipt, resting } = receipts
  const link = `${window.location.origin}/destruction#${receipt.link}`
  const file = `custode-receipt-${receipt.at.slice(0, 10)}.json`
  return (
    <Page title={t('portal.left.title')} lead={t('portal.left.lead')}>
      <Button
        onClick={() => {
          download(file, receipt)
          tell(t('portal.left.downloaded'))
        }}
      >
        {t('portal.left.download')}
      </Button>
      {resting == null ? null : <OfTheOther receipt={resting} />}
      <DestructionSteps steps={{ ...receipt.destruction, slots: receipt.slots.length }} />
      <Section title={t('portal.left.kept')}>
        <ul className="lines">
          {receipt.kept.map(kept =>
            kept.what === 'document' ? (
              <StaysByLaw key={kept.id} document={kept} />
            ) : (
              <li key={kept.what}>
                {t('portal.left.keptText', {
                  what: keptWhat(t, kept.what),
                  until: day(kept.until),
                  why: word('why', kept.why),
                })}
              </li>
            ),
          )}
        </ul>
      </Section>
      <Section title={t('portal.left.link')} aside={<Copy text={link} what={t('portal.left.linkName')} />}>
        <p>{t('portal.left.linkText')}</p>
        <p className="code-line">{link}</p>
      </Section>
      <KeySection file={file} />
      <p>
        <Link to="/">{t('portal.left.again')}</Link>
      </p>
    </Page>
  )
}

/** Of a record of mine that rested and went with this one. */
function OfTheOther({ receipt }: { receipt: Receipt }) {
  const { t } = useWording()
  const file = `custode-receipt-${receipt.at.slice(0, 10)}-2.json`
  return (
    <Button
      variant="default"
      onClick={() => {
        download(file, receipt)
        tell(t('portal.left.downloaded'))
      }}
    >
      {t('portal.merging.otherReceipt')}
    </Button>
  )
}
