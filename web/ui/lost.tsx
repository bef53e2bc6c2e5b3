import { Link } from '@tanstack/react-router'
import { Page } from './page.tsx'
import { useWording } from './wording.ts'

/** An address that leads nowhere. */
export function LostPage() {
  const { t } = useWording()
  return (
    <Page title={t('notFound.title')} lead={t('notFound.text')} narrow>
      <Link to="/">{t('notFound.home')}</Link>
    </Page>
  )
}
