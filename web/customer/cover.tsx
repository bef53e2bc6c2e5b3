import { useWording } from '../ui/wording.ts'

/** What stands in the place of a sensitive value until it is shown: as long whatever it hides. */
export function Cover() {
  const { t } = useWording()
  return (
    <>
      <span aria-hidden="true">••••••••</span>
      <span className="hidden">{t('portal.data.covered')}</span>
    </>
  )
}
