import { useCompany } from '../ui/company.ts'
import { Copy } from '../ui/copy.tsx'
import { Section } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'

/** The keys that check the company's log and receipts, folded away at the foot of a page that is for everybody. */
export function FoldedKeys() {
  const { t } = useWording()
  const company = useCompany()
  if (company.data?.keys == null) return null
  return (
    <details className="folded">
      <summary>{t('portal.keys.title')}</summary>
      <PublicKeys file="receipt.json" keys={company.data.keys} />
    </details>
  )
}

/** The same beside a receipt, whose file they check. */
export function KeySection({ file }: { file: string }) {
  const { t } = useWording()
  const company = useCompany()
  if (company.data?.keys == null) return null
  return (
    <Section title={t('portal.keys.title')}>
      <PublicKeys file={file} keys={company.data.keys} />
    </Section>
  )
}

function PublicKeys({ file, keys }: { file: string; keys: { log: string; receipts: string } }) {
  const { t } = useWording()
  const command = `npx custode receipt verify ${file} --key ${keys.log} --receipt-key ${keys.receipts}`
  return (
    <div className="keys">
      <p>{t('portal.keys.text')}</p>
      <Line name={t('portal.keys.log')} text={keys.log} />
      <Line name={t('portal.keys.receipts')} text={keys.receipts} />
      <Line name={t('portal.keys.command')} text={command} />
    </div>
  )
}

function Line({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <div className="section-head">
        <span className="label">{name}</span>
        <Copy text={text} what={name} />
      </div>
      <p className="code-line">{text}</p>
    </div>
  )
}
