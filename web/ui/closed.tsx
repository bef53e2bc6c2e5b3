import { Page } from './page.tsx'
import { useWording } from './wording.ts'

/** For every room while the company has not been set up. */
export function ClosedPage() {
  const { t } = useWording()
  return (
    <Page title={t('notOpen.title')} lead={t('notOpen.text')} narrow>
      <p className="caption">{t('notOpen.operator')}</p>
    </Page>
  )
}
